import assert from "node:assert/strict";
import type { Location, MarkupContent } from "vscode-languageserver-types";
import { findDefinition } from "../../src/features/definition.ts";
import { doHover } from "../../src/features/hover.ts";
import { doRename } from "../../src/features/rename.ts";
import { doSignatureHelp } from "../../src/features/signatureHelp.ts";
import { openMarked } from "../harness.ts";
import { problems } from "./diagnosticsHelper.ts";

const files = {
  "lib/base.star": `VERSION = "1.2"

def greet(name, greeting="hi"):
    """Says hello."""
    return greeting + name

def up(environment, tag):
    return done(outputs={"url": tag})

def down(environment, tag):
    return done()
`,
  "lib/all.star": `load("./base.star", "VERSION", "up", "down", _greet="greet")

api = struct(
    greet = _greet,
    version = VERSION,
    work = struct(up=up, down=down),
)
`,
};
const load = 'load("./lib/all.star", "api")\n';

async function at(text: string) {
  const { snapshot, marked } = await openMarked(load + text, { files });
  const places = (findDefinition(snapshot, marked.cursor) ?? []) as Location[];
  const hover = doHover(snapshot, marked.cursor)?.contents as MarkupContent | undefined;
  return {
    definition: places.map((each) => `${each.uri.split("/").at(-1)}:${each.range.start.line + 1}`),
    hover: hover?.value,
    signature: doSignatureHelp(snapshot, marked.cursor)?.signatures[0]?.label,
  };
}

/** Modules that offer their functions as fields of a struct, over several files. */
describe("fields of structs", () => {
  it("lead to the function or value that they are", async () => {
    const fn = await at('api.gr$0eet("x")\n');
    assert.deepEqual(fn.definition, ["base.star:3"]);
    assert.match(fn.hover ?? "", /def greet\(name, greeting="hi"\).*Says hello.*From `lib\/base.star`/s);
    const value = await at("x = api.ver$0sion\n");
    assert.deepEqual(value.definition, ["all.star:5"]);
    assert.match(value.hover ?? "", /version = VERSION/);
    assert.deepEqual((await at("x = api.work.u$0p\n")).definition, ["base.star:7"]);
    assert.deepEqual((await at("x = api.no$0ne\n")).definition, []);
    assert.equal((await at('api.greet("x", $0)\n')).signature, 'greet(name, greeting="hi")');
  });

  it("are checked like the functions that they are", async () => {
    assert.deepEqual(await problems(`${load}x = api.greet("x", greeting="y") + api.version\n`, { files }), []);
    assert.match(
      (await problems(`${load}x = api.greet("x", salute="y")\n`, { files })).join(),
      /call\/unknown-argument/,
    );
    assert.match((await problems(`${load}x = api.greet()\n`, { files })).join(), /call\/missing-argument/);
    // What is called in a struct of another kind is nobody's to know.
    assert.deepEqual(
      await problems("def f(s):\n    return s.greet(1, 2, 3)\n\nf(struct(greet=print))\n", { files }),
      [],
    );
  });

  it("are work functions, with their inputs and outputs", async () => {
    const text = (inputs: string, output: string): string => `${load}
deploy(environment("eu"), up=api.work.up, down=api.work.down, inputs={${inputs}})

def see(url):
    print(url)
    return done()

task(see, name="see", inputs={"url": ref("./deploy/eu#output/${output}")})
`;
    assert.deepEqual(await problems(text('"tag": "x"', "url"), { files }), []);
    assert.match((await problems(text('"tags": "x"', "url"), { files })).join(), /sdk\/unknown-parameter.*tags/s);
    assert.match((await problems(text('"tag": "x"', "link"), { files })).join(), /refs\/unknown-output.*link/s);
  });

  it("take part in the rename of a parameter, through every file that hands them on", async () => {
    const { snapshot, marked } = await openMarked(`${load}x = api.greet("x", gree$0ting="y")\n`, { files });
    const { changes } = doRename(snapshot, marked.cursor, "salute", { annotate: false }) ?? {};
    const found = Object.entries(changes ?? {}).map(([uri, edits]) => `${uri.split("/").at(-1)} ${edits.length}`);
    assert.deepEqual(found.sort(), ["base.star 2", "release.ocu.star 1"]);
  });
});
