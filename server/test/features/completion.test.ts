import assert from "node:assert/strict";
import type { CompletionItem, TextEdit } from "vscode-languageserver-types";
import type { StateView } from "../../src/analysis/stateView.ts";
import { doComplete } from "../../src/features/completion/index.ts";
import { offsetAt } from "../../src/text/convert.ts";
import { type Opened, openMarked } from "../harness.ts";

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly state?: Partial<StateView>;
}

interface Completed extends Opened {
  readonly items: readonly CompletionItem[];
  readonly labels: readonly string[];
  /** The text after an item is accepted. */
  accept(label: string): string;
}

async function complete(text: string, options: Options = {}): Promise<Completed> {
  const opened = await openMarked(text, options);
  const items = doComplete(opened.snapshot, opened.marked.cursor);
  return {
    ...opened,
    items,
    labels: items.map((each) => each.label),
    accept: (label) => {
      const item = items.find((each) => each.label === label);
      assert.ok(item, `no item ${label} among ${items.map((each) => each.label).join(", ")}`);
      const { range, newText } = item.textEdit as TextEdit;
      const { source } = opened.snapshot.file;
      const [start, end] = [offsetAt(source, range.start), offsetAt(source, range.end)];
      // Editors filter by what stands between the range's start and the cursor.
      const typed = source.text.slice(start, opened.marked.cursor).toLowerCase();
      assert.ok(
        isSubsequence(typed, (item.filterText ?? item.label).toLowerCase()),
        `${typed} hides ${item.filterText}`,
      );
      return source.text.slice(0, start) + newText + source.text.slice(end);
    },
  };
}

function isSubsequence(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Completes in `ref("…")` of a package with a build, and returns what stands in the quotes afterwards. */
async function completeRef(content: string, options: Options & { wrap?: (quoted: string) => string } = {}) {
  const wrap = options.wrap ?? ((quoted) => `ref(${quoted})`);
  const text = `def build():
    return done(outputs={"tag": "v1", "image": {"name": "a", "digest": "b"}})

task(build, name="build")
task(build, name="lint")

def test(x):
    return done()

task(test, name="test", inputs={"x": ${wrap(`"${content}"`)}})
`;
  const completed = await complete(text, options);
  return {
    ...completed,
    accept: (label: string): string => /"x": [^"]*"([^"]*)"/.exec(completed.accept(label))?.[1] ?? "",
  };
}

describe("completion", () => {
  describe("of names", () => {
    it("offers locals, functions of the file, SDK and language, in this order", async () => {
      const { items, accept } = await complete("def helper(x):\n    local = x\n    lo$0\n");
      const sorted = [...items]
        .sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1))
        .map((each) => each.label);
      const order = ["local", "helper", "host", "len"].map((each) => sorted.indexOf(each));
      assert.ok(
        order.every((each) => each >= 0),
        `${order}`,
      );
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
      assert.match(accept("local"), / {4}local\n$/);
    });

    it("replaces the whole word in the middle of it", async () => {
      const { accept } = await complete("def build():\n    pass\n\ntask(bu$0ld)\n");
      assert.match(accept("build"), /task\(build\)/);
    });

    it("offers nothing for a name that is being made up, in comments and in numbers", async () => {
      assert.deepEqual((await complete("def bu$0ild():\n    pass\n")).labels, []);
      assert.deepEqual((await complete("x = 1 # com$0ment\n")).labels, []);
      assert.deepEqual((await complete("x = 12$0\n")).labels, []);
    });

    it("has repository functions only in repo.ocu.star", async () => {
      assert.ok(!(await complete("$0")).labels.includes("repo_alias"));
      const inRepository = await complete("re$0", { main: "repo.ocu.star", files: {} });
      assert.ok(inRepository.labels.includes("repo_alias"));
      assert.ok(!inRepository.labels.includes("phase"));
    });

    it("has documentation and signatures", async () => {
      const { items } = await complete("tas$0\n");
      const task = items.find((each) => each.label === "task");
      assert.match(task?.detail ?? "", /^task\(fn, name, annotation=…, inputs=…\)/);
      assert.ok(task?.documentation);
    });

    it("offers snippets where a statement of the file begins", async () => {
      assert.ok((await complete("pha$0\n")).labels.includes("phase of deployments"));
      assert.ok(!(await complete("def f():\n    pha$0\n")).labels.includes("phase of deployments"));
      assert.ok(!(await complete("x = [pha$0]\n")).labels.includes("phase of deployments"));
    });
  });

  describe("of keyword arguments", () => {
    it("offers those that are missing, required ones first", async () => {
      const { labels, accept } = await complete("def build():\n    pass\n\ntask(build, $0)\n");
      assert.ok(!labels.includes("fn="));
      assert.deepEqual(labels.slice(0, 3), ["name=", "annotation=", "inputs="]);
      assert.match(accept("name="), /task\(build, name="\$1"\$0\)/);
    });

    it("works in an unfinished call, and on the next line", async () => {
      assert.ok((await complete("def build():\n    pass\n\ntask(build, $0\n")).labels.includes("name="));
      assert.ok(
        (await complete("def build():\n    pass\n\ntask(\n    build,\n    $0\n\nx = 1\n")).labels.includes("name="),
      );
      assert.ok((await complete("def build():\n    pass\n\ntask(build, na$0\n")).labels.includes("name="));
      assert.ok(
        (await complete('def build():\n    pass\n\ntask(\n    build,\n    name="x",\n    in$0\n)\n')).labels.includes(
          "inputs=",
        ),
      );
    });

    it("replaces only the name when there is a value", async () => {
      const { accept } = await complete('def build():\n    pass\n\ntask(build, na$0="x")\n');
      assert.match(accept("name="), /task\(build, name="x"\)/);
    });

    it("knows functions of the file", async () => {
      const { labels } = await complete("def f(a, b, c=1):\n    pass\n\nf(1, $0)\n");
      assert.deepEqual(labels.slice(0, 2), ["b=", "c="]);
    });

    it("goes on in the spelling of the file", async () => {
      const { labels } = await complete('phase("a", work=[])\nphase("b", $0)\n');
      assert.ok(labels.includes("work="));
      assert.ok(!labels.includes("tasks="));
    });

    it("offers none inside a value", async () => {
      assert.ok(!(await complete("def build():\n    pass\n\ntask(build, name=$0)\n")).labels.includes("inputs="));
      assert.ok(!(await complete("def build():\n    pass\n\ntask(build, inputs=[$0])\n")).labels.includes("name="));
    });
  });

  describe("after a dot", () => {
    it("offers members of host with their documentation", async () => {
      const { labels, accept } = await complete("host.$0\n");
      assert.ok(labels.includes("shell"));
      assert.ok(labels.includes("read_file"));
      assert.match(accept("shell"), /^host\.shell/);
    });

    it("offers inputs that callers pass", async () => {
      const { labels, items } = await complete(
        'def up(ctx):\n    print(ctx.inputs.$0)\n\ndef down(ctx):\n    pass\n\ndeploy(environment("a"), up, down, inputs={"tag": input(ref="./call/build#output/tag"), "n": 3})\n',
      );
      assert.deepEqual(labels, ["tag", "n", "environment"]);
      assert.match(items[0]?.detail ?? "", /call\/build/);
    });

    it("offers ctx's fields; environment only where there is one", async () => {
      assert.deepEqual((await complete("def b(ctx):\n    ctx.$0\n\ntask(b, name='b')\n")).labels, ["inputs"]);
      const deployed = "def u(ctx):\n    ctx.$0\n\ndeploy(environment('a'), u, u)\n";
      assert.deepEqual((await complete(deployed)).labels, ["inputs", "environment"]);
    });

    it("knows environments, results and methods by type", async () => {
      assert.deepEqual(
        (await complete("def u(ctx):\n    ctx.environment.$0\n\ndeploy(environment('a'), u, u)\n")).labels,
        ["name", "attributes"],
      );
      assert.deepEqual((await complete("x = [e.$0 for e in environments()]\n")).labels, ["name", "attributes"]);
      assert.deepEqual((await complete("def f():\n    r = shell('ls')\n    r.$0\n")).labels, [
        "stdout",
        "stderr",
        "combined_output",
        "exit_code",
      ]);
      assert.ok((await complete("x = 'abc'.$0\n")).labels.includes("upper"));
      assert.ok((await complete("x = [1]\nx.$0\n")).labels.includes("append"));
      assert.deepEqual((await complete("s = struct(a=1, b=2)\nt = s.$0\n")).labels, ["a", "b"]);
    });

    it("knows the environment that a helper hands to deploy", async () => {
      const text =
        "def d(e):\n    return deploy(environment=e, up=u, down=u, inputs={'x': e.$0})\n\ndef u(environment, x):\n    pass\n";
      assert.deepEqual((await complete(text)).labels, ["name", "attributes"]);
    });
  });

  describe("in keys", () => {
    const files = {
      "environments.ocu.star": 'register_environment(environment("eu", {"type": "prod", "region": "eu-west-1"}))\n',
    };

    it("offers attributes of the environments that are known, and their values", async () => {
      assert.deepEqual((await complete('x = [e.attributes["$0"] for e in environments()]\n', { files })).labels, [
        "type",
        "region",
      ]);
      const compared = await complete('x = [e for e in environments() if e.attributes["type"] == "$0"]\n', { files });
      assert.deepEqual(compared.labels, ["prod"]);
      assert.match(compared.accept("prod"), /== "prod"\]/);
      const state = { environments: [{ name: "us", attributes: { tier: "1" } }] };
      assert.deepEqual((await complete('x = [e.attributes.get("$0") for e in environments()]\n', { state })).labels, [
        "tier",
      ]);
    });

    it("offers the environment's keys in the parameter dialect, and keys of dicts of the file", async () => {
      const text = 'def u(environment):\n    x = environment["$0"]\n\ndeploy(environment("a"), u, u)\n';
      assert.deepEqual((await complete(text)).labels, ["name", "attributes"]);
      assert.deepEqual((await complete('d = {"one": 1, "two": 2}\nx = d["$0"]\n')).labels, ["one", "two"]);
    });

    it("offers the inputs that a function wants", async () => {
      const text = 'def b(tag, image, n=1):\n    pass\n\ntask(b, name="b", inputs={"tag": 1, "$0"})\n';
      assert.deepEqual((await complete(text)).labels, ["image", "n"]);
      const ctx = 'def b(ctx):\n    print(ctx.inputs.tag)\n\ntask(b, name="b", inputs={"$0": 1})\n';
      assert.deepEqual((await complete(ctx)).labels, ["tag"]);
    });
  });

  describe("in load", () => {
    const files = {
      "lib/tools.star": "def make(x):\n    pass\n\ndef _private():\n    pass\n\nLIMIT = 3\n",
      "lib/more.star": "",
    };

    it("offers paths, as the file writes them", async () => {
      const { labels, accept } = await complete('load("$0")\n', { files });
      assert.deepEqual(labels, ["./lib/more.star", "./lib/tools.star"]);
      assert.match(accept("./lib/tools.star"), /load\("\.\/lib\/tools\.star"\)/);
      assert.deepEqual((await complete('load("lib/t$0", "make")\n', { files })).labels, [
        "lib/more.star",
        "lib/tools.star",
      ]);
      assert.deepEqual((await complete('load("$0")\n', { files, main: "apps/a.ocu.star" })).labels, [
        "../lib/more.star",
        "../lib/tools.star",
      ]);
    });

    it("offers what the module defines and is not loaded yet", async () => {
      assert.deepEqual((await complete('load("./lib/tools.star", "$0")\n', { files })).labels, ["make", "LIMIT"]);
      assert.deepEqual((await complete('load("./lib/tools.star", "make", "$0")\n', { files })).labels, ["LIMIT"]);
    });
  });

  it("offers SDK versions", async () => {
    assert.match((await complete('ocuroot("$0")\n')).accept("0.3.0"), /ocuroot\("0\.3\.0"\)/);
  });

  describe("in refs", () => {
    it("starts with the ways a ref can start, and whole refs to outputs of this file", async () => {
      const { labels, accept } = await completeRef("$0");
      for (const each of ["./", "./@/", "./-/", "@/", "./task/build#output/tag"])
        assert.ok(labels.includes(each), each);
      assert.equal(accept("./"), "./");
      assert.equal(accept("./task/build#output/tag"), "./task/build#output/tag");
      assert.equal((await completeRef(".$0")).accept("./@/"), "./@/");
    });

    it("offers kinds, the most recent release and other files after `./`", async () => {
      const { labels, accept } = await completeRef("./$0");
      assert.deepEqual(labels, ["task/", "deploy/", "custom/", "@/", "-/"]);
      assert.equal(accept("task/"), "./task/");
      assert.equal((await completeRef("./ta$0")).accept("task/"), "./task/");
    });

    it("offers names of work, but not the work itself", async () => {
      const { labels, accept } = await completeRef("./task/$0");
      assert.deepEqual(labels, ["build", "lint"]);
      assert.equal(accept("build"), "./task/build#output/");
      assert.deepEqual((await completeRef("./@/task/$0")).labels, ["build", "lint", "test"]);
    });

    it("offers outputs, and keys below them", async () => {
      assert.equal((await completeRef("./task/build#$0")).accept("output/"), "./task/build#output/");
      const { labels, accept } = await completeRef("./task/build#output/$0");
      assert.deepEqual(labels, ["tag", "image"]);
      assert.equal(accept("tag"), "./task/build#output/tag");
      assert.deepEqual((await completeRef("./task/build#output/image/$0")).labels, ["name", "digest"]);
    });

    it("replaces one piece in the middle of a ref", async () => {
      assert.equal((await completeRef("./task/$0build#output/tag")).accept("lint"), "./task/lint#output/tag");
      assert.equal((await completeRef("./t$0k/build#output/tag")).accept("task/"), "./task/build#output/tag");
      assert.equal((await completeRef("./task/build#output/t$0")).accept("tag"), "./task/build#output/tag");
      assert.equal((await completeRef("./task/build#out$0/tag")).accept("output/"), "./task/build#output/tag");
    });

    it("works in strings that are not closed", async () => {
      const text =
        'def build():\n    return done(outputs={"tag": 1})\n\ntask(build, name="build")\ntask(build, name="t", inputs={"x": input(ref="./task/$0\n';
      const { labels, accept } = await complete(text);
      assert.deepEqual(labels, ["build"]);
      assert.match(accept("build"), /input\(ref="\.\/task\/build#output\/\n$/);
    });

    it("works in templates", async () => {
      const format = (quoted: string): string => `ref(${quoted}.format(1))`;
      const files = {
        "other/a.ocu.star":
          'def up(environment):\n    return done(outputs={"host": 1})\n\ndeploy(environment("eu"), up, up)\n',
      };
      const completed = await completeRef("./-/other/a.ocu.star/@/deploy/{}#output/$0", { wrap: format, files });
      assert.deepEqual(completed.labels, ["host"]);
      assert.equal(completed.accept("host"), "./-/other/a.ocu.star/@/deploy/{}#output/host");
    });

    it("works in single and triple quotes, raw strings and after escapes", async () => {
      const base =
        'def b():\n    return done(outputs={"tag": 1})\n\ntask(b, name="b")\ntask(b, name="c", inputs={"x": ref(Q)})\n';
      for (const quoted of ["'./task/$0'", '"""./task/$0"""', 'r"./task/$0"', '"\\u002e/task/$0"']) {
        const { labels } = await complete(base.replace("Q", quoted));
        assert.deepEqual(labels, ["b"], quoted);
      }
    });

    it("offers files of the repository, and goes on with the most recent release", async () => {
      const files = { "backend/release.ocu.star": "", "lib/tools.star": "" };
      const fromRoot = await completeRef("./-/$0", { files });
      assert.deepEqual(fromRoot.labels, ["backend/release.ocu.star"]);
      assert.equal(fromRoot.accept("backend/release.ocu.star"), "./-/backend/release.ocu.star/@/");
      assert.equal(
        (await completeRef("./-/backend/re$0", { files })).accept("release.ocu.star"),
        "./-/backend/release.ocu.star/@/",
      );
      assert.deepEqual((await completeRef("./-/backend/release.ocu.star/$0", { files })).labels, ["@/"]);
    });

    it("offers environments, releases, tags and custom state", async () => {
      const state: Partial<StateView> = {
        environments: [{ name: "staging", attributes: { type: "staging" } }],
        releases: () => [
          { ref: "test/-/release.ocu.star/@r8", name: "r8", tags: ["v1.2.0"], status: "complete", commit: "abc" },
        ],
        customNames: (prefix) => (prefix === "@/custom" || prefix === "@/custom/" ? ["freeze"] : []),
        value: (ref) =>
          ref === "test/-/release.ocu.star/task/build#output/tag" ? { value: "myapp:12", release: "r8" } : undefined,
      };
      assert.deepEqual((await completeRef("@/environment/$0", { state })).labels, ["staging"]);
      assert.deepEqual((await completeRef("./@$0", { state })).labels, ["@/", "@r8/", "@v1.2.0/"]);
      assert.equal((await completeRef("./@$0", { state })).accept("@r8/"), "./@r8/");
      assert.deepEqual((await completeRef("@/custom/$0", { state })).labels, ["freeze"]);
      const outputs = await completeRef("./task/build#output/$0", { state });
      assert.equal(outputs.items.find((each) => each.label === "tag")?.detail, "myapp:12 (r8)");
    });

    it("says `call` where the file does", async () => {
      const text =
        'def b():\n    return done(outputs={"tag": 1})\n\ncall(b, name="b")\ncall(b, name="c", inputs={"x": ref("./$0")})\n';
      assert.ok((await complete(text)).labels.includes("call/"));
    });
  });
});
