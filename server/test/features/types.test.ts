import assert from "node:assert/strict";
import type { StateView } from "../../src/analysis/stateView.ts";
import { doComplete } from "../../src/features/completion/index.ts";
import { openMarked } from "../harness.ts";

const environments = [
  { name: "eu", attributes: { region: "eu-1", type: "staging" } },
  { name: "us", attributes: { region: "us-1", type: "production" } },
];
const files = {
  "lib/tools.star": `def run(name):
    return host.shell(name)

def settings():
    return {"region": "eu", "size": 3}

def names():
    return [e.name for e in environments()]

def make(tag):
    s = struct(tag=tag, parts=tag.split("."))
    return s

def staging():
    return [e for e in environments() if e.attributes["type"] == "staging"]

DEFAULTS = {"host": "x", "ports": [1]}
`,
};
const lib = 'load("./lib/tools.star", "run", "settings", "names", "make", "staging", "DEFAULTS")\n';

async function labels(text: string, state: Partial<StateView> = { environments }): Promise<string[]> {
  const opened = await openMarked(text, { files, state });
  return doComplete(opened.snapshot, opened.marked.cursor).map((each) => each.label);
}

/** Text before the cursor → something that must be offered, and something that must not. */
const cases: readonly (readonly [text: string, wanted: readonly string[], unwanted?: readonly string[]])[] = [
  // Results of the SDK.
  ['r = host.shell("x")\nr.$0\n', ["stdout", "stderr", "combined_output", "exit_code"], ["upper"]],
  ['host.shell("x").stdout.$0\n', ["strip", "splitlines"], ["stdout"]],
  ['x = shell("x").stdout.strip().split("\\n")\nx.$0\n', ["append", "index"], ["strip"]],
  ['x = shell("x").stdout.strip().split("\\n")\nx[0].$0\n', ["upper"]],
  ['r = http.get("x")\nr.$0\n', ["status_code", "status_text", "headers", "body"]],
  ['http.get("x").body.$0\n', ["strip"]],
  ['http.get("x").headers.$0\n', ["items", "get"]],
  ["host.$0\n", ["shell", "os", "read_file"]],
  ["http.$0\n", ["get", "post"]],
  ["json.$0\n", ["encode", "decode"]],
  ["host.env().$0\n", ["get", "items"]],
  ['host.env()["HOME"].$0\n', ["upper"]],
  ["host.os().$0\n", ["upper"]],
  ['host.read_file("x").$0\n', ["splitlines"]],
  ['host.read_dir("x")[0].$0\n', ["endswith"]],
  ["json.encode({}).$0\n", ["upper"]],
  ['secret("x").$0\n', ["upper"]],
  // Environments.
  ["[e.$0 for e in environments()]\n", ["name", "attributes"]],
  ["environments()[0].$0\n", ["name", "attributes"]],
  ["for_all = environments()\nx = [e.name.$0 for e in for_all]\n", ["upper"]],
  ['x = [e for e in environments() if e.attributes["$0"]]\n', ["region", "type"]],
  ["x = [e.attributes.$0 for e in environments()]\n", ["get", "keys"]],
  ['x = [e.attributes["region"].$0 for e in environments()]\n', ["upper"]],
  ['x = [e.attributes.get("region").$0 for e in environments()]\n', ["upper"]],
  ["x = {e.name: e for e in environments()}\nx['eu'].$0\n", ["name", "attributes"]],
  ["x = [e for e in environments() if e.name != 'x']\nx[0].$0\n", ["attributes"]],
  ["x = sorted(environments(), key=lambda e: e.$0)\n", ["name", "attributes"]],
  ["x = reversed(environments())\nx[0].$0\n", ["name"]],
  ["x = [(i, e.$0) for i, e in enumerate(environments())]\n", ["name"]],
  ['x = environment("a", {"b": "c"})\nx.$0\n', ["name", "attributes"]],
  ["def f():\n    for e in environments():\n        e.$0\n", ["name", "attributes"]],
  ["def f():\n    for e in environments()[1:]:\n        e.$0\n", ["name"]],
  // What work functions get.
  ['def f(ctx):\n    ctx.$0\n\ntask(f, name="f")\n', ["inputs"], ["environment"]],
  ['def f(ctx):\n    ctx.inputs.$0\n\ntask(f, name="f", inputs={"tag": 1})\n', ["tag"]],
  ['def f(ctx):\n    ctx.inputs.tag.$0\n\ntask(f, name="f", inputs={"tag": "a"})\n', ["upper"]],
  [
    'def f(ctx):\n    t = ctx.inputs.tag\n    t.$0\n\ntask(f, name="f", inputs={"tag": input(ref="./custom/x", default="a")})\n',
    ["upper"],
  ],
  ['def f(tag):\n    tag.$0\n\ntask(f, name="f", inputs={"tag": ["a"]})\n', ["append"]],
  [
    'def b():\n    return done(outputs={"image": {"name": "x"}})\n\ntask(b, name="b")\n\ndef f(ctx):\n    ctx.inputs.i["$0"]\n\ntask(f, name="f", inputs={"i": ref("./task/b#output/image")})\n',
    ["name"],
  ],
  [
    'def b():\n    return done(outputs={"tag": "x".strip()})\n\ntask(b, name="b")\n\ndef f(tag):\n    tag.$0\n\ntask(f, name="f", inputs={"tag": ref("./task/b#output/tag")})\n',
    ["upper"],
  ],
  [
    'def f(ctx):\n    ctx.environment.$0\n\ndef g(ctx):\n    pass\n\ndeploy(environment("a"), f, g)\n',
    ["name", "attributes"],
  ],
  [
    'def f(ctx):\n    ctx.environment.attributes["$0"]\n\ndef g(ctx):\n    pass\n\ndeploy(environment("a"), f, g)\n',
    ["region"],
  ],
  ['def f(environment):\n    environment["$0"]\n\ndeploy(environment("a"), f, f)\n', ["name", "attributes"]],
  ['def f(environment):\n    environment["attributes"]["$0"]\n\ndeploy(environment("a"), f, f)\n', ["region"]],
  ['def f(ctx):\n    ctx.inputs.environment["$0"]\n\ndeploy(environment("a"), f, f)\n', ["name"]],
  ["def up_in(e):\n    e.$0\n\nx = [up_in(e) for e in environments()]\n", ["name", "attributes"]],
  [
    'def make(e):\n    return deploy(e.$0, up, up)\n\ndef up(environment):\n    pass\n\nphase("x", tasks=[make(e) for e in environments()])\n',
    ["name"],
  ],
  // Values of the file.
  ['x = struct(tag="a", count=1)\nx.$0\n', ["tag", "count"]],
  ['x = struct(tag="a", count=1)\nx.tag.$0\n', ["upper"], ["tag"]],
  ["x = struct(inner=struct(deep=[1]))\nx.inner.$0\n", ["deep"]],
  ['x = {"a": {"b": "c"}}\nx["$0"]\n', ["a"]],
  ['x = {"a": {"b": "c"}}\nx["a"]["$0"]\n', ["b"]],
  ['x = {"a": {"b": "c"}}\nx["a"]["b"].$0\n', ["upper"]],
  ['x = {"a": [1]}\nx.get("a").$0\n', ["append"]],
  ['x = {"a": "s", "b": "t"}\nfor_each = [v.$0 for v in x.values()]\n', ["upper"]],
  ['x = {"a": [1]}\ny = [v.$0 for k, v in x.items()]\n', ["append"]],
  ['x = {"a": [1]}\ny = [k.$0 for k, v in x.items()]\n', ["upper"]],
  ['x = [k.$0 for k in {"a": 1}]\n', ["upper"]],
  ['x = dict(a="b")\nx["$0"]\n', ["a"]],
  ['x = ("a", [1])\nx[1].$0\n', ["append"]],
  ['a, b = "x", [1]\nb.$0\n', ["append"]],
  ['"a".$0\n', ["upper", "format"]],
  ["[].$0\n", ["append"]],
  ["{}.$0\n", ["items"]],
  ['("a" + "b").$0\n', ["upper"]],
  ['("a %s" % 1).$0\n', ["upper"]],
  ['("a" if x else "b").$0\n', ["upper"]],
  ['("a" or None).$0\n', ["upper"]],
  ['x = "a"[1:]\nx.$0\n', ["upper"]],
  ["x = [1, 2][1:]\nx.$0\n", ["append"]],
  ["x = [1] + [2]\nx.$0\n", ["append"]],
  ['x = {"a": 1} | {"b": 2}\nx["$0"]\n', ["a", "b"]],
  ["str(1).$0\n", ["upper"]],
  ["list(range(3)).$0\n", ["append"]],
  ['x = [s.$0 for s in "a b".split()]\n', ["upper"]],
  ['x = ", ".join([])\nx.$0\n', ["upper"]],
  ['x = zip(["a"], [1])\ny = x[0][0].$0\n', ["upper"]],
  ['x = max(["a"])\nx.$0\n', ["upper"]],
  ["def f(*args, **kw):\n    args.$0\n", ["index"].slice(1)],
  ["def f(**kw):\n    kw.$0\n", ["items"]],
  ['def f(x="a"):\n    x.$0\n', ["upper"]],
  // Results of functions.
  ['def f():\n    return "a"\n\nf().$0\n', ["upper"]],
  ['def f():\n    return host.shell("x")\n\nf().$0\n', ["stdout"]],
  ["def f(x):\n    if x:\n        return None\n    return [1]\n\nf(1).$0\n", ["append"]],
  ['def f():\n    x = {"a": 1}\n    return x\n\nf()["$0"]\n', ["a"]],
  ["f = lambda: [1]\nf().$0\n", ["append"]],
  ["def f(e):\n    return e\n\nf(environments()).$0\n", ["append"]],
  [`${lib}run("x").$0\n`, ["stdout"]],
  [`${lib}settings()["$0"]\n`, ["region", "size"]],
  [`${lib}names()[0].$0\n`, ["upper"]],
  [`${lib}make("a.b").$0\n`, ["tag", "parts"]],
  [`${lib}make("a.b").parts.$0\n`, ["append"]],
  [`${lib}x = [e.$0 for e in staging()]\n`, ["name", "attributes"]],
  [`${lib}DEFAULTS["$0"]\n`, ["host", "ports"]],
  [`${lib}DEFAULTS["ports"].$0\n`, ["append"]],
  // What is put into lists and dicts after they were made.
  ["def f():\n    all = []\n    for e in environments():\n        all.append(e)\n    all[0].$0\n", ["attributes"]],
  ["all = []\n[all.insert(0, struct(q=1)) for i in range(3)]\nx = [a.$0 for a in all]\n", ["q"]],
  ["def f():\n    all = []\n    all += [struct(q=1)]\n    all[0].$0\n", ["q"]],
  ["def f():\n    all = []\n    all.extend([struct(q=1)])\n    all[0].$0\n", ["q"]],
  [
    "def f():\n    by = {}\n    for e in environments():\n        by[e.name] = e\n    [e.$0 for e in by.values()]\n",
    ["name"],
  ],
  [
    'def f():\n    by = {}\n    for e in environments():\n        by.setdefault(e.name, []).append(e)\n    by["x"][0].$0\n',
    ["name"],
  ],
  ["def f():\n    by = {1: []}\n    by[1].append(struct(q=1))\n    [v.$0 for k, v in by.items()]\n", ["append"], ["q"]],
  ["by = {e.name: e for e in environments()}\nx = by.get(1).$0\n", ["attributes"]],
  ["x = {str(1): struct(q=1)}\nx.values()[0].$0\n", ["q"]],
  // Of lists and operations what tells most.
  ["x = [None, struct(q=1)]\nx[0].$0\n", ["q"]],
  ["x = [] + [struct(q=1)]\nx[0].$0\n", ["q"]],
  ['x = 3 * "a"\nx.$0\n', ["upper"]],
  // Structs and options made of what calls name.
  ['def make(**all):\n    return struct(name="x", **all)\n\nmake(host="h", port=1).$0\n', ["name", "host", "port"]],
  ['def make(**all):\n    return struct(**all)\n\nmake(host="h").host.$0\n', ["upper"]],
  ['struct(**{"host": "h"}).$0\n', ["host"]],
  ['def f(a, **all):\n    all["$0"]\n\nf(1, b=2)\nf(a=1, c=3)\n', ["b", "c"], ["a"]],
  ['def f(a, *all):\n    [each.$0 for each in all]\n\nf(1)\nf(1, "x")\n', ["upper"]],
  // Lambdas that are work functions.
  ['task(lambda ctx: done(outputs={"x": ctx.inputs.$0}), name="a", inputs={"abc": 1})\n', ["abc"], ["environment"]],
  ['task(fn=lambda ctx: done(outputs={"x": ctx.$0}), name="a")\n', ["inputs"], ["environment"]],
];

describe("what may follow", () => {
  for (const [text, wanted, unwanted = []] of cases) {
    it(JSON.stringify(text.replace(lib, "load(…)\n")), async () => {
      const found = await labels(text);
      for (const label of wanted)
        assert.ok(found.includes(label), `${label} is not among ${found.join(", ") || "nothing"}`);
      for (const label of unwanted) assert.ok(!found.includes(label), `${label} is offered`);
    });
  }

  it("never fails on values that are defined by themselves", async () => {
    for (const text of [
      "def f():\n    return f()\n\nf().$0\n",
      "def f(x):\n    return g(x)\n\ndef g(x):\n    return f(x)\n\nf(1).$0\n",
      "x = x.$0\n",
      "x = [x for x in x]\nx[0].$0\n",
      "def f(a):\n    f(a)\n    a.$0\n\nf(1)\n",
      "def f():\n    x = []\n    x.append(x)\n    x[0].$0\n",
      "def f():\n    x, y = [], []\n    x.append(y)\n    y.append(x)\n    x[0][0].$0\n",
      "def f(**k):\n    return struct(**f(**k))\n\nf(a=f(b=1)).$0\n",
      "def f(**k):\n    k.$0\n    f(**k)\n    f(x=k)\n",
    ]) {
      await labels(text);
    }
  });
});
