import assert from "node:assert/strict";
import { doCodeActions } from "../../src/features/codeActions.ts";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { positionAt } from "../../src/text/convert.ts";
import { openMarked } from "../harness.ts";

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly only?: readonly string[];
}

/** Applies the action of that kind at a text (selected, or with the cursor before it); undefined when there is none. */
async function refactor(text: string, kind: string, at: string, options: Options = {}): Promise<string | undefined> {
  const { snapshot } = await openMarked(text, options.files === undefined ? {} : { files: options.files });
  const { source, uri } = snapshot.file;
  const start = text.indexOf(at);
  assert.ok(start >= 0, at);
  const end = kind === "refactor.extract" ? start + at.length : start;
  const range = { start: positionAt(source, start), end: positionAt(source, end) };
  const action = doCodeActions(snapshot, range, options.only ?? [kind]).find((each) => each.kind === kind);
  if (action === undefined) return undefined;
  let result = text;
  const edits = (action.edit?.changes?.[uri] ?? []).map(({ range: { start: from, end: to }, newText }) => ({
    start: (source.lineStarts[from.line] ?? 0) + from.character,
    end: (source.lineStarts[to.line] ?? 0) + to.character,
    newText,
  }));
  for (const edit of edits.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, edit.start) + edit.newText + result.slice(edit.end);
  }
  const after = await openMarked(result, options.files === undefined ? {} : { files: options.files });
  assert.deepEqual(
    doDiagnostics(after.snapshot).map((each) => `${each.code} ${each.message}`),
    [],
    result,
  );
  return result;
}

const convert = (text: string, at = "def f", options: Options = {}) => refactor(text, "refactor.rewrite", at, options);

describe("converting a work function", () => {
  it("from ctx to parameters", async () => {
    const text = `def f(ctx):
    tag = ctx.inputs.tag
    print(tag, ctx.inputs.size, ctx.environment.name, ctx.environment["attributes"])
    return done()

def down(environment, tag, size):
    print(environment, tag, size)

deploy(environment("eu"), up=f, down=down, inputs={"tag": "a", "size": 1})
`;
    assert.equal(
      (await convert(text))?.split("\n").slice(0, 3).join("\n"),
      'def f(environment, tag, size):\n    print(tag, size, environment["name"], environment["attributes"])\n    return done()',
    );
  });

  it("from parameters to ctx", async () => {
    const text = `def f(environment, tag, size=3):
    print(tag, size, environment["name"], environment)
    return done()

def down(ctx):
    return done()

deploy(environment("eu"), up=f, down=down, inputs={"tag": "a"})
`;
    assert.equal(
      (await convert(text))?.split("\n").slice(0, 2).join("\n"),
      'def f(ctx):\n    print(ctx.inputs.tag, getattr(ctx.inputs, "size", 3), ctx.environment.name, ctx.inputs.environment)',
    );
    const empty = 'def f():\n    return done()\n\ntask(f, name="f")\n';
    assert.match((await convert(empty)) ?? "", /^def f\(ctx\):/);
  });

  it("there and back is the same", async () => {
    const text = 'def f(a, b):\n    print(a, b)\n\ntask(f, name="f", inputs={"a": 1, "b": ref("./custom/x")})\n';
    const there = await convert(text);
    assert.ok(there !== undefined);
    assert.ok(there.startsWith("def f(ctx):\n    print(ctx.inputs.a, ctx.inputs.b)"));
    assert.equal(await convert(there), text);
  });

  it("gives what only some callers pass a default", async () => {
    const text =
      'def f(ctx):\n    print(ctx.inputs.a)\n\ntask(f, name="1", inputs={"a": 1, "b": 2})\ntask(f, name="2", inputs={"a": 1})\n';
    assert.match((await convert(text)) ?? "", /^def f\(a, b=None\):\n {4}print\(a\)/);
  });

  it("is not offered where the meaning could change", async () => {
    const work = 'task(f, name="f", inputs={"a": 1})\n';
    for (const body of [
      "def f(ctx):\n    helper(ctx)\n\ndef helper(c):\n    print(c)\n\n",
      'def f(ctx):\n    print(getattr(ctx.inputs, "a", 1))\n\n',
      "def f(ctx):\n    a = 3\n    print(a, ctx.inputs.a)\n\n",
      "a = 1\n\ndef f(ctx):\n    print(a, ctx.inputs.a)\n\n",
      "def f(a):\n    a += 1\n    print(a)\n\n",
      "def f(*a):\n    print(a)\n\n",
      "def f(ctx):\n    print(ctx.inputs.a)\n\nx = f\n",
      "def f(ctx):\n    print(ctx.inputs.a)\n\ndef g():\n    f(1)\n\n",
    ]) {
      assert.equal(await convert(body + work), undefined, body);
    }
    assert.equal(await convert("def f(ctx):\n    print(ctx.inputs.a)\n"), undefined);
    const computed = 'def f(a):\n    print(a)\n\ntask(f, name="f", inputs={n: 1 for n in ["a"]})\n';
    assert.equal(await convert(computed), undefined);
  });
});

describe("extracting an input", () => {
  const extract = (text: string, at: string) => refactor(text, "refactor.extract", at);

  it("passes the value from every caller", async () => {
    assert.equal(
      await extract('def f(a):\n    print(a, "eu-1")\n\ntask(f, name="f", inputs={"a": 1})\n', '"eu-1"'),
      'def f(a, value):\n    print(a, value)\n\ntask(f, name="f", inputs={"a": 1, "value": "eu-1"})\n',
    );
    assert.equal(
      await extract(
        'def f(ctx):\n    region = "eu"\n    print(region)\n\ntask(f, name="1")\ntask(f, name="2")\n',
        '"eu"',
      ),
      'def f(ctx):\n    region = ctx.inputs.region_2\n    print(region)\n\ntask(f, name="1", inputs={"region_2": "eu"})\ntask(f, name="2", inputs={"region_2": "eu"})\n',
    );
    assert.equal(
      await extract(
        'SIZE = 3\n\ndef f():\n    host.shell("x", env={"N": str(SIZE + 1)})\n\ntask(f, name="f")\n',
        "SIZE + 1",
      ),
      'SIZE = 3\n\ndef f(value):\n    host.shell("x", env={"N": str(value)})\n\ntask(f, name="f", inputs={"value": SIZE + 1})\n',
    );
  });

  it("is not offered for what means something only there", async () => {
    const rest = '\n\ntask(f, name="f")\n';
    assert.equal(await extract(`def f():\n    x = 1\n    print(x + 1)${rest}`, "x + 1"), undefined);
    assert.equal(await extract(`def f():\n    print(host.os())${rest}`, "host.os()"), undefined);
    assert.equal(await extract(`def f():\n    print("a" + "b")${rest}`, '"a" +'), undefined);
    assert.equal(await extract('def f():\n    print("a")\n', '"a"'), undefined);
  });
});

describe("actions on a whole file", () => {
  it("convert old spellings, refs included", async () => {
    const text = `def f(ctx):
    return done(output={"a": host.read("x")})

phase("p", work=[call(f, name="f")])
call(f, name="g", inputs={"x": input(ref="./@/call/f#output/a", default=1), "y": ref("./-/release.ocu.star/@1/call/f")})
`;
    const converted = await refactor(text, "source.convertSpellings.ocuroot", "phase", { only: ["source"] });
    assert.ok(converted !== undefined);
    assert.equal(
      converted,
      `def f(ctx):
    return done(outputs={"a": host.read_file("x")})

phase("p", tasks=[task(f, name="f")])
task(f, name="g", inputs={"x": input(ref="./@/task/f#output/a", default=1), "y": ref("./-/release.ocu.star/@r1/task/f")})
`,
    );
    assert.equal(
      await refactor(converted, "source.convertSpellings.ocuroot", "phase", { only: ["source"] }),
      undefined,
    );
    assert.equal(await refactor(text, "source.convertSpellings.ocuroot", "phase", { only: ["quickfix"] }), undefined);
  });

  it("fix all problems that have one fix", async () => {
    const text = 'version = 1\nx = versoin\ny = [1 2]\nhost.shel("ls")\n';
    const fixed = await refactor(text, "source.fixAll.ocuroot", "x", { only: ["source.fixAll"] });
    assert.equal(fixed, 'version = 1\nx = version\ny = [1, 2]\nhost.shell("ls")\n');
  });
});
