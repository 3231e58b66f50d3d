import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openFileStore, type Store } from "@ocuroot/engine";
import {
  type ReleasesResult,
  type RunLogResult,
  releasesRequest,
  type StateDocumentResult,
} from "../src/protocol/index.ts";
import { TestClient } from "./client.ts";
import { fixtures, makeFolder } from "./harness.ts";

const file = "myapp/-/release.ocu.star";
const time = { time: "2026-01-02T03:04:05Z" };
const build = { name: "build", pos: "release.ocu.star:3:1" };

/** Writes a release of the seed's package whose build ended as given (spec 3.2). */
async function writeRelease(store: Store, number: number, status: "complete" | "failed", tag: string): Promise<void> {
  const release = `${file}/@r${number}`;
  const run = `${release}/task/build/1`;
  await store.transact("release", (tx) => {
    const task = { task: { name: "build", inputs: {}, fn: build } };
    const body = { commit: "abc", package: { functions: {}, phases: [{ name: "", tasks: [task] }] } };
    tx.set(release, "release", body);
    tx.set(`${release}/commit/abc`, "marker", time);
    const functions = [{ fn: build, dependencies: [], inputs: {} }];
    const output = { tag, build_number: number };
    const annotation = `published ${tag} with AKIAIOSFODNN7EXAMPLE`;
    tx.set(run, "run", { type: "task", release, functions, output, annotation });
    tx.set(`${run}/status/${status}`, "marker", time);
    const entry = { timestamp: time.time, message: "building", attributes: {}, stream: "stdout" };
    tx.set(`${run}/logs`, "log", [entry, { ...entry, message: "built" }]);
    if (status !== "complete") return;
    tx.set(`${release}/task/build`, "work", { run_ref: run, type: "task", release, input: {}, output });
    tx.link(`${file}/@/task/build`, `${release}/task/build`);
  });
}

describe("state in the editor", () => {
  let client: TestClient;
  let store: Store;
  let uri: string;
  let repository: string;

  before(async () => {
    const folder = makeFolder();
    cpSync(join(fixtures, "repos/seed"), folder, { recursive: true });
    store = await openFileStore(join(folder, ".ocuroot/store/state"), { kind: "state" });
    await store.transact("environments", (tx) => {
      for (const name of ["staging", "canary"])
        tx.set(`@/environment/${name}`, "environment", { name, attributes: { type: "staging" } });
      tx.set(`${file}/@/custom/credential/staging`, "custom", "s3");
    });
    await writeRelease(store, 9, "complete", "myapp:9");
    client = await TestClient.start(folder);
    const text = readFileSync(join(folder, "release.ocu.star"), "utf8");
    uri = await client.open(join(folder, "release.ocu.star"), text);
    repository = uri.slice(0, uri.lastIndexOf("/"));
    await client.until(() => client.graphs.get(uri)?.release?.name === "r9", "the graph with a release");
  });

  after(async () => {
    assert.deepEqual(client.logged, []);
    await client.stop();
    await store.close();
  });

  it("tells what work says of its result, without what looks like a secret", async () => {
    const { repositories } = await client.connection.sendRequest<ReleasesResult>(releasesRequest, { limit: 1 });
    const [work] = repositories[0]!.packages.flatMap((each) => each.releases.flatMap(({ phases }) => phases))[0]!.work;
    assert.equal(work!.attempts[0]!.annotation, "published myapp:9 with <secret>");
  });

  it("gives the graph its environments and statuses", async () => {
    await client.until(
      () => client.graphs.get(uri)?.phases.flatMap((each) => each.cards).length === 3,
      "environments from state",
    );
    const graph = client.graphs.get(uri);
    assert.equal(graph?.environmentsNotReleased, false);
    assert.deepEqual(
      graph?.phases.flatMap((phase) => phase.cards.map((card) => [card.id, card.status])),
      [
        ["task/build", "complete"],
        ["deploy/canary", undefined],
        ["deploy/staging", undefined],
      ],
    );
    assert.equal(graph?.phases[0]?.cards[0]?.runRef, `${file}/@r9/task/build/1`);
  });

  it("shows values in graph and hover", async () => {
    const value = () => client.graphs.get(uri)?.phases[1]?.cards[0]?.inputs[0]?.value;
    await client.until(() => value() === "myapp:9", "the input's value");
    const text = readFileSync(join(fixtures, "repos/seed/release.ocu.star"), "utf8").split("\n");
    const line = text.findIndex((each) => each.includes("build#output/tag"));
    const position = { line, character: (text[line]?.indexOf("build#") ?? 0) + 2 };
    const hover = (await client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position })) as {
      contents: { value: string };
    };
    assert.match(hover.contents.value, /Now: `myapp:9` \(from r9\)/);
    const completion = { textDocument: { uri }, position: { line, character: text[line]?.indexOf('tag"),') ?? 0 } };
    const items = (await client.connection.sendRequest("textDocument/completion", completion)) as {
      label: string;
      detail?: string;
    }[];
    assert.equal(items.find((each) => each.label === "tag")?.detail, "myapp:9 (r9)");
  });

  it("lists releases, newest first by number", async () => {
    await writeRelease(store, 10, "failed", "myapp:10");
    await client.until(() => client.graphs.get(uri)?.release?.name === "r10", "the new release");
    assert.equal(client.graphs.get(uri)?.phases[0]?.cards[0]?.status, "failed");
    assert.ok(client.stateChanges.includes(repository));
    const { repositories } = (await client.connection.sendRequest("ocuroot/releases", { limit: 1 })) as ReleasesResult;
    assert.equal(repositories[0]?.name, "myapp");
    const released = repositories[0]?.packages.find((each) => each.file === "release.ocu.star");
    assert.deepEqual(
      released?.releases.map((each) => [each.name, each.status, each.phases.length]),
      [["r10", "failed", 1]],
    );
    assert.equal(released?.moreReleases, 1);
    assert.equal(released?.uri, uri);
    assert.deepEqual(
      repositories[0]?.environments.map((each) => each.name),
      ["canary", "staging"],
    );
  });

  it("gives out documents and logs", async () => {
    const document = (ref: string) =>
      client.connection.sendRequest("ocuroot/stateDocument", { repository, ref }) as Promise<StateDocumentResult>;
    assert.deepEqual(JSON.parse((await document(`${file}/@/task/build`)).text ?? "").output, {
      tag: "myapp:9",
      build_number: 9,
    });
    assert.equal(
      (await document("release.ocu.star/@/task/build")).text,
      (await document(`${file}/@r9/task/build`)).text,
    );
    assert.equal((await document("@/environment/nowhere")).text, null);
    assert.equal((await document("///")).text, null);
    const log = (await client.connection.sendRequest("ocuroot/runLog", {
      repository,
      ref: `${file}/@r9/task/build`,
    })) as RunLogResult;
    assert.deepEqual(log, { text: "building\nbuilt\n", finished: true });
    const whole = (await client.connection.sendRequest("ocuroot/runLog", {
      repository,
      ref: `${file}/@r9`,
    })) as RunLogResult;
    assert.match(whole.text, /^── task build · done.* ──\nbuilding\nbuilt\n$/);
  });

  it("names a damaged document instead of failing", async () => {
    const { writeFileSync } = await import("node:fs");
    const folder = new URL(repository).pathname;
    writeFileSync(join(folder, ".ocuroot/store/state/refs", `${file}/@r10/@object.json`), "{");
    const { repositories } = (await client.connection.sendRequest("ocuroot/releases", { limit: 2 })) as ReleasesResult;
    const releases = repositories[0]?.packages.find((each) => each.file === "release.ocu.star")?.releases;
    assert.equal(releases?.length, 2);
    assert.match(releases?.[0]?.news ?? "", /@r10/);
  });
});

describe("releases, asked for right after the start", () => {
  it("are those of all repositories, not of those that are listed by then", async () => {
    const folder = makeFolder();
    for (const name of ["one", "two"]) cpSync(join(fixtures, "repos/seed"), join(folder, name), { recursive: true });
    const client = await TestClient.start(folder);
    const { repositories } = await client.connection.sendRequest<ReleasesResult>(releasesRequest, {});
    assert.deepEqual(repositories.map(({ uri }) => uri.split("/").at(-1)).sort(), ["one", "two"]);
    await client.stop();
  });
});
