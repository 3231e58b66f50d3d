import assert from "node:assert/strict";
import { join } from "node:path";
import { uriOfPath } from "../src/paths.ts";
import { TestClient } from "./client.ts";
import { decodeTokens, fromUtf16, normalise, type Position } from "./columns.ts";
import { makeFolder } from "./harness.ts";

const shared = 'def tag_of(name):  # 😀\n    """é😀"""; n = "日本😀"; return n + name\n';
const main = `load("./shared.star", "tag_of")

def build(größe):
    """Größe 😀"""
    s = "é😀日本"; tag = tag_of(s + größe); host.shell("echo 😀 {} && ./fehlt😀.sh".format(tag))
    x = "😀"; return done(outputs={"tag": tag, "ü": x})

"😀😀"; task(build, name="bäu😀", inputs={"größe": input(ref="./@/custom/😀ß")}); y = undefined_é
"é"; task(lambda tag: done(), name="next", inputs={"tag": input(ref="./task/bäu😀#output/tag"), "b": input(ref="./task/x😀/y#é")})
`;

describe("positions over the wire", () => {
  const folder = makeFolder({ "repo.ocu.star": "", "shared.star": shared, "release.ocu.star": main });
  const uri = uriOfPath(join(folder, "release.ocu.star"));
  const sharedUri = uriOfPath(join(folder, "shared.star"));
  const texts = new Map([
    [uri, main],
    [sharedUri, shared],
  ]);
  const places = main.split("\n").flatMap((content, line) => {
    const columns: Position[] = [];
    for (let character = 0; character <= content.length; character++) {
      // Half of a pair is no place in all encodings.
      if (!/[\udc00-\udfff]/.test(content[character] ?? "")) columns.push({ line, character });
    }
    return columns.filter((_, index) => index % 3 === 0);
  });

  /** Every answer with positions in it, in UTF-16 units. */
  async function ask(encoding: string): Promise<Record<string, unknown>> {
    const client = await TestClient.start(folder, { trusted: true, encodings: [encoding] });
    assert.equal(client.initialized?.capabilities.positionEncoding, encoding);
    await client.open(join(folder, "release.ocu.star"), main);
    const answers: Record<string, unknown> = {};
    const request = async (method: string, params: object = {}): Promise<unknown> => {
      const { connection } = client;
      return connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...params });
    };
    const keep = async (name: string, method: string, params: object = {}): Promise<void> => {
      answers[name] = normalise(await request(method, params), texts, encoding, uri);
    };
    const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    // Before the folder is listed nothing is called missing, and before state is read nothing not set.
    await client.diagnosticsOf(uri, (all) =>
      ["refs/unknown-task", "refs/not-set"].every((code) => all.some((each) => each.code === code)),
    );
    answers.diagnostics = normalise(client.diagnostics.get(uri)?.diagnostics, texts, encoding, uri);
    for (const method of ["documentSymbol", "documentLink", "codeLens", "foldingRange"]) await keep(method, method);
    await keep("inlayHint", "inlayHint", { range: whole });
    await keep("formatting", "formatting", { options: { tabSize: 4, insertSpaces: true } });
    await keep("rangeFormatting", "rangeFormatting", { range: whole, options: { tabSize: 4, insertSpaces: true } });
    const tokens = (await request("semanticTokens/full")) as { data: number[] };
    answers.tokens = decodeTokens(tokens.data, main, encoding);
    for (const place of places) {
      const position = fromUtf16(main, place, encoding);
      const at = `${place.line}:${place.character}`;
      for (const method of [
        "hover",
        "completion",
        "definition",
        "documentHighlight",
        "prepareRename",
        "signatureHelp",
        "prepareCallHierarchy",
      ]) {
        await keep(`${method} ${at}`, method, { position });
      }
      await keep(`references ${at}`, "references", { position, context: { includeDeclaration: true } });
      await keep(`selection ${at}`, "selectionRange", { positions: [position] });
      await keep(`actions ${at}`, "codeAction", {
        range: { start: position, end: position },
        context: { diagnostics: [] },
      });
      await keep(`typed ${at}`, "onTypeFormatting", { position, ch: ")", options: {} });
      const renamed = await request("rename", { position, newName: "neu" }).catch((error: Error) => error.message);
      answers[`rename ${at}`] = normalise(renamed, texts, encoding, uri);
    }
    const item = answers["prepareCallHierarchy 2:6"] as { selectionRange: { start: Position; end: Position } }[] | null;
    assert.ok(item?.[0], "the function has no call hierarchy");
    const [first] = (await request("prepareCallHierarchy", {
      position: fromUtf16(main, { line: 2, character: 6 }, encoding),
    })) as object[];
    for (const method of ["incomingCalls", "outgoingCalls"]) {
      const calls = await client.connection.sendRequest(`callHierarchy/${method}`, { item: first });
      answers[method] = normalise(calls, texts, encoding, uri);
    }
    await client.stop();
    return answers;
  }

  it("are the same places in every encoding, for every feature", async function () {
    this.timeout(60_000);
    const expected = await ask("utf-16");
    const filled = Object.entries(expected).filter(([, answer]) => Array.isArray(answer) && answer.length > 0);
    for (const name of ["diagnostics", "documentSymbol", "tokens", "formatting", "incomingCalls", "foldingRange"]) {
      assert.ok(
        filled.some(([each]) => each === name),
        `${name} is empty, which shows nothing`,
      );
    }
    for (const encoding of ["utf-8", "utf-32"]) {
      const found = await ask(encoding);
      for (const [name, answer] of Object.entries(expected)) {
        assert.deepEqual(found[name], answer, `${name} in ${encoding}`);
      }
    }
  });

  it("are in the first encoding that both know, else in UTF-16", async () => {
    for (const [encodings, chosen] of [
      [["utf-7", "utf-32", "utf-8"], "utf-32"],
      [["utf-7"], "utf-16"],
      [[], "utf-16"],
      [undefined, "utf-16"],
    ] as const) {
      const client = await TestClient.start(folder, encodings === undefined ? {} : { encodings });
      assert.equal(client.initialized?.capabilities.positionEncoding, chosen);
      await client.stop();
    }
  });

  it("are edited where they are, in every encoding", async () => {
    for (const encoding of ["utf-8", "utf-16", "utf-32"]) {
      const client = await TestClient.start(folder, { encodings: [encoding] });
      const path = join(folder, "release.ocu.star");
      await client.open(path, 's = "é😀日本"\nx = s\n');
      const start = fromUtf16('s = "é😀日本"', { line: 0, character: 8 }, encoding);
      const end = fromUtf16('s = "é😀日本"', { line: 0, character: 10 }, encoding);
      await client.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: 2 },
        contentChanges: [{ range: { start, end }, text: '"; y = "' }],
      });
      const answer = await client.connection.sendRequest<{ name: string }[]>("textDocument/documentSymbol", {
        textDocument: { uri },
      });
      assert.deepEqual(
        answer.map((each) => each.name),
        ["s", "y", "x"],
        encoding,
      );
      await client.stop();
    }
  });
});
