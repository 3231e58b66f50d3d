import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "@ocuroot/engine";
import { makeFolder } from "./harness.ts";
import { RawClient } from "./rawClient.ts";

const text = 'def build():\n    return done(outputs={"tag": "1"})\n\ntask(build, name="build")\n';
const requests =
  "documentSymbol codeLens documentLink foldingRange semanticTokens/full semanticTokens/range formatting inlayHint codeAction selectionRange hover completion signatureHelp definition references documentHighlight rename prepareCallHierarchy".split(
    " ",
  );

describe("a state store that does not answer", () => {
  let client: RawClient | undefined;

  afterEach(() => client?.kill());

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
    // Whoever reads a pipe that nobody writes to waits, as for a file server that is gone.
    for (const each of readdirSync(path, { recursive: true, encoding: "utf8" })) {
      if (!each.endsWith("@object.json")) continue;
      rmSync(join(path, each));
      spawnSync("mkfifo", [join(path, each)]);
    }
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
