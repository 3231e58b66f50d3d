import assert from "node:assert/strict";
import { releasesOfCommit } from "../../src/release/readRelease.ts";
import type { StoredDocument, StoreReader } from "../../src/state/store.ts";

const place = { repo: "shop", file: "a.ocu.star" };

/** A store with 1,000 releases of a file, each of a commit of its own, that counts what is read. */
class ManyReleases {
  reads = 0;
  readonly #refs = new Set<string>();

  constructor(recorded: (number: number) => boolean) {
    for (let number = 1; number <= 1000; number++) {
      this.#refs.add(`shop/-/a.ocu.star/@r${number}/commit/c${number}`);
      if (recorded(number)) this.#refs.add(`shop/-/repo.ocu.star/@c${number}`);
    }
  }

  async children(): Promise<string[]> {
    return Array.from({ length: 1000 }, (_, index) => `@r${index + 1}`);
  }

  async read(ref: string): Promise<StoredDocument | undefined> {
    this.reads++;
    return this.#refs.has(ref) ? { kind: "ref", bodyType: "marker", links: [], body: null } : undefined;
  }

  async of(commit: string): Promise<number[]> {
    return await releasesOfCommit(this as unknown as StoreReader, place, commit);
  }
}

describe("releases of a commit", () => {
  it("are found wherever they stand", async () => {
    const store = new ManyReleases(() => true);
    assert.deepEqual(await store.of("c1000"), [1000]);
    assert.deepEqual(await store.of("c3"), [3]);
  });

  it("cost no more with many releases, for a commit that is new", async () => {
    const store = new ManyReleases(() => true);
    assert.deepEqual(await store.of("new"), []);
    assert.ok(store.reads < 60, `${store.reads} documents were read`);
  });

  it("are found among the newest also when nothing recorded the commit", async () => {
    assert.deepEqual(await new ManyReleases(() => false).of("c990"), [990]);
  });
});
