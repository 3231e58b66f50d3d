import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uriOfPath } from "../src/paths.ts";
import type { PhaseGraph } from "../src/protocol/index.ts";
import { TestClient } from "./client.ts";
import { fixtures, makeFolder } from "./harness.ts";

/** A copy of a sample repository, and a client that has it open. */
async function start(
  name: string,
  options: { trusted?: boolean } = {},
): Promise<{ client: TestClient; folder: string }> {
  const folder = makeFolder();
  cpSync(join(fixtures, "repos", name), folder, { recursive: true });
  const client = await TestClient.start(folder, options);
  clients.push(client);
  return { client, folder };
}

const clients: TestClient[] = [];

async function openFile(client: TestClient, folder: string, path: string): Promise<{ uri: string; text: string }> {
  const text = readFileSync(join(folder, path), "utf8");
  return { uri: await client.open(join(folder, path), text), text };
}

describe("the server over LSP", () => {
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      assert.deepEqual(client.logged, []);
      await client.stop();
    }
  });

  it("shows the sample's one problem, and none once the fix is applied", async () => {
    const { client, folder } = await start("seed-broken");
    const { uri, text } = await openFile(client, folder, "release.ocu.star");
    const found = await client.diagnosticsOf(uri);
    assert.deepEqual(
      found.map((each) => each.code),
      ["syntax/missing-comma"],
    );
    const line = text.split("\n").findIndex((each) => each.includes('name="build"'));
    assert.equal(found[0]?.range.start.line, line);
    const actions = (await client.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range: found[0]?.range,
      context: { diagnostics: found },
    })) as {
      edit: { changes: Record<string, { range: { start: { line: number; character: number } }; newText: string }[]> };
    }[];
    const edit = actions[0]?.edit.changes[uri]?.[0];
    assert.equal(edit?.newText, ",");
    const lines = text.split("\n");
    const at = edit.range.start;
    lines[at.line] = `${lines[at.line]?.slice(0, at.character)},${lines[at.line]?.slice(at.character)}`;
    const version = await client.change(uri, lines.join("\n"));
    assert.deepEqual(await client.diagnosticsOf(uri, () => true, version), []);
  });

  it("sends the phase graph, with environments that are not released yet", async () => {
    const { client, folder } = await start("seed");
    const { uri } = await openFile(client, folder, "release.ocu.star");
    await client.until(() => (client.graphs.get(uri)?.phases.length ?? 0) > 0, "the graph");
    const graph = client.graphs.get(uri) as PhaseGraph;
    assert.equal(graph.environmentsNotReleased, true);
    assert.equal(graph.stale, false);
    assert.deepEqual(
      graph.phases.map((phase) => [phase.id, phase.name, phase.cards.map((card) => card.id)]),
      [
        ["task/build", "", ["task/build"]],
        ["phase/staging", "staging", ["deploy/staging"]],
        ["phase/production", "production", ["deploy/production"]],
      ],
    );
    assert.deepEqual(graph.phases[1]?.cards[0]?.inputs, [
      { name: "tag", ref: "./call/build#output/tag", from: "task/build", blocked: false },
    ]);
    const asked = await client.connection.sendRequest("ocuroot/phaseGraph", { uri });
    assert.deepEqual(asked, graph);
  });

  it("keeps the last good graph, stale, while the text has an error", async () => {
    const { client, folder } = await start("seed");
    const { uri, text } = await openFile(client, folder, "release.ocu.star");
    await client.until(
      () => client.graphs.get(uri)?.stale === false && client.graphs.get(uri)?.phases.length === 3,
      "the graph",
    );
    await client.change(uri, text.replace('name="build",', 'name="build"'));
    await client.until(() => client.graphs.get(uri)?.stale === true, "the stale graph");
    const graph = client.graphs.get(uri) as PhaseGraph;
    assert.equal(graph.phases.length, 3);
    assert.match(graph.problem?.message ?? "", /comma/);
    await client.change(uri, text);
    await client.until(() => client.graphs.get(uri)?.stale === false, "the fresh graph");
  });

  it("evaluates unsaved text, and shows what fails where it fails", async () => {
    const { client, folder } = await start("seed");
    const { uri, text } = await openFile(client, folder, "release.ocu.star");
    const changed = `${text}\nlimits = {"a": 1}\nlimit = limits["b"]\n`;
    const version = await client.change(uri, changed);
    const found = await client.diagnosticsOf(uri, (all) => all.length > 0, version);
    assert.equal(found.length, 1);
    assert.match(String(found[0]?.message), /key "b" not in dict/);
    assert.equal(found[0]?.range.start.line, changed.split("\n").length - 2);
  });

  it("ends an evaluation that does not end", async function () {
    this.timeout(15_000);
    const { client, folder } = await start("seed");
    const { uri, text } = await openFile(client, folder, "release.ocu.star");
    await client.change(
      uri,
      `${text}\ndef f():\n    n = 0\n    for i in range(1000000000):\n        n += i\n    return n\n\nf()\n`,
    );
    const found = await client.diagnosticsOf(uri, (all) => all.length > 0, 2);
    assert.match(String(found[0]?.message), /steps|time|longer/i);
    const version = await client.change(uri, text);
    await client.diagnosticsOf(uri, (all) => all.length === 0, version);
    await client.until(() => client.graphs.get(uri)?.stale === false, "the graph after the endless loop is gone");
  });

  it("evaluates nothing while the preview is off", async () => {
    const { client, folder } = await start("seed");
    const { uri } = await openFile(client, folder, "release.ocu.star");
    await client.until(() => (client.graphs.get(uri)?.phases.length ?? 0) === 3, "the graph");
    const set = (enable: boolean) =>
      client.connection.sendNotification("workspace/didChangeConfiguration", {
        settings: { ocuroot: { preview: { enable } } },
      });
    await set(false);
    await client.until(() => /preview is off/.test(client.graphs.get(uri)?.problem?.message ?? ""), "the reason");
    assert.equal(client.graphs.get(uri)?.phases.length, 0);
    await set(true);
    await client.until(() => (client.graphs.get(uri)?.phases.length ?? 0) === 3, "the graph again");
  });

  it("evaluates nothing before trust is granted", async () => {
    const { client, folder } = await start("seed", { trusted: false });
    const { uri } = await openFile(client, folder, "release.ocu.star");
    await client.diagnosticsOf(uri);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.deepEqual(
      [...client.graphs.values()].flatMap((each) => each.phases),
      [],
    );
    const graph = (await client.connection.sendRequest("ocuroot/phaseGraph", { uri })) as PhaseGraph;
    assert.equal(graph.phases.length, 0);
    assert.match(graph.problem?.message ?? "", /not trusted/);
    await client.connection.sendNotification("ocuroot/trustGranted");
    await client.until(() => (client.graphs.get(uri)?.phases.length ?? 0) === 3, "the graph");
  });

  it("evaluates repo.ocu.star, and follows its alias and store", async () => {
    const { client, folder } = await start("seed");
    const { uri } = await openFile(client, folder, "repo.ocu.star");
    const version = await client.change(uri, 'repo_alias("a")\nstore.set(store.fs("x"))\nstore.set(store.fs("y"))\n');
    const found = await client.diagnosticsOf(uri, (all) => all.length > 0, version);
    assert.deepEqual(
      found.map((each) => [each.code, each.range.start.line]),
      [["repository/store-twice", 2]],
    );
    await client.change(uri, 'repo_alias("other")\n');
    const named = async (): Promise<string | undefined> => {
      const result = (await client.connection.sendRequest("ocuroot/releases", { limit: 1 })) as {
        repositories: { name: string }[];
      };
      return result.repositories[0]?.name;
    };
    for (let tries = 0; (await named()) !== "other" && tries < 50; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await named(), "other");
  });

  it("follows unsaved text of modules and of files that register environments", async () => {
    const { client, folder } = await start("shop");
    const backend = await openFile(client, folder, "backend/release.ocu.star");
    const cards = () => client.graphs.get(backend.uri)?.phases.flatMap((each) => each.cards.map((card) => card.title));
    await client.until(() => cards()?.includes("asia") === true, "the graph");
    const environments = await openFile(client, folder, "environments.ocu.star");
    await client.change(environments.uri, environments.text.replace('"asia"', '"africa"'));
    await client.until(() => cards()?.includes("africa") === true, "the graph with the new environment");
    const module = await openFile(client, folder, "lib/environments.star");
    await client.change(module.uri, module.text.replace("def remove(", "def removed("));
    const found = await client.diagnosticsOf(backend.uri, (all) => all.length > 0);
    assert.deepEqual(
      found.map((each) => each.code),
      ["load/missing-symbol"],
    );
  });

  it("notices files that come and go", async () => {
    const { client, folder } = await start("shop");
    const { uri } = await openFile(client, folder, "backend/release.ocu.star");
    await client.diagnosticsOf(uri);
    const script = join(folder, "scripts/deploy.sh");
    rmSync(script);
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOfPath(script), type: 3 }],
    });
    const found = await client.diagnosticsOf(uri, (all) => all.length > 0);
    assert.deepEqual(
      found.map((each) => each.code),
      ["shell/missing-script"],
    );
    writeFileSync(script, "");
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOfPath(script), type: 1 }],
    });
    await client.diagnosticsOf(uri, (all) => all.length === 0);
  });

  it("answers every request for every place of a file, also a broken one, without a failure", async function () {
    this.timeout(30_000);
    const { client, folder } = await start("shop");
    const { uri, text } = await openFile(client, folder, "backend/release.ocu.star");
    const methods = ["hover", "completion", "signatureHelp", "definition", "documentHighlight", "prepareRename"];
    for (const broken of [text, text.replaceAll(")", ""), text.slice(0, 700), text.replaceAll('"', "'''")]) {
      await client.change(uri, broken);
      const lines = broken.split("\n");
      for (let line = 0; line < lines.length; line += 3) {
        const position = { line, character: Math.floor((lines[line]?.length ?? 0) / 2) };
        await Promise.all(
          methods.map((each) =>
            client.connection.sendRequest(`textDocument/${each}`, { textDocument: { uri }, position }),
          ),
        );
      }
      for (const each of ["documentSymbol", "codeLens", "documentLink", "foldingRange", "semanticTokens/full"]) {
        await client.connection.sendRequest(`textDocument/${each}`, { textDocument: { uri } });
      }
    }
  });

  it("answers for documents that are not there", async () => {
    const { client } = await start("seed");
    const textDocument = { uri: "file:///nowhere/x.ocu.star" };
    const position = { line: 3, character: 3 };
    assert.equal(await client.connection.sendRequest("textDocument/hover", { textDocument, position }), null);
    assert.deepEqual(await client.connection.sendRequest("textDocument/documentSymbol", { textDocument }), []);
    assert.equal(await client.connection.sendRequest("ocuroot/phaseGraph", textDocument), null);
  });

  it("lists package files that have no release yet", async () => {
    const { client, folder } = await start("shop");
    await openFile(client, folder, "backend/release.ocu.star");
    await client.until(() => client.stateChanges.length > 0, "the state");
    const result = (await client.connection.sendRequest("ocuroot/releases", { limit: 5 })) as {
      repositories: { name: string; packages: { file: string; releases: unknown[] }[] }[];
    };
    assert.deepEqual(
      result.repositories.map((each) => each.name),
      ["shop"],
    );
    assert.deepEqual(
      result.repositories[0]?.packages.map((each) => [each.file, each.releases.length]),
      [
        ["backend/release.ocu.star", 0],
        ["database/release.ocu.star", 0],
        ["environments.ocu.star", 0],
        ["frontend/release.ocu.star", 0],
      ],
    );
  });
});
