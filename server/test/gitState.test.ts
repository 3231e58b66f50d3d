import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { openStateStores, type StateStores } from "@ocuroot/engine";
import type { ReleasesResult } from "../src/protocol/index.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

const file = "r/-/a.ocu.star";

/** A release that has done its only work. */
const release = (stores: StateStores, number: number) =>
  stores.state.transact(`r${number}`, (tx) => {
    const ref = `${file}/@r${number}`;
    const fn = { name: "build", pos: "a.ocu.star:3:1" };
    const tasks = [{ task: { name: "build", inputs: {}, fn } }];
    tx.set(`${ref}/task/build/1`, "run", {
      type: "task",
      release: ref,
      functions: [{ fn, dependencies: [], inputs: {} }],
    });
    tx.set(`${ref}/task/build/1/status/complete`, "marker", { time: "2026-01-02T03:04:05Z" });
    tx.set(ref, "release", { commit: "abc", package: { functions: {}, phases: [{ name: "", tasks }] } });
    tx.set(`${ref}/commit/abc`, "marker", { time: "2026-01-02T03:04:05Z" });
  });

describe("state of a git store in the editor", function () {
  this.timeout(60_000);
  let remote: string;
  let home: string;
  let repository: string;
  let client: TestClient | undefined;
  const before_ = process.env.OCUROOT_HOME;
  beforeEach(() => {
    const folder = makeFolder();
    remote = join(folder, "state.git");
    mkdirSync(remote);
    execFileSync("git", ["init", "-q", "--bare", remote]);
    home = join(folder, "home");
    process.env.OCUROOT_HOME = home;
    repository = makeFolder({
      "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("r")\nstore.set(store.git("${remote}", branch="state"))\n`,
      "a.ocu.star": 'ocuroot("0.3.0")\n\ndef build(ctx):\n    return done()\n\ntask(build, name="build")\n',
    });
  });
  afterEach(async () => {
    await client?.stop();
    client = undefined;
    if (before_ === undefined) delete process.env.OCUROOT_HOME;
    else process.env.OCUROOT_HOME = before_;
  });

  /** What a command on a machine does with the store: this one's clone, unless another home is given. */
  async function asMachine(ownHome: string, act: (stores: StateStores) => Promise<unknown>): Promise<void> {
    const state = { kind: "git", remoteUrl: remote, branch: "state", createBranch: true, supportFiles: {} } as const;
    const stores = await openStateStores({ state, isDefault: false }, repository, { home: ownHome });
    await act(stores);
    await stores.close();
  }

  const names = async (): Promise<string[]> => {
    const { repositories } = (await client?.connection.sendRequest("ocuroot/releases", {
      limit: 10,
    })) as ReleasesResult;
    return repositories.flatMap((each) => each.packages.flatMap((one) => one.releases.map((other) => other.name)));
  };

  async function shows(...wanted: string[]): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (let found = await names(); found.join() !== wanted.join(); found = await names()) {
      assert.ok(Date.now() < deadline, `${found} instead of ${wanted}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("is shown as this machine last saw it, also when the remote is out of reach", async () => {
    await asMachine(home, (stores) => release(stores, 1));
    renameSync(remote, `${remote}.away`);
    client = await TestClient.start(repository);
    await shows("r1");
    assert.deepEqual(client.logged, []);
  });

  it("follows what commands write, and what they bring from other machines", async () => {
    await asMachine(home, (stores) => release(stores, 1));
    client = await TestClient.start(repository);
    await shows("r1");
    await asMachine(home, (stores) => release(stores, 2));
    await shows("r2", "r1");
    await asMachine(join(home, "other"), (stores) => release(stores, 3));
    assert.deepEqual(await names(), ["r2", "r1"], "the editor asks no remote by itself");
    // Any command fetches when it starts.
    await asMachine(home, async () => {});
    await shows("r3", "r2", "r1");
    assert.deepEqual(client.logged, []);
  });

  it("shows up when the first command makes the clone", async () => {
    client = await TestClient.start(repository);
    await shows();
    await asMachine(home, (stores) => release(stores, 1));
    await shows("r1");
    assert.deepEqual(client.logged, []);
  });
});
