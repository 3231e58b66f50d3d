import assert from "node:assert/strict";
import { join } from "node:path";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { uriOfPath } from "../src/paths.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

const files = {
  "repo.ocu.star": 'repo_alias("a")\n',
  "good.ocu.star": 'def f():\n    return done()\n\ntask(f, name="f")\n',
  "bad.ocu.star": 'load("lib.star", "make")\n\nx = make(versoin)\n',
  "lib.star": "def make(a):\n    return a\n",
};

interface Report {
  readonly kind: "full" | "unchanged";
  readonly resultId: string;
  readonly uri: string;
  readonly items?: readonly Diagnostic[];
}

describe("diagnostics that are asked for", () => {
  let folder: string;
  let client: TestClient;
  const codes = (items: readonly Diagnostic[] = []): unknown[] => items.map((each) => each.code);
  const start = async (options: Parameters<typeof TestClient.start>[1] = {}): Promise<void> => {
    folder = makeFolder(files);
    client = await TestClient.start(folder, options);
  };
  const pull = (uri: string, previousResultId?: string): Promise<Report> =>
    client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri }, previousResultId });

  afterEach(async () => {
    assert.deepEqual(client.logged, []);
    await client.stop();
  });

  it("are those that are published, and named, so that the same are not sent twice", async () => {
    await start();
    const uri = await client.open(join(folder, "bad.ocu.star"), files["bad.ocu.star"]);
    const published = await client.diagnosticsOf(uri, (all) => all.length > 0);
    const first = await pull(uri);
    assert.equal(first.kind, "full");
    assert.deepEqual(first.items, published);
    assert.deepEqual(await pull(uri, first.resultId), { kind: "unchanged", resultId: first.resultId });
    await client.change(uri, files["bad.ocu.star"].replace("versoin", "1"));
    const second = await pull(uri, first.resultId);
    assert.deepEqual([second.kind, second.items], ["full", []]);
    assert.notEqual(second.resultId, first.resultId);
    assert.deepEqual((await pull("file:///nowhere/x.star")).items, []);
  });

  it("of the workspace are those of all its files, open or not", async () => {
    await start();
    const ask = (previousResultIds: readonly { uri: string; value: string }[]): Promise<{ items: Report[] }> =>
      client.connection.sendRequest("workspace/diagnostic", { previousResultIds });
    const uri = await client.open(join(folder, "good.ocu.star"), "x = [1 2]\n");
    await client.diagnosticsOf(uri, (all) => all.length > 0);
    const { items } = await ask([]);
    const byFile = new Map(items.map((each) => [each.uri.slice(each.uri.lastIndexOf("/") + 1), each]));
    assert.deepEqual([...byFile.keys()].sort(), ["bad.ocu.star", "good.ocu.star", "lib.star", "repo.ocu.star"]);
    assert.deepEqual(codes(byFile.get("bad.ocu.star")?.items), ["name/undefined"]);
    assert.deepEqual(codes(byFile.get("good.ocu.star")?.items), ["syntax/missing-comma"]);
    const again = await ask(items.map((each) => ({ uri: each.uri, value: each.resultId })));
    assert.deepEqual([...new Set(again.items.map((each) => each.kind))], ["unchanged"]);
  });

  it("are offered to clients that would not show them twice", async () => {
    await start();
    assert.deepEqual(client.initialized?.capabilities.diagnosticProvider, {
      identifier: "ocuroot",
      interFileDependencies: true,
      workspaceDiagnostics: true,
    });
    await client.stop();
    await start({ capabilities: { textDocument: { diagnostic: {} } } });
    assert.equal(client.initialized?.capabilities.diagnosticProvider, undefined);
  });

  it("are not published to a client that asks, which is told to ask again", async () => {
    await start({
      capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
      initialization: { diagnostics: "pull" },
    });
    assert.ok(client.initialized?.capabilities.diagnosticProvider);
    const bad = await client.open(join(folder, "bad.ocu.star"), files["bad.ocu.star"]);
    const lib = await client.open(join(folder, "lib.star"), files["lib.star"]);
    await client.until(() => client.refreshes.includes("diagnostic"), "the first refresh");
    assert.deepEqual(codes((await pull(bad)).items), ["name/undefined"]);
    client.refreshes.length = 0;
    await client.change(lib, "def made(a):\n    return a\n");
    await client.until(() => client.refreshes.includes("diagnostic"), "a refresh after the module changed");
    assert.deepEqual(codes((await pull(bad)).items), ["load/missing-symbol", "name/undefined"]);
    assert.equal(client.diagnostics.size, 0);
  });
});

describe("problems of files that are not open", () => {
  it("are published when they are wanted, follow what they depend on, and go when they are not", async () => {
    const folder = makeFolder(files);
    const client = await TestClient.start(folder, { initialization: { settings: { "lint.workspace": true } } });
    const bad = uriOfPath(join(folder, "bad.ocu.star"));
    const codesOf = (uri: string): unknown[] => client.diagnostics.get(uri)?.diagnostics.map((each) => each.code) ?? [];
    await client.until(() => codesOf(bad).join() === "name/undefined", "the problems of a closed file");
    const lib = await client.open(join(folder, "lib.star"), files["lib.star"]);
    await client.change(lib, "def made(a):\n    return a\n");
    await client.until(() => codesOf(bad).includes("load/missing-symbol"), "the problem that another file makes");
    // Opened, changed and closed: what is on disk counts again.
    await client.open(join(folder, "bad.ocu.star"), "x = 1\n");
    await client.until(() => codesOf(bad).length === 0, "the problems of the text in the editor");
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: bad } });
    await client.until(() => codesOf(bad).length === 2, "the problems of the text on disk");
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { ocuroot: { lint: { workspace: false } } },
    });
    await client.until(() => codesOf(bad).length === 0, "no problems of closed files");
    assert.deepEqual(client.logged, []);
    await client.stop();
  });

  it("are not published otherwise", async () => {
    const folder = makeFolder(files);
    const client = await TestClient.start(folder);
    const uri = await client.open(join(folder, "good.ocu.star"), files["good.ocu.star"]);
    await client.diagnosticsOf(uri);
    await client.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] });
    assert.deepEqual([...client.diagnostics.keys()], [uri]);
    await client.stop();
  });
});

describe("right after the start", () => {
  it("answers about the workspace when its files are listed", async () => {
    const folder = makeFolder(files);
    const client = await TestClient.start(folder);
    const uri = await client.open(join(folder, "bad.ocu.star"), files["bad.ocu.star"]);
    const textDocument = { uri };
    const [links, references, symbols] = await Promise.all([
      client.connection.sendRequest<unknown[]>("textDocument/documentLink", { textDocument }),
      client.connection.sendRequest<{ uri: string }[]>("textDocument/references", {
        textDocument,
        position: { line: 0, character: 18 },
        context: { includeDeclaration: true },
      }),
      client.connection.sendRequest<{ name: string }[]>("workspace/symbol", { query: "make" }),
    ]);
    assert.equal(links.length, 1);
    assert.ok(references.some((each) => each.uri.endsWith("/lib.star")));
    assert.deepEqual(
      symbols.map((each) => each.name),
      ["make"],
    );
    await client.stop();
  });
});
