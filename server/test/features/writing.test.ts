import assert from "node:assert/strict";
import type { CompletionItem, TextEdit } from "vscode-languageserver-types";
import type { StateView } from "../../src/analysis/stateView.ts";
import { doCodeActions } from "../../src/features/codeActions.ts";
import { doComplete } from "../../src/features/completion/index.ts";
import { offsetAt, rangeOf } from "../../src/text/convert.ts";
import { openMarked } from "../harness.ts";

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly state?: Partial<StateView>;
}

interface Offered {
  /** As an editor shows them: sorted, those that do not begin with what is typed left out. */
  readonly labels: readonly string[];
  readonly items: readonly CompletionItem[];
  /** The whole text once an item is accepted, what it changes elsewhere included. */
  accept(label: string): string;
}

async function offered(text: string, options: Options = {}): Promise<Offered> {
  const { snapshot, marked } = await openMarked(text, options);
  const { source } = snapshot.file;
  const startOf = (item: CompletionItem): number => offsetAt(source, (item.textEdit as TextEdit).range.start);
  const items = doComplete(snapshot, marked.cursor)
    .filter((item) => {
      const typed = source.text.slice(startOf(item), marked.cursor);
      return (item.filterText ?? item.label).toLowerCase().startsWith(typed.toLowerCase());
    })
    .sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
  return {
    items,
    labels: items.map((each) => each.label),
    accept: (label) => {
      const item = items.find((each) => each.label === label);
      assert.ok(item, `no ${label} among ${items.map((each) => each.label).join(", ")}`);
      const edits = [item.textEdit as TextEdit, ...(item.additionalTextEdits ?? [])];
      return edits
        .map((each) => ({
          start: offsetAt(source, each.range.start),
          end: offsetAt(source, each.range.end),
          text: each.newText,
        }))
        .sort((a, b) => b.start - a.start)
        .reduce((result, each) => result.slice(0, each.start) + each.text + result.slice(each.end), source.text);
    },
  };
}

async function first(text: string, count: number, options: Options = {}): Promise<readonly string[]> {
  return (await offered(text, options)).labels.slice(0, count);
}

const twoEnvironments: Partial<StateView> = {
  environments: [
    { name: "eu", attributes: { type: "staging" } },
    { name: "us", attributes: { type: "prod" } },
  ],
};

describe("writing a package file", () => {
  describe("what comes first", () => {
    it("is what declares work at the top level, and what does it in a function", async () => {
      assert.deepEqual(await first("t$0\n", 1), ["task"]);
      assert.deepEqual(await first("de$0\n", 2), ["def", "deploy"]);
      assert.deepEqual(await first("def f():\n    ho$0\n", 1), ["host"]);
      assert.deepEqual(await first("def f():\n    d$0\n", 1), ["done"]);
      assert.deepEqual(await first("def f():\n    host.$0\n", 1), ["shell"]);
    });

    it("is a word of the language only where it may stand", async () => {
      const top = await offered("$0\n");
      for (const each of ["return", "for", "if", "else", "break"]) assert.ok(!top.labels.includes(each), each);
      const inFunction = await offered("def f():\n    $0\n    pass\n");
      assert.ok(inFunction.labels.includes("return") && !inFunction.labels.includes("load"));
      assert.ok(!inFunction.labels.includes("break"));
      const inLoop = await offered("def f():\n    for x in [1]:\n        $0\n        pass\n");
      assert.ok(inLoop.labels.includes("break"));
    });

    it("is what fits the argument", async () => {
      const before = "def build():\n    pass\n\nVALUE = 1\n";
      assert.deepEqual(await first(`${before}task(fn=$0)\n`, 1), ["build"]);
      assert.deepEqual(await first(`${before}task(build, "b", inputs={"x": $0})\n`, 2), ["input", "ref"]);
      assert.deepEqual(await first(`${before}host.shell("ls", mute=$0)\n`, 2), ["False", "True"]);
      assert.deepEqual(await first(`${before}phase("p", tasks=[$0])\n`, 2), ["deploy", "task"]);
      const inLoop = `${before}phase("p", [deploy(environment=$0, up=build) for one in environments()])\n`;
      assert.deepEqual(await first(inLoop, 1), ["one"]);
    });

    it("is no keyword argument where none may begin, nor before what is printed", async () => {
      const { labels } = await offered("task(lambda: $0)\n");
      assert.ok(!labels.includes("name="));
      assert.deepEqual(await first("def f(text):\n    print($0)\n", 1), ["text"]);
    });
  });

  describe("names of one's own", () => {
    it("are left alone", async () => {
      for (const text of ["def $0", "x = lambda $0", "x = lambda a, $0", "x = [y for $0]", "def f():\n    for $0"]) {
        assert.deepEqual((await offered(text)).labels, [], text);
      }
    });

    it("are the inputs, where they are parameters of a work function", async () => {
      const work = 'task(build, "build", inputs={"tag": 1, "size": ref("./custom/x")})\n';
      assert.deepEqual((await offered(`def build($0\n\n${work}`)).labels, ["tag", "size"]);
      assert.deepEqual((await offered(`def build(tag, $0):\n    pass\n\n${work}`)).labels, ["size"]);
      assert.deepEqual((await offered(`def build($0, size):\n    pass\n\n${work}`)).labels, ["tag"]);
      const deployment = 'deploy(environment("eu"), up, down, inputs={"tag": 1})\n';
      assert.deepEqual((await offered(`def up($0\n\n${deployment}`)).labels, ["environment", "tag"]);
      assert.deepEqual((await offered("def up($0\n")).labels, ["ctx", "environment"]);
      assert.deepEqual((await offered(`def up(ctx, $0\n\n${deployment}`)).labels, []);
    });

    it("are what `next` hands on", async () => {
      const text = 'def up(environment):\n    return next(check, inputs={"id": 1})\n\ndef check($0\n';
      assert.deepEqual((await offered(text)).labels, ["environment", "id"]);
    });
  });

  describe("keys", () => {
    it("are known of a deployment's environment before anything is deployed", async () => {
      const up = (index: string): string => `def up(environment):\n    x = environment${index}\n`;
      assert.deepEqual((await offered(up('["$0"]'))).labels, ["attributes", "name"]);
      const options = { state: twoEnvironments };
      assert.deepEqual((await offered(up('["attributes"]["$0"]'), options)).labels, ["type"]);
    });

    it("of outputs are those that refs ask for, those of other ends, and local values", async () => {
      const text = `def build():
    version = 1
    if version:
        return done(outputs={"sum": 2})
    return done(outputs={"$0"})

task(build, "build")

def use(x):
    print(x)

task(use, "use", inputs={"x": ref("./task/build#output/tag")})
`;
      const files = {
        "other.ocu.star":
          'def f(y):\n    print(y)\n\ntask(f, "f", inputs={"y": ref("./-/release.ocu.star/@/task/build#output/digest")})\n',
        "else.ocu.star": 'x = ref("./-/third.ocu.star/@/task/build#output/none")\n',
      };
      const { items, labels } = await offered(text, { files });
      assert.deepEqual(labels, ["digest", "tag", "sum", "version"]);
      assert.equal(items[0]?.detail, "asked for in other.ocu.star");
      const open = text.replace('{"$0"})', '{"$0');
      assert.deepEqual((await offered(open, { files })).labels.slice(0, 2), ["digest", "tag"]);
    });

    it("of inputs are offered in a string that is not closed, whatever follows", async () => {
      const before = "def f(tag):\n    print(tag)\n\n";
      for (const rest of ["", "\n", "\n\nx = 1\n"]) {
        assert.deepEqual((await offered(`${before}task(f, "f", inputs={"$0${rest}`)).labels, ["tag"], rest);
      }
    });
  });

  describe("paths and other text", () => {
    const files = { "scripts/db/up.sh": "", "scripts/run.sh": "", "src/a.ts": "" };

    it("are those of the repository, where the SDK takes a path", async () => {
      const inside = (text: string) => offered(`def f():\n    ${text}\n`, { files });
      assert.deepEqual((await inside('host.read_file("s$0")')).labels, ["scripts/", "src/"]);
      assert.deepEqual((await inside('host.read_file("scripts/$0")')).labels, ["db/", "run.sh"]);
      assert.deepEqual((await inside('host.shell("ls", dir="scripts/$0")')).labels, ["db/"]);
      assert.deepEqual((await inside('return done(watch=["x", "sr$0"])')).labels, ["src/"]);
      assert.match((await inside('host.read_file("scr$0ipts/run.sh")')).accept("scripts/"), /"scripts\/run\.sh"/);
      assert.deepEqual((await inside('host.read_file("../$0")')).labels, []);
    });

    it("are shells, and kinds of environments for phases", async () => {
      assert.deepEqual((await offered('def f():\n    host.shell("ls", shell="ba$0")\n')).labels, ["bash"]);
      const text = 'phase("staging", [])\nphase("$0")\n';
      assert.deepEqual((await offered(text, { state: twoEnvironments })).labels, ["prod"]);
    });
  });

  describe("names of other modules", () => {
    const files = {
      "lib/kube.star": "def apply(env, image):\n    pass\n\ndef _own():\n    pass\n\nLIMITS = {}\n",
      "lib/git.star": "def tag():\n    pass\n",
    };

    it("bring their `load` along, below the version and other loads", async () => {
      const { accept, items } = await offered('ocuroot("0.3.0")\n\nx = app$0\n', { files });
      assert.equal(accept("apply"), 'ocuroot("0.3.0")\nload("./lib/kube.star", "apply")\n\nx = apply\n');
      assert.match(items.find((each) => each.label === "apply")?.detail ?? "", /^apply\(env, image\)/);
      const below = await offered('load("./lib/git.star", "tag")\nx = tag\ny = app$0\n', { files });
      assert.match(below.accept("apply"), /^load\(.*git.*\)\nload\("\.\/lib\/kube\.star", "apply"\)\nx = tag\n/);
      const start = await offered("x = 1\ny = app$0\n", { files });
      assert.match(start.accept("apply"), /^load\("\.\/lib\/kube\.star", "apply"\)\nx = 1\n/);
    });

    it("go into the `load` that is there, and not in twice", async () => {
      const { accept, labels } = await offered('load("lib/kube.star", "LIMITS")\nx = LIMITS\ny = a$0\n', { files });
      assert.match(accept("apply"), /^load\("lib\/kube\.star", "LIMITS", "apply"\)\nx = LIMITS\ny = apply\n$/);
      assert.ok(!labels.includes("_own"));
      const again = await offered('load("lib/kube.star", mine="apply")\nx = mine\ny = a$0\n', { files });
      assert.ok(!again.labels.includes("apply"));
    });

    it("are offered in quotes between the parentheses of a `load`", async () => {
      assert.equal(
        (await offered('load("lib/kube.star", $0)\n', { files })).accept("apply"),
        'load("lib/kube.star", "apply")\n',
      );
      assert.equal((await offered("load($0)\n", { files })).accept("./lib/git.star"), 'load("./lib/git.star")\n');
      assert.equal(
        (await offered('load("lib/kube.star", a=$0)\n', { files })).accept("apply"),
        'load("lib/kube.star", a="apply")\n',
      );
    });

    it("are left out of a load again where they are used by nothing", async () => {
      const after = async (text: string): Promise<string | undefined> => {
        const { snapshot, marked } = await openMarked(text, { files });
        const range = rangeOf(snapshot.file.source, { start: marked.cursor, end: marked.cursor });
        const action = doCodeActions(snapshot, range, undefined).find((each) => each.title === "Do not load it");
        const [edit] = Object.values(action?.edit?.changes ?? {})[0] ?? [];
        const { source } = snapshot.file;
        return (
          edit &&
          source.text.slice(0, offsetAt(source, edit.range.start)) + source.text.slice(offsetAt(source, edit.range.end))
        );
      };
      const use = "x = LIMITS\n";
      assert.equal(
        await after(`load("lib/kube.star", "ap$0ply", "LIMITS")\n${use}`),
        `load("lib/kube.star", "LIMITS")\n${use}`,
      );
      assert.equal(
        await after(`load("lib/kube.star", "LIMITS", a$0="apply")\n${use}`),
        `load("lib/kube.star", "LIMITS")\n${use}`,
      );
      // What the module does when it is loaded may be wanted.
      assert.equal(await after('load("lib/kube.star", "ap$0ply")\n'), undefined);
    });

    it("mend an undefined name", async () => {
      const { snapshot, marked } = await openMarked("x = app$0ly()\n", { files });
      const range = rangeOf(snapshot.file.source, { start: marked.cursor, end: marked.cursor });
      const action = doCodeActions(snapshot, range, undefined).find((each) => each.title.startsWith("Load"));
      assert.equal(action?.title, "Load `apply` from lib/kube.star");
      const [edit] = Object.values(action?.edit?.changes ?? {})[0] ?? [];
      assert.equal(edit?.newText, 'load("./lib/kube.star", "apply")\n');
    });
  });
});
