import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Location, SymbolInformation, WorkspaceEdit } from "vscode-languageserver-protocol";
import { canonicalUri, pathOfUri, uriOfPath } from "../src/paths.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

const producer = `def build(ctx):
    return done(output={"tag": "1"})

call(build, name="build")
`;
const consumer = `def up(tag):
    return done()

task(up, name="up", inputs={"tag": ref("./-/new.ocu.star/@/task/build#output/tag")})
`;

describe("files that are not saved yet", function () {
  this.timeout(30_000);
  let folder: string;
  let client: TestClient;

  beforeEach(async () => {
    folder = makeFolder({ "repo.ocu.star": 'repo_alias("a")\n', "use.ocu.star": consumer });
    client = await TestClient.start(folder);
  });
  afterEach(async () => {
    assert.deepEqual(client.logged, []);
    await client.stop();
  });

  const open = async (uri: string, text: string): Promise<string> => {
    await client.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "ocuroot", version: 1, text },
    });
    return uri;
  };
  const convert = (): Promise<WorkspaceEdit | null> => client.connection.sendRequest("ocuroot/convertSpellings", {});

  for (const kind of ["file", "untitled"] as const) {
    const addressOf = (path: string): string => {
      const uri = uriOfPath(path);
      return kind === "file" ? uri : uri.replace("file://", "untitled:");
    };

    it(`belong to their repository when they have a name (${kind}:)`, async () => {
      const { connection } = client;
      const use = await client.open(join(folder, "use.ocu.star"), consumer);
      await client.diagnosticsOf(use, (all) => all.some((each) => each.code === "refs/unknown-file"));
      const uri = await open(addressOf(join(folder, "new.ocu.star")), producer);
      // What refers to it is right from now on.
      await client.diagnosticsOf(use, (all) => !all.some((each) => each.code === "refs/unknown-file"));
      const symbols = await connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query: "build" });
      assert.deepEqual([...new Set(symbols.map((each) => each.location.uri))], [uri]);
      const references = await connection.sendRequest<Location[]>("textDocument/references", {
        textDocument: { uri },
        position: { line: 1, character: 26 },
        context: { includeDeclaration: true },
      });
      assert.deepEqual(references.map((each) => each.uri).sort(), [uri, use].sort());
      const renamed = await connection.sendRequest<WorkspaceEdit>("textDocument/rename", {
        textDocument: { uri: use },
        position: { line: 3, character: (consumer.split("\n")[3] ?? "").indexOf("#output/tag") + 9 },
        newName: "image",
      });
      assert.deepEqual(urisOf(renamed), [uri, use].sort());
      const edit = await convert();
      assert.deepEqual(urisOf(edit), [uri]);
      assert.equal(edit?.documentChanges?.length, 1);
      // Closed without having been saved: it was never there.
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
      await client.diagnosticsOf(use, (all) => all.some((each) => each.code === "refs/unknown-file"));
      assert.equal(await convert(), null);
    });
  }

  it("take part as well when they have no name, but in what refs and loads lead to", async () => {
    const uri = await open("untitled:Untitled-1", producer);
    const edit = await convert();
    assert.deepEqual(urisOf(edit), [uri]);
    const symbols = await client.connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query: "build" });
    assert.deepEqual([...new Set(symbols.map((each) => each.location.uri))], [uri]);
    const found = await client.diagnosticsOf(uri);
    assert.deepEqual(found, []);
  });

  it("stay open under their name when the nameless document is closed after it was saved", async () => {
    const path = join(folder, "new.ocu.star");
    const untitled = await open(uriOfPath(path).replace("file://", "untitled:"), producer);
    writeFileSync(path, producer);
    const uri = await client.open(path, `${producer}x = undefined_name\n`);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: untitled } });
    await client.diagnosticsOf(uri, (all) => all.some((each) => each.code === "name/undefined"));
    const symbols = await client.connection.sendRequest<{ name: string }[]>("textDocument/documentSymbol", {
      textDocument: { uri },
    });
    assert.ok(symbols.some((each) => each.name === "x"));
  });

  it("of libraries in folders that hold no sources of the repository are no files of it", async () => {
    await open(uriOfPath(join(folder, "node_modules/a/release.ocu.star")), producer);
    assert.equal(urisOf(await convert()).length, 1);
    const paths = await client.connection.sendRequest<{ files: { file: string }[] }>("ocuroot/dependencyGraph", {});
    assert.ok(!paths.files.some((each) => each.file.includes("node_modules")));
  });

  it("have a path when their URI says one", () => {
    assert.equal(pathOfUri("untitled:/a/b.ocu.star"), "/a/b.ocu.star");
    assert.equal(canonicalUri("untitled:/a/b%20c.ocu.star"), "file:///a/b%20c.ocu.star");
    assert.equal(canonicalUri("untitled:///a/b.star"), "file:///a/b.star");
    assert.equal(pathOfUri("untitled:Untitled-1"), undefined);
  });
});

function urisOf(edit: WorkspaceEdit | null): string[] {
  const versioned = (edit?.documentChanges ?? []).flatMap((each) =>
    "textDocument" in each ? [each.textDocument.uri] : [],
  );
  return [...new Set([...versioned, ...Object.keys(edit?.changes ?? {})])].sort();
}
