import assert from "node:assert/strict";
import { Sandbox } from "../../engine/test/cli/sandbox.ts";
import { uriOfPath } from "../src/paths.ts";
import { TestClient } from "./client.ts";
import { fromUtf16, normalise, type Position } from "./columns.ts";

const say = `def say(text):  # 😀
    "日本😀"; print("ü " + text)
`;
const main = `ocuroot("0.3.0")
load("./lib/say.star", "say")

def bauen(groesse):
    "é😀"; print("日本😀 baut"); say(groesse)
    "😀"; host.shell("echo 😀 ß")
    "😀ü"; return done(outputs={"tag": "😀", "ü": "1"}, watch=["😀/quelle", "lib"])

def prüfen(tag):
    "😀"; return next(weiter, inputs={"tag": tag})

def weiter(tag):
    return done()

"😀😀"; task(bauen, name="bäu", inputs={"groesse": "ß😀"}); phase("日本", work=[call(prüfen, name="prüf", inputs={"tag": input(ref="./call/bäu#output/tag")})])
`;
const files = {
  "repo.ocu.star": 'ocuroot("0.3.0")\n\nrepo_alias("shop")\nstore.set(store.fs(".ocuroot/store"))\n',
  ".gitignore": ".ocuroot/\n",
  "lib/say.star": say,
  "main.ocu.star": main,
  "other.ocu.star": `def f(x):
    return done()

"😀ß"; task(f, name="f", inputs={"x": ref("./-/main.ocu.star/@/task/bäu#output/tag")})
`,
  "😀/quelle/a.txt": "",
};

const withoutPlaces = new Set(["whereIsCommit", "pushEffects", "push of all"]);

/** The requests beside those of LSP: their places are those of the same text, however columns are counted. */
describe("places in answers about the whole picture", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;

  before(async () => {
    sandbox = Sandbox.create(files);
    await sandbox.ok(["release", "new", "main.ocu.star"]);
  });
  after(() => sandbox.remove());

  async function ask(encoding: string): Promise<Record<string, unknown>> {
    const client = await TestClient.start(sandbox.root, { encodings: [encoding] });
    assert.equal(client.initialized?.capabilities.positionEncoding, encoding);
    // A letter more than what was released: places are followed to where the text stands now.
    const text = main.replace("\ndef bauen", "\n# 😀\n\ndef bauen").replace('"ß😀"', '"ß😀😀"');
    const uri = await client.open(sandbox.path("main.ocu.star"), text);
    const texts = new Map(
      Object.entries(files).map(([path, content]) => [
        uriOfPath(sandbox.path(path)),
        path === "main.ocu.star" ? text : content,
      ]),
    );
    const isThere = (): boolean => {
      const graph = client.graphs.get(uri);
      return graph?.release?.name === "r1" && graph.phases.length > 0;
    };
    await client.until(isThere, "the release in the graph", 30_000);
    const root = uriOfPath(sandbox.root);
    const answers: Record<string, unknown> = {
      graphChanged: normalise({ ...client.graphs.get(uri), version: 1 }, texts, encoding, uri),
    };
    const keep = async (name: string, method: string, params: object): Promise<void> => {
      const answer: unknown = await client.connection.sendRequest(`ocuroot/${method}`, params);
      answers[name] = normalise(answer, texts, encoding, uri);
    };
    for (const method of [
      "phaseGraph",
      "releaseChanges",
      "lastOutput",
      "whereIsCommit",
      "pushEffects",
      "dependencyGraph",
    ])
      await keep(method, method, { uri });
    await keep("lastOutput of a module", "lastOutput", { uri: uriOfPath(sandbox.path("lib/say.star")) });
    await keep("whatIf", "phaseGraph", { uri, whatIf: { environments: [{ name: "eu", attributes: {} }] } });
    await keep("dependencies", "dependencyGraph", {});
    await keep("push of all", "pushEffects", { uri: root });
    await keep("push of a watched file", "pushEffects", { uri: uriOfPath(sandbox.path("😀/quelle/a.txt")) });
    await keep("places", "logPlaces", { repository: root, ref: "./-/main.ocu.star/@r1" });
    await keep("places of a run", "logPlaces", { repository: root, ref: "./-/main.ocu.star/@r1/task/bäu/1" });
    await keep("spellings", "convertSpellings", { uri });
    await keep("all spellings", "convertSpellings", {});
    const lines = text.split("\n");
    for (const needle of ["def prüfen", "say(groesse", "bauen, name", "prüfen, name", "weiter, inputs"]) {
      const line = lines.findIndex((each) => each.includes(needle));
      const place: Position = { line, character: (lines[line] ?? "").indexOf(needle) + 2 };
      await keep(`function ${needle}`, "workFunction", { uri, position: fromUtf16(text, place, encoding) });
    }
    assert.deepEqual(client.logged, []);
    await client.stop();
    return answers;
  }

  it("are the same in every encoding", async () => {
    const expected = await ask("utf-16");
    for (const [name, answer] of Object.entries(expected)) {
      // An answer without places would show nothing; these name files only.
      const isPlaced = /"line":\d+/.test(JSON.stringify(answer));
      assert.ok(isPlaced || withoutPlaces.has(name), `${name} ${JSON.stringify(answer)}`);
    }
    for (const encoding of ["utf-8", "utf-32"]) {
      const found = await ask(encoding);
      for (const [name, answer] of Object.entries(expected)) {
        assert.deepEqual(found[name], answer, `${name} in ${encoding}`);
      }
    }
  });
});
