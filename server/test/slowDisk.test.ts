import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "@ocuroot/engine";
import type { ReleasesResult, RepositoryState } from "../src/protocol/index.ts";
import { makeFolder } from "./harness.ts";
import { RawClient } from "./rawClient.ts";

const text = 'def build():\n    return done(outputs={"tag": "1"})\n\ntask(build, name="build")\n';
const requests =
  "documentSymbol codeLens documentLink foldingRange semanticTokens/full semanticTokens/range formatting inlayHint codeAction selectionRange hover completion signatureHelp definition references documentHighlight rename prepareCallHierarchy".split(
    " ",
  );

describe("a state store that does not answer", () => {
  let client: RawClient | undefined;

  const writers: ChildProcess[] = [];

  afterEach(() => {
    client?.kill();
    for (const each of writers.splice(0)) each.kill();
  });

  /** Whoever reads a pipe that nobody writes to waits, as for a file server that is gone. Returns the pipes with their texts. */
  function makeSlow(path: string): Map<string, string> {
    const pipes = new Map<string, string>();
    for (const each of readdirSync(path, { recursive: true, encoding: "utf8" })) {
      if (!each.endsWith("@object.json")) continue;
      const pipe = join(path, each);
      pipes.set(pipe, readFileSync(pipe, "utf8"));
      rmSync(pipe);
      spawnSync("mkfifo", [pipe]);
    }
    return pipes;
  }

  async function makeRepository(name: string): Promise<{ readonly folder: string; readonly store: string }> {
    const folder = makeFolder({ "repo.ocu.star": `repo_alias("${name}")\n`, "release.ocu.star": text });
    const path = join(folder, ".ocuroot/store/state");
    const store = await openFileStore(path, { kind: "state" });
    await store.transact("environments", (tx) => {
      for (const each of ["a", "b", "c", "d", "e", "f"])
        tx.set(`@/environment/${each}`, "environment", { name: each, attributes: {} });
    });
    await store.close();
    return { folder, store: path };
  }

  it("holds up no other: their state is shown, folders are added, and its own comes when it answers", async function () {
    if (process.platform === "win32") return; // It has no pipes of that kind.
    this.timeout(30_000);
    const slow = await Promise.all(["x", "y", "z"].map(makeRepository));
    const pipes = slow.map(({ store }) => makeSlow(store));
    const { folder } = await makeRepository("quick");
    const later = await makeRepository("later");
    const uriOf = (path: string): string => `file://${path}`;
    const folders = [...slow.map((each) => each.folder), folder].map((each) => ({ uri: uriOf(each), name: each }));
    client = await RawClient.initialized(folder, { workspaceFolders: folders });
    const ask = async (): Promise<Map<string, RepositoryState>> => {
      const { result } = await (client as RawClient).request("ocuroot/releases", { limit: 5 });
      return new Map((result as ReleasesResult).repositories.map((each) => [each.name, each]));
    };
    const first = await ask();
    assert.equal(first.get("quick")?.environments.length, 6);
    for (const name of ["x", "y", "z"]) {
      assert.match(first.get(name)?.problem ?? "", /does not answer/, name);
      assert.deepEqual(
        first.get(name)?.packages.map((each) => each.file),
        ["release.ocu.star"],
      );
    }
    const added = [{ uri: uriOf(later.folder), name: "later" }];
    client.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed: [] } });
    // Its files are read at once; its store when a thread is left for it.
    const symbols = await client.request("workspace/symbol", { query: "build" });
    assert.ok(JSON.stringify(symbols.result).includes(later.folder));
    // The file server is there again.
    for (const [path, content] of pipes.flatMap((each) => [...each])) {
      const pipe = `${path}.pipe`;
      renameSync(path, pipe);
      writeFileSync(path, content);
      // Those that nobody reads wait for ever.
      writers.push(spawn("sh", ["-c", 'printf %s "$1" > "$0"', pipe, content], { stdio: "ignore" }));
    }
    for (;;) {
      const found = await ask();
      const isThere = ["x", "y", "z", "quick", "later"].every((name) => found.get(name)?.environments.length === 6);
      if (isThere) break;
    }
  });

  it("holds nothing up: requests are answered, what is cancelled is given up, and the server ends", async function () {
    if (process.platform === "win32") return; // It has no pipes of that kind.
    this.timeout(20_000);
    const folder = makeFolder({ "repo.ocu.star": "", "release.ocu.star": text });
    const path = join(folder, ".ocuroot/store/state");
    const store = await openFileStore(path, { kind: "state" });
    await store.transact("environments", (tx) => {
      for (const name of ["a", "b", "c", "d", "e", "f"])
        tx.set(`@/environment/${name}`, "environment", { name, attributes: {} });
    });
    await store.close();
    makeSlow(path);
    client = await RawClient.initialized(folder);
    const uri = `file://${folder}/release.ocu.star`;
    const document = { uri, languageId: "ocuroot", version: 1, text };
    client.notify("textDocument/didOpen", { textDocument: document });
    await client.find(({ method }) => method === "textDocument/publishDiagnostics", "diagnostics");
    const releases = client.begin("ocuroot/releases", { limit: 10 });
    const symbols = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
    assert.ok(JSON.stringify(symbols.result).includes("build"));
    // Nothing that a person asks for while typing waits for state.
    const position = { line: 4, character: 8 };
    const more = { context: { diagnostics: [], includeDeclaration: true }, options: {}, previousResultId: "x" };
    for (const method of requests) {
      const range = { start: position, end: position };
      const params = { textDocument: { uri }, position, range, positions: [position], newName: "x", ch: "\n" };
      const { error } = await client.request(`textDocument/${method}`, { ...params, ...more });
      assert.ok(error === undefined || error.code === -32803, `${method}: ${error?.message}`);
    }
    client.notify("$/cancelRequest", { id: releases });
    assert.equal((await client.answer(releases)).error?.code, -32800);
    assert.equal((await client.request("shutdown")).error, undefined);
    client.notify("exit");
    await client.exited;
  });
});
