import assert from "node:assert/strict";
import { join } from "node:path";
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { Sandbox } from "../../engine/test/cli/sandbox.ts";
import { uriOfPath } from "../src/paths.ts";
import type { PhaseGraph } from "../src/protocol/index.ts";
import { TestClient } from "./client.ts";
import { fromUtf16, normalise } from "./columns.ts";
import { makeFolder } from "./harness.ts";

const api = 'def build():\n    return done(outputs={"tag": "v1"})\n\ntask(build, name="build")\n';

describe("requests beyond the protocol", function () {
  this.timeout(60_000);

  it("give places in the encoding that was agreed on", async () => {
    const path = "odd.ocu.star";
    const odd = `"😀é"; x = "日本"

def say(ctx): print("😀"); print("日本😀"); return done(output={"n😀": 1, "é": ctx.inputs.o})

"😀😀"; call(say, name="say", inputs={"o": input(ref="./-/api/release.ocu.star/@/task/build#output/tag", default="é")}); y = shell
`;
    const sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("shop")\n',
      "api/release.ocu.star": api,
      [path]: odd,
    });
    await sandbox.ok(["release", "new", path]);
    const edited = odd.replace('name="say"', 'name="say2"').replace("print(", "print('ü', ");
    const texts = new Map([[uriOfPath(sandbox.path(path)), edited]]);
    const about = async (encoding: string): Promise<unknown> => {
      const other = await TestClient.start(sandbox.root, { encodings: [encoding] });
      try {
        const uri = await other.open(sandbox.path(path), odd);
        await other.until(() => other.graphs.get(uri)?.release?.name === "r1", "the release in the graph");
        const send = (method: string, params: object): Promise<unknown> =>
          other.connection.sendRequest(`ocuroot/${method}`, params);
        const log = { repository: uriOfPath(sandbox.root), ref: `shop/-/${path}/@r1/task/say` };
        const places = normalise(await send("logPlaces", log), new Map([[uri, odd]]), encoding, uri);
        await other.change(uri, edited);
        const position = { line: 2, character: edited.split("\n")[2]?.indexOf('print("日本') ?? 0 };
        const answers = {
          changes: await send("releaseChanges", { uri }),
          // Values come when they have been read.
          graph: ((await send("phaseGraph", { uri })) as PhaseGraph).phases.map(({ range, cards }) => ({
            range,
            cards: cards.map((each) => each.range),
          })),
          work: await send("workFunction", { uri, position: fromUtf16(edited, position, encoding) }),
          dependencies: await send("dependencyGraph", { uri }),
          spellings: await send("convertSpellings", { uri }),
        };
        return [places, normalise(answers, texts, encoding, uri)];
      } finally {
        await other.stop();
      }
    };
    const expected = await about("utf-16");
    for (const found of ['"kind":"added"', '"certain"', '"newText":"task"', '"name":"say"']) {
      assert.ok(JSON.stringify(expected).includes(found), `${found} is not there, so nothing is shown`);
    }
    assert.deepEqual(await about("utf-8"), expected);
    assert.deepEqual(await about("utf-32"), expected);
    sandbox.remove();
  });

  it("convert old spellings of one file, or of all", async () => {
    const old = 'def say(ctx):\n    return done(output={})\n\ncall(say, name="say")\n';
    const folder = makeFolder({ "repo.ocu.star": "", "lib/old.star": "x = 1\n", "same.ocu.star": old });
    const client = await TestClient.start(folder);
    const uri = await client.open(join(folder, "lib/old.star"), old);
    const convert = (params: object) =>
      client.connection.sendRequest<WorkspaceEdit | null>("ocuroot/convertSpellings", params);
    const applied = ({ documentChanges }: WorkspaceEdit, at: string): string => {
      const change = documentChanges?.find((each) => "textDocument" in each && each.textDocument.uri === at);
      assert.ok(change !== undefined && "edits" in change);
      const lines = old.split("\n");
      for (const { range, newText } of [...(change.edits as TextEdit[])].reverse()) {
        const line = lines[range.start.line] ?? "";
        lines[range.start.line] = line.slice(0, range.start.character) + newText + line.slice(range.end.character);
      }
      return lines.join("\n");
    };
    const one = await convert({ uri });
    assert.ok(one);
    assert.equal(applied(one, uri), 'def say(ctx):\n    return done(outputs={})\n\ntask(say, name="say")\n');
    const all = await convert({});
    assert.ok(all);
    assert.equal(all.documentChanges?.length, 2);
    assert.equal(applied(all, uriOfPath(join(folder, "same.ocu.star"))), applied(one, uri));
    await client.change(uri, "x = 1\n");
    assert.equal(await convert({ uri }), null);
    await assert.rejects(convert({ uri: uriOfPath(join(folder, "nowhere.ocu.star")) }), /not known/);
    await client.stop();
  });
});
