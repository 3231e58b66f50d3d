import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INITIAL } from "vscode-textmate";
import { ocurootGrammar, scopesOf } from "./tokenize.ts";

/** Asserts that the marked text has a scope that starts so. */
async function has(marked: string, scope: string): Promise<void> {
  const scopes = await scopesOf(marked);
  assert.ok(
    scopes.some((each) => each === scope || each.startsWith(`${scope}.`)),
    `${marked}\nhas not ${scope} but ${scopes.join(" ")}`,
  );
}

async function hasNot(marked: string, scope: string): Promise<void> {
  const scopes = await scopesOf(marked);
  assert.ok(!scopes.some((each) => each.startsWith(scope)), `${marked}\nhas ${scopes.join(" ")}`);
}

describe("TextMate grammar", () => {
  it("knows comments, keywords, constants and numbers", async () => {
    await has("x = 1 «# why»", "comment.line.number-sign.ocuroot");
    await has('x = "«# no comment»"', "string.quoted.double");
    await has("«for» e in xs:", "keyword.control.flow");
    await has("[e «for» e in xs «»]".replace("«»", ""), "keyword.control.flow");
    await has("a «and» b", "keyword.operator.logical");
    await has("x = «None»", "constant.language");
    await has("x = «0x1F»", "constant.numeric.hex");
    await has("x = «1.5e3»", "constant.numeric.float");
    await has("x = «12»", "constant.numeric.integer");
  });

  it("marks words that Starlark reserves and does not have", async () => {
    await has("«class» A:", "invalid.illegal.keyword");
    await has("«import» os", "invalid.illegal.keyword");
    await hasNot("classes = «klass»", "invalid");
  });

  it("knows functions, parameters and keyword arguments", async () => {
    await has("def «build»(ctx):", "entity.name.function.ocuroot");
    await has("def build(«ctx»):", "variable.parameter.function");
    await has("def f(a, «*»args):", "keyword.operator.unpacking");
    await has('phase("x", «tasks»=[])', "variable.parameter.keyword");
    await hasNot("«tasks» = []", "variable.parameter");
    await hasNot("f(«a» == b)", "variable.parameter");
    await has("f(lambda «x»: x)", "variable.parameter.function");
    await has("f(lambda x: «None»)", "constant.language");
  });

  it("knows the SDK and the names of Starlark", async () => {
    await has("«deploy»(up=up)", "support.function.sdk");
    await has('host.«read_file»("x")', "support.function.sdk");
    await has("«host».os()", "support.class.namespace");
    await has("«len»(x)", "support.function.builtin");
    await hasNot("x.«len»(y)", "support.function.builtin");
    await has("«ctx».inputs.tag", "variable.language.ctx");
    await has("ctx.«inputs».tag", "variable.other.property");
  });

  it("knows strings of every form", async () => {
    await has("x = '«text»'", "string.quoted.single");
    await has('x = «r»"a"', "storage.type.string");
    await has('x = "a«\\n»b"', "constant.character.escape");
    await has('x = "a«\\q»b"', "invalid.illegal.escape");
    await has('x = r"a«\\n»b"', "string.quoted.double.raw");
    await hasNot('x = r"a«\\n»b"', "constant.character.escape");
    await has('x = "at «{}»".format(y)', "constant.character.format.placeholder");
    await has('x = "at «%s»" % y', "constant.character.format.placeholder");
    await has('x = """one\n«two»\nthree"""', "string.quoted.triple");
    await hasNot('x = """one"""\n«y» = 1', "string");
    await has('def f():\n    """«Says what.»"""', "string.quoted.docstring");
    await hasNot('x = "not closed\n«y» = 1', "string");
    await hasNot('x = "a \\" b" + «y»', "string");
    await has('x = ""\ny = «1»', "constant.numeric");
  });

  it("takes the parts of a ref apart", async () => {
    const ref = (marked: string) => `x = input(ref="${marked}", default=0)`;
    await has(ref("./«call»/build#output/tag"), "storage.type.kind.ref");
    await has(ref("./call/«build»#output/tag"), "entity.name.function.ref");
    await has(ref("./call/build«#»output/tag"), "punctuation.definition.fragment.ref");
    await has(ref("./call/build#«output/tag»"), "variable.other.property.ref");
    await has(ref("./-/deploy/a.ocu.star/@«r12»/deploy/eu"), "constant.other.release.ref");
    await hasNot(ref("./-/«deploy»/a.ocu.star/@/deploy/eu"), "storage.type.kind.ref");
    await has(ref("./-/deploy/a.ocu.star/@/«deploy»/eu"), "storage.type.kind.ref");
    await has(ref("./call/build#output/«{}»"), "constant.character.format.placeholder");
    await has(`x = ref("@/«environment»/staging")`, "storage.type.kind.ref");
    await has(`x = ref('./custom/«approval»')`, "entity.name.function.ref");
    await has(`f(«default»=1)`, "variable.parameter.keyword");
    await has(`x = input(ref="./a", «default»="./call/build")`, "variable.parameter.keyword");
  });

  it("sees refs in other strings by their shape, and no others", async () => {
    await has('x = "./«task»/build#output/tag"', "storage.type.kind.ref");
    await has('x = "shop/-/a.ocu.star/@«r3»/deploy/eu"', "constant.other.release.ref");
    await hasNot('x = "«./deploy.sh»"', "meta.ref");
    await hasNot('x = "«https://example.org/task/x»"', "meta.ref");
    await hasNot('x = "«a plain task/text»"', "meta.ref");
  });

  it("reads shell text in host.shell and shell", async () => {
    await has('host.shell("«docker» build .")', "support.function.builtin.shell");
    await has("shell('«echo» $HOME')", "support.function.builtin.shell");
    await has("shell('echo «$HOME»')", "variable.other.normal.shell");
    await has('host.shell(\n    "«echo» {}".format(tag),\n)', "support.function.builtin.shell");
    await has('host.shell("echo «{}»".format(tag))', "constant.character.format.placeholder");
    await has(`host.shell("echo «$\{HOME}»")`, "variable.other.normal.shell");
    await has('host.shell(command="«echo» x")', "support.function.builtin.shell");
    await has('host.shell("echo «x y»")', "meta.embedded.inline.shell");
    await hasNot('host.shell("ls", dir="«echo»")', "support.function.builtin.shell");
    await hasNot('host.shell("ls", env={"A": "«echo»"})', "support.function.builtin.shell");
    await hasNot('x.shell("«echo»")', "support.function.builtin.shell");
    await has('host.shell("a {}".format("«echo»"))', "string.quoted.double");
  });

  it("never lets shell text run over the end of its string", async () => {
    await hasNot('host.shell("echo \'it")\n«x» = 1', "string");
    await hasNot('host.shell("echo \'it", «dir»=x)', "string");
    await hasNot('host.shell("ls # all", «dir»=x)', "comment");
    await hasNot('host.shell("""\necho \'a\n""")\n«x» = 1', "string");
    await hasNot('host.shell("""echo \'a""")\n«x» = 1', "string");
    await has('host.shell("""\n«echo» a\n""")', "support.function.builtin.shell");
    await has('host.shell("""«echo» a\n""")', "support.function.builtin.shell");
    await has('host.shell("""\na\n«echo» b""")', "support.function.builtin.shell");
    await has('host.shell("""\na "quoted" «$x»\n""")', "variable.other.normal.shell");
    await hasNot('host.shell("""a""", «dir»=x)', "string");
  });

  it("treats load as an import", async () => {
    await has('«load»("lib.star", "f")', "keyword.control.import");
    await has('load("«lib.star»", "f")', "string.quoted.path.load");
    await has('load("lib.star", «g»="f")', "variable.other.alias");
  });

  it("ends every file of the fixtures in the state it started in", async () => {
    const grammar = await ocurootGrammar();
    for (const file of ["shop/frontend/release.ocu.star", "shop/repo.ocu.star", "seed/release.ocu.star"]) {
      const text = readFileSync(join(__dirname, "../../test-fixtures/repos", file), "utf8");
      let stack = INITIAL;
      for (const line of text.split("\n")) stack = grammar.tokenizeLine(line, stack).ruleStack;
      assert.equal(stack.depth, 1, `${file} leaves something open`);
    }
  });
});
