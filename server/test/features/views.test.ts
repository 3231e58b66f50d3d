import assert from "node:assert/strict";
import type { DocumentSymbol, MarkupContent, SelectionRange } from "vscode-languageserver-types";
import type { StateView } from "../../src/analysis/stateView.ts";
import { doCodeActions } from "../../src/features/codeActions.ts";
import { doCodeLenses } from "../../src/features/codeLens.ts";
import { getDocumentLinks } from "../../src/features/documentLinks.ts";
import { getDocumentSymbols } from "../../src/features/documentSymbols.ts";
import { getFoldingRanges } from "../../src/features/folding.ts";
import { doHover } from "../../src/features/hover.ts";
import { getSelectionRanges } from "../../src/features/selectionRanges.ts";
import { getSemanticTokens } from "../../src/features/semanticTokens/index.ts";
import { doSignatureHelp } from "../../src/features/signatureHelp.ts";
import { getWorkspaceSymbols } from "../../src/features/workspaceSymbols.ts";
import type { WorkStatus } from "../../src/protocol/index.ts";
import { semanticTokenTypes } from "../../src/protocol/tokenLegend.ts";
import { offsetAt } from "../../src/text/convert.ts";
import { openMarked } from "../harness.ts";

const text = `ocuroot("0.3.0")

def build(ctx):
    """Builds it.

    Twice.
    """
    host.shell("./make.sh")
    return done(outputs={"tag": ctx.inputs.base})

task(build, name="build", inputs={"base": "x"})

def up(environment, tag):
    print(environment, tag)

phase(
    "staging",
    tasks=[
        deploy(environment("eu"), up, up, inputs={"tag": ref("./task/build#output/tag")}),
        deploy(environment("us"), up, up, inputs={"tag": ref("./task/build#output/tag")}),
    ],
)
`;

const state: Partial<StateView> = {
  releases: () => [{ ref: "test/-/release.ocu.star/@r8", name: "r8", tags: [], status: "failed", commit: "abc" }],
  work: (_path, key) =>
    key === "task/build"
      ? { status: "complete", release: "r8", durationMs: 4100, runRef: "test/-/release.ocu.star/@r8/task/build/1" }
      : undefined,
  value: (ref) =>
    ref === "test/-/release.ocu.star/task/build#output/tag" ? { value: "myapp:12", release: "r8" } : undefined,
};

async function hover(wanted: string, source = text): Promise<string | undefined> {
  const at = source.indexOf(wanted);
  assert.ok(at >= 0);
  const { snapshot, marked } = await openMarked(`${source.slice(0, at + 1)}$0${source.slice(at + 1)}`, { state });
  const found = doHover(snapshot, marked.cursor);
  if (found === null) return undefined;
  const range = found.range;
  assert.ok(range);
  const [start, end] = [offsetAt(snapshot.file.source, range.start), offsetAt(snapshot.file.source, range.end)];
  return `${marked.text.slice(start, end)}: ${(found.contents as MarkupContent).value}`;
}

describe("hover", () => {
  it("documents SDK functions, members and arguments", async () => {
    assert.match((await hover("task(build")) ?? "", /^task: ```starlark\ntask\(fn, name/);
    assert.match((await hover("shell(")) ?? "", /^shell: .*exit_code/s);
    assert.match((await hover("host.")) ?? "", /^host: The machine/);
    assert.match((await hover("inputs={")) ?? "", /^inputs: `inputs`: dict of inputs/);
    assert.match((await hover("print(")) ?? "", /^print: /);
  });

  it("shows functions with their documentation", async () => {
    assert.match(
      (await hover("build, name")) ?? "",
      /^build: ```starlark\ndef build\(ctx\)\n```\n\nBuilds it\.\n\nTwice\./,
    );
  });

  it("shows what a ref means, where it comes from and its value", async () => {
    const found = (await hover("task/build#")) ?? "";
    assert.match(found, /^task: /);
    assert.match(found, /test\/-\/release\.ocu\.star\/task\/build#output\/tag/);
    assert.match(found, /Comes from `task build`.*line 11/);
    assert.match(found, /Now: `myapp:12` \(from r8\)/);
  });

  it("shows where an input comes from, and the last status of work", async () => {
    assert.match((await hover("base})")) ?? "", /^base: Input `base`.*"x"/s);
    assert.match((await hover('build", inputs')) ?? "", /^build: .*✓ r8 done in 4\.1 s/s);
  });

  it("shows what work said as text, whatever it said", async () => {
    const news = "[retry](command:ocuroot.setState) <b>now</b>";
    const work = () => ({ status: "failed", release: "r8", news }) as const;
    const opened = await openMarked('def b(ctx):\n    pass\n\ntask(b, name="a`$0b")\n', { state: { work } });
    const { value } = doHover(opened.snapshot, opened.marked.cursor)?.contents as MarkupContent;
    assert.equal(
      value,
      "**task ``a`b``**\n\nLast: ✗ r8 failed: \\[retry\\](command:ocuroot.setState) \\<b\\>now\\</b\\>",
    );
  });

  it("shows nothing where there is nothing to say", async () => {
    assert.equal(await hover("return"), undefined);
    assert.equal(await hover("staging"), undefined);
  });
});

describe("signature help", () => {
  async function help(marked: string): Promise<[string, string] | undefined> {
    const opened = await openMarked(marked);
    const found = doSignatureHelp(opened.snapshot, opened.marked.cursor);
    const signature = found?.signatures[0];
    if (!found || !signature) return undefined;
    const label = signature.parameters?.[found.activeParameter ?? 0]?.label;
    return [signature.label, Array.isArray(label) ? signature.label.slice(label[0], label[1]) : ""];
  }

  it("follows the arguments", async () => {
    assert.deepEqual(await help("def f(a, b=1):\n    pass\n\nf($0)\n"), ["f(a, b=1)", "a"]);
    assert.deepEqual(await help("def f(a, b=1):\n    pass\n\nf(1, $0)\n"), ["f(a, b=1)", "b=1"]);
    assert.deepEqual(await help("def f(a, b=1):\n    pass\n\nf(b=$0)\n"), ["f(a, b=1)", "b=1"]);
    assert.equal((await help("host.shell($0)\n"))?.[1], "command");
    assert.equal((await help("def b():\n    pass\n\ntask(b, $0\n"))?.[1], "name");
    assert.equal((await help("x = len($0)\n"))?.[0], "len(x)");
  });

  it("is of the innermost call, and of none outside", async () => {
    assert.equal((await help("def f(a):\n    pass\n\nf(host.shell($0))\n"))?.[0].startsWith("host.shell("), true);
    assert.equal(await help("def f(a):\n    pass\n\nf(1)$0\n"), undefined);
  });
});

describe("outline", () => {
  it("shows phases with their work, functions and variables", async () => {
    const { snapshot } = await openMarked(`${text}LIMIT = 3\n`);
    const show = (each: DocumentSymbol): unknown => [each.name, each.detail ?? "", ...(each.children ?? []).map(show)];
    assert.deepEqual(getDocumentSymbols(snapshot).map(show), [
      ["build", "(ctx)"],
      ["build", "task"],
      ["up", "(environment, tag)"],
      ["staging", "phase", ["eu", "deploy"], ["us", "deploy"]],
      ["LIMIT", ""],
    ]);
  });

  it("of the workspace finds names by their letters", async () => {
    const { workspace } = await openMarked(text, { files: { "lib.star": "def builder():\n    pass\n" } });
    assert.deepEqual(
      getWorkspaceSymbols(workspace.repositories, "bld")
        .map((each) => each.name)
        .sort(),
      ["build", "build", "builder"],
    );
    // What they are in beside their file, which clients show by themselves.
    const found = getWorkspaceSymbols(workspace.repositories, "");
    assert.deepEqual(
      found.map((each) => [each.name, each.containerName ?? ""]),
      [
        ["builder", ""],
        ["build", ""],
        ["eu", "staging"],
        ["us", "staging"],
        ["build", ""],
        ["up", ""],
      ],
    );
  });
});

it("folds bodies, calls, displays, strings, loads and comments", async () => {
  const { snapshot } = await openMarked(`load("./a.star", "a")\nload("./b.star", "b")\n\n# One\n# two\n\n${text}`);
  const ranges = getFoldingRanges(snapshot).map((each) => [each.startLine, each.endLine, each.kind ?? ""]);
  assert.deepEqual(ranges, [
    [0, 1, "imports"],
    [3, 4, "comment"],
    [8, 14, ""],
    [9, 12, ""],
    [18, 19, ""],
    [21, 26, ""],
    [23, 25, ""],
  ]);
});

it("grows selections from a piece of a ref to the file", async () => {
  const at = text.indexOf("build#output") + 2;
  const { snapshot } = await openMarked(text);
  const texts: string[] = [];
  for (
    let range: SelectionRange | undefined = getSelectionRanges(snapshot, [at])[0];
    range !== undefined;
    range = range.parent
  ) {
    const { source } = snapshot.file;
    texts.push(source.text.slice(offsetAt(source, range.range.start), offsetAt(source, range.range.end)));
  }
  assert.deepEqual(texts.slice(0, 4), [
    "build",
    "./task/build#output/tag",
    '"./task/build#output/tag"',
    'ref("./task/build#output/tag")',
  ]);
  assert.equal(texts.at(-1), text);
});

it("links loads, files in refs and scripts", async () => {
  const linked = `load("./lib.star", "x")\n\ndef up(environment, y):\n    host.shell("./run.sh {}".format(x + y))\n\ndeploy(environment("a"), up, up, inputs={"y": ref("./-/lib.star/@/custom/z")})\n`;
  const { snapshot, folder } = await openMarked(linked, { files: { "lib.star": "x = 1\n", "run.sh": "" } });
  const targets = getDocumentLinks(snapshot).map((each) =>
    each.target?.slice(each.target.indexOf(folder) + folder.length),
  );
  assert.deepEqual(targets, ["/lib.star", "/lib.star", "/run.sh"]);
});

it("shows lenses on the file and the last status of work", async () => {
  const { snapshot } = await openMarked(text, { state });
  const titles = doCodeLenses(snapshot).map((each) => `${each.range.start.line}: ${each.command?.title}`);
  assert.deepEqual(titles, [
    "0: $(rocket) New release",
    "0: $(debug-restart) Retry r8",
    "0: $(type-hierarchy) Phases",
    "10: ✓ r8 done in 4.1 s",
    "10: $(run-below) Run…",
    "18: $(run-below) Run…",
    "19: $(run-below) Run…",
  ]);
});

describe("lenses on work whose name is computed", () => {
  const released = (work: Readonly<Record<string, readonly [phase: string, status: string]>>): Partial<StateView> => ({
    allWork: () => Object.entries(work).map(([key, [phase]]) => ({ key, phase })),
    work: (_path, key) =>
      work[key] === undefined
        ? undefined
        : { status: work[key][1] as WorkStatus, release: "r3", runRef: `run of ${key}` },
  });
  const lenses = async (body: string, work: Parameters<typeof released>[0]) => {
    const { snapshot } = await openMarked(`def up(environment):\n    return done()\n\n${body}`, {
      state: released(work),
    });
    const { source } = snapshot.file;
    return doCodeLenses(snapshot)
      .filter((each) => each.command?.title.includes("r3"))
      .map(({ range, command }) => ({
        line: source.lineText(range.start.line).trim().slice(0, 30),
        title: command?.title,
        log: (command?.arguments as string[] | undefined)?.[1],
      }));
  };
  const phases = `phase("test", [deploy(e, up, up) for e in environments()])
phase("prod", [
    deploy(e, up, up) for e in environments()
])
`;

  it("say what happened in its phase, the gravest first", async () => {
    const found = await lenses(phases, {
      "deploy/a": ["test", "complete"],
      "deploy/b": ["test", "complete"],
      "deploy/c": ["prod", "complete"],
      "deploy/d": ["prod", "failed"],
      "deploy/e": ["prod", "complete"],
    });
    assert.deepEqual(
      found.map((each) => [each.title, each.log]),
      [
        ["✓ r3 a, b done", undefined],
        ["✗ r3 d failed · 2 of 3 done", "run of deploy/d"],
      ],
    );
  });

  it("count when there are many", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`deploy/e${at}`, ["prod", at < 9 ? "complete" : "pending"] as const]),
    );
    assert.equal((await lenses(phases, many))[0]?.title, "· r3 e9, e10, e11 waiting · 9 of 12 done");
    const all = Object.fromEntries(Object.keys(many).map((key) => [key, ["prod", "complete"] as const]));
    assert.equal((await lenses(phases, all))[0]?.title, "✓ r3 12 of 12 done");
  });

  it("leave out what has a declaration of its own, and are silent where two may be meant", async () => {
    const work = { "task/one": ["p", "complete"], "task/x": ["p", "complete"], "task/y": ["p", "failed"] } as const;
    const helper =
      'def make(n):\n    return task(up, name=n)\n\ntask(up, name="one")\nphase("p", [make("x"), make("y")])\n';
    assert.deepEqual(
      (await lenses(helper, work)).map((each) => each.title),
      ["✗ r3 y failed · 1 of 2 done", "✓ r3 done"],
    );
    const two = 'phase("p", [task(up, name=n) for n in ["x"]] + [task(up, name=n) for n in ["y"]])\n';
    assert.deepEqual(await lenses(two, work), []);
  });
});

it("colours names by what they mean, and the pieces of refs", async () => {
  const { snapshot } = await openMarked('def f(a):\n    return a\n\nx = input(ref="./task/build#output/tag")\n');
  const { data } = getSemanticTokens(snapshot);
  const found: string[] = [];
  let [line, character] = [0, 0];
  for (let index = 0; index < data.length; index += 5) {
    const [down = 0, right = 0, length = 0, type = 0] = data.slice(index, index + 4);
    line += down;
    character = down === 0 ? character + right : right;
    found.push(
      `${snapshot.file.source.lineText(line).slice(character, character + length)}:${semanticTokenTypes[type]}`,
    );
  }
  assert.deepEqual(found, [
    "f:function",
    "a:parameter",
    "a:parameter",
    "x:variable",
    "input:function",
    "ref:parameter",
    "task:keyword",
    "build:function",
    "output:property",
    "tag:property",
  ]);
});

it("offers fixes for what is under the cursor, else for the line", async () => {
  const { snapshot } = await openMarked("x = 1\nprint(undefinde)\nundefined = x\n");
  const range = (character: number) => ({ start: { line: 1, character }, end: { line: 1, character } });
  assert.deepEqual(
    doCodeActions(snapshot, range(8), undefined).map((each) => each.title),
    ["Change to `undefined`"],
  );
  assert.ok(doCodeActions(snapshot, range(0), undefined).length > 0);
  assert.deepEqual(doCodeActions(snapshot, range(8), ["source.organizeImports"]), []);
  assert.equal(doCodeActions(snapshot, range(8), ["quickfix"]).length, 1);
});
