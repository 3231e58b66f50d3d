import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { fixtures, openFolder, openMarked } from "../harness.ts";
import { applyFix, diagnose, problems } from "./diagnosticsHelper.ts";

const build =
  'def build():\n    return done(outputs={"tag": "v1"})\n\ntask(build, name="build")\n\ndef test(x):\n    print(x)\n\n';
const up = "def up(environment):\n    return done()\n\ndef down(environment):\n    return done()\n\n";

describe("diagnostics", () => {
  describe("of sample repositories", () => {
    for (const name of readdirSync(join(fixtures, "repos"))) {
      it(name, async () => {
        const found = (await openFolder(join(fixtures, "repos", name))).flatMap(doDiagnostics);
        assert.deepEqual(
          found.map((each) => each.code),
          name === "seed-broken" ? ["syntax/missing-comma"] : [],
        );
      });
    }
  });

  it("gives each broken sample what it is there for, and nothing else", async () => {
    const folder = join(fixtures, "broken");
    const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<string, string[]>;
    const names = readdirSync(folder).filter((each) => each.endsWith(".star"));
    assert.deepEqual(names.sort(), Object.keys(expected).sort());
    for (const name of names) {
      const text = readFileSync(join(folder, name), "utf8");
      const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
      const found = (await diagnose(text)).map(({ code, span }) => `${lineOf(span.start)} ${code}`);
      assert.deepEqual(found, expected[name], name);
    }
  });

  it("never throws on a prefix of a package", async function () {
    this.timeout(20_000);
    const text = readFileSync(join(fixtures, "repos/seed/release.ocu.star"), "utf8");
    for (let end = 0; end < text.length; end += 11) doDiagnostics((await openMarked(text.slice(0, end))).snapshot);
  });

  it("reads CRLF, a byte order mark and characters outside of the basic plane", async () => {
    assert.deepEqual(await problems(build.replaceAll("\n", "\r\n")), []);
    assert.deepEqual(await problems('x = "🚀🚀"; y = undefinde\r\n'), ["name/undefined undefinde"]);
    assert.deepEqual(await problems(`${build}task(test, name="t", inputs={"x": ref("./task/build#output/🚀")})`), [
      "refs/unknown-output 🚀",
    ]);
  });

  describe("with a syntax error", () => {
    it("leaves out what depends on the damaged text", async () => {
      const found = await diagnose(
        'def build(\n    return done()\n\ntask(build, name="build")\nphase("x", tasks=[build])\n',
      );
      assert.ok(
        found.every((each) => each.code.startsWith("syntax/")),
        found.map((each) => each.code).join(),
      );
    });

    it("still shows problems of other statements", async () => {
      const found = await diagnose(`${build}task(build, name="build")\n\nx = [1 2]\n`);
      assert.deepEqual(
        found.map((each) => each.code),
        ["sdk/work-twice", "syntax/missing-comma"],
      );
    });
  });

  describe("of names", () => {
    it("fades unused locals and loads, and nothing that a contract asks for", async () => {
      const text = `load("./lib.star", "used", "spare")

def build(ctx):
    x = used()
    for i in range(3):
        print("again")
    _ignored, rest = 1, 2
    return done()

def helper(a, b):
    return a

def up(environment, tag):
    helper(1, 2)

def callback(c):
    return 1

task(build, name="build")
deploy(environment("a"), up, up, inputs={"tag": 1})
l = sorted([1], key=callback)
`;
      const files = { "lib.star": "def used(_a=1, unread=2):\n    pass\n\ndef spare():\n    pass\n" };
      assert.deepEqual(await problems(text, { files }), ["name/unused spare", "name/unused x", "name/unused b"]);
    });

    it("takes a misspelled use for the use", async () => {
      const [found, another] = await diagnose(
        'def build():\n    version = 1\n    return done(outputs={"v": versoin})\n',
      );
      assert.match(found?.message ?? "", /`version`/);
      assert.equal(another, undefined);
    });
  });

  describe("of calls", () => {
    it("counts arguments of known functions", async () => {
      const functions =
        "def f(a, b=1, *, c=2):\n    print(a, b, c)\n\ndef g(*args, **kwargs):\n    print(args, kwargs)\n\n";
      assert.deepEqual(await problems(`${functions}f(1)\nf(*[1])\nf(**{"a": 1})\ng(1, 2, x=3)\nf(1, c=3)\n`), []);
      assert.deepEqual(await problems(`${functions}f(1, 2, 3)\n`), ["call/too-many-arguments 3"]);
      assert.deepEqual(await problems(`${functions}f(1, d=3)\n`), ["call/unknown-argument d"]);
      assert.deepEqual(await problems(`${functions}f(1, a=2)\n`), ["call/repeated-argument a"]);
      assert.deepEqual(await problems(`${functions}f(b=2)\n`), ["call/missing-argument f"]);
    });

    it("fixes a name and adds what is missing", async () => {
      assert.match(await applyFix("def f(alpha):\n    print(alpha)\n\nf(alpah=1)\n"), /f\(alpha=1\)/);
      assert.match(await applyFix("def f(alpha):\n    print(alpha)\n\nf()\n"), /f\(alpha=None\)/);
    });
  });

  describe("of loads", () => {
    const files = {
      "lib/tools.star": "def make():\n    pass\n\n_hidden = 1\n",
      "lib/loop.star": 'load("../release.ocu.star", "x")\ny = x\n',
    };

    it("misses files and symbols", async () => {
      assert.deepEqual(await problems('load("./lib/tols.star", "make")\nmake()\n', { files }), [
        "load/missing-file ./lib/tols.star",
      ]);
      assert.deepEqual(await problems('load("./lib/tools.star", "mke")\nmke()\n', { files }), [
        "load/missing-symbol mke",
      ]);
      assert.deepEqual(await problems('load("../outside.star", "y")\ny()\n', { files }), [
        "load/outside-repository ../outside.star",
      ]);
      const [hidden] = await diagnose('load("./lib/tools.star", "_hidden")\nx = _hidden\n', { files });
      assert.match(hidden?.code ?? "", /private/);
    });

    it("finds cycles and names them", async () => {
      const [found] = await diagnose('load("./lib/loop.star", "y")\nx = y\n', { files });
      assert.equal(found?.code, "load/cycle");
      assert.match(found.message, /release\.ocu\.star → lib\/loop\.star → release\.ocu\.star/);
    });

    it("offers the nearest file", async () => {
      assert.match(
        await applyFix('load("./lib/tols.star", "make")\nmake()\n', { files }),
        /load\("\.\/lib\/tools\.star"/,
      );
    });

    it("judges nothing outside of a repository that is listed", async () => {
      const { snapshot } = await openMarked('load("./nowhere.star", "x")\nx()\n');
      const file = {
        ...snapshot.file,
        repository: undefined,
        facts: snapshot.file.facts,
        resolution: snapshot.file.resolution,
      };
      const bare = {
        ...file,
        module: snapshot.file.module,
        source: snapshot.file.source,
        sdk: snapshot.file.sdk,
        role: snapshot.file.role,
        path: undefined,
      };
      assert.deepEqual(
        doDiagnostics({ ...snapshot, file: { ...bare, uri: "untitled:1", version: 1, syntaxDiagnostics: [] } }),
        [],
      );
    });
  });

  describe("of SDK calls", () => {
    it("knows arguments", async () => {
      const text = `${build}task(test, name="t", inptus={"x": 1})\n`;
      assert.deepEqual(await problems(text), ["sdk/unknown-argument inptus"]);
      assert.match(await applyFix(text), /inputs=\{"x": 1\}/);
      assert.deepEqual(await problems('phase(name="a", work=[], tasks=[])\n'), ["sdk/repeated-argument tasks"]);
      assert.deepEqual(await problems('phase(name="a", work=None, tasks=[])\n'), []);
      assert.deepEqual(await problems("environments(1)\n"), ["sdk/too-many-arguments 1"]);
      assert.deepEqual(await problems(`${build}task(build, name=3)\n`), ["sdk/wrong-type 3"]);
      assert.deepEqual(await problems('phase("x", tasks={})\n'), ["sdk/wrong-type {}"]);
      assert.deepEqual(await problems('host.shel("ls")\n'), ["sdk/unknown-member shel"]);
      assert.deepEqual(await problems(`${build}task(build, name="t", annotation=None)\n`), []);
      assert.deepEqual(await problems('print("a", "b", sep=", ")\nx = struct(a=1, b=2)\ny = json.encode({})\n'), []);
    });

    it("misses required ones, and adds them", async () => {
      assert.deepEqual(
        (await diagnose("def b():\n    pass\n\ntask(b)\n")).map((each) => [each.code, each.message]),
        [["sdk/missing-argument", "`task` needs `name` (string)."]],
      );
      assert.match(await applyFix("def b():\n    pass\n\ntask(b)\n"), /task\(b, name=""\)/);
      assert.match(await applyFix("def b():\n    pass\n\ntask(\n    b,\n)\n"), /task\(\n {4}b,\n {4}name="",\n\)/);
      assert.match(
        await applyFix("def b():\n    pass\n\ntask(\n    b # the build\n)\n"),
        /task\(\n {4}b,\n {4}name="", # the build\n\)/,
      );
    });

    it("checks the version", async () => {
      assert.deepEqual(await problems('ocuroot("9.9.9")\n'), ["sdk/unknown-version 9.9.9"]);
      assert.match(await applyFix('ocuroot("9.9.9")\n'), /ocuroot\("0\.3\.0"\)/);
      assert.deepEqual(await problems('ocuroot("0.3.0")\nocuroot("0.3.0")\n'), ["sdk/version-place ocuroot"]);
      assert.deepEqual(await problems('V = "0.3.0"\nocuroot(V)\n'), ["sdk/version-place V"]);
      assert.deepEqual(await problems('def f():\n    ocuroot("0.3.0")\n\nf()\n'), ["sdk/version-place ocuroot"]);
      for (const version of ["0.3.0", "0.3.14", "0.3.x", ">=0.3", "~0.3", "^0.3"])
        assert.deepEqual(await problems(`ocuroot("${version}")\n`), []);
    });

    it("knows where functions are allowed", async () => {
      assert.deepEqual(await problems('repo_alias("x")\n'), ["sdk/wrong-place repo_alias"]);
      assert.deepEqual(await problems('repo_alias("x")\nstore.set(store.fs("x"))\n', { main: "repo.ocu.star" }), []);
      assert.deepEqual(await problems('def b():\n    pass\n\ntask(b, name="b")\n', { main: "repo.ocu.star" }), [
        "sdk/wrong-place task",
      ]);
    });

    it("checks names, tags, inputs and thrown-away results", async () => {
      assert.deepEqual(await problems('register_environment(environment("a b"))\n'), ['sdk/environment-name "a b"']);
      const tags = await problems('def b():\n    return done(tags=["v1", "r12", "12", "a/b", "ok-1.2_3"])\n');
      assert.deepEqual(tags, ['sdk/bad-tag "r12"', 'sdk/bad-tag "12"', 'sdk/bad-tag "a/b"']);
      assert.deepEqual(await problems("x = input()\n"), ["sdk/empty-input input()"]);
      assert.deepEqual(await problems('def b():\n    done(outputs={"a": 1})\n'), ["sdk/unused-result done"]);
      assert.match(await applyFix('def b():\n    done(outputs={"a": 1})\n'), /^ {4}return done/m);
      assert.deepEqual(await problems(`${up}deploy(environment("a"), up, down, inputs={"environment": 1})\n`), [
        'sdk/environment-input "environment"',
      ]);
      assert.deepEqual(await problems('def b(**kw):\n    print(kw)\n\ntask(b, name="b", inputs={"a b": 1})\n'), [
        'sdk/input-name "a b"',
      ]);
    });
  });

  describe("of work", () => {
    it("finds names and environments used twice, and says where first", async () => {
      const [task] = await diagnose(`${build}task(build, name="build")\n`);
      assert.equal(task?.code, "sdk/work-twice");
      assert.equal(task.related?.length, 1);
      const twice = `${up}deploy(environment("a"), up, down)\ndeploy(environment("a"), up, down)\n`;
      assert.deepEqual(await problems(twice), ['sdk/environment-twice environment("a")']);
    });

    it("leaves work in loops, helpers and branches to evaluation", async () => {
      const text =
        'def build():\n    return done()\n\n[task(build, name=n) for n in ["a", "b"]]\n\ndef make(n):\n    return task(build, name="x" + n)\n\nmake("1")\nmake("2")\n';
      assert.deepEqual(await problems(text), []);
    });

    it("wants `up` and `down` at top level", async () => {
      const found = await problems('deploy(environment("a"), lambda environment: 1, lambda environment: 2)\n');
      assert.deepEqual(found, ["sdk/not-top-level lambda environment: 1", "sdk/not-top-level lambda environment: 2"]);
    });

    it("keeps environments and work apart", async () => {
      const found = await problems(
        'register_environment(environment("a"))\n\ndef b():\n    return done()\n\ntask(b, name="b")\n',
      );
      assert.deepEqual(found, ["sdk/environments-and-work task"]);
    });
  });

  it("misses scripts of shell commands", async () => {
    const text = `def b():
    host.shell("./scripts/deploy.sh {}".format(1))
    shell("./scripts/deplyo.sh x")
    shell("docker build ./nowhere")
    shell("./gen.sh", dir="x")
    host.write_file("made.sh", "x")
    shell("./made.sh")
`;
    const files = { "scripts/deploy.sh": "" };
    assert.deepEqual(await problems(text, { files }), ["shell/missing-script ./scripts/deplyo.sh"]);
    assert.match(await applyFix(text, { files }), /shell\("\.\/scripts\/deploy\.sh x"\)/);
  });

  it("does not miss what git ignores: it is made, and not there yet", async () => {
    const text = `def b():
    shell("./bin/app && ./node_modules/.bin/eslint . && ./tools/gen.sh && ./tools/kept.sh && ./bin2/app")
`;
    const files = { ".gitignore": "# made\n/bin/\n", "tools/.gitignore": "*.sh\n!kept.sh\n" };
    assert.deepEqual(await problems(text, { files }), [
      "shell/missing-script ./tools/kept.sh",
      "shell/missing-script ./bin2/app",
    ]);
  });

  it("knows the environments that a file makes for itself", async () => {
    const text = `def up(environment):
    return done(outputs={"host": "h"})

def show(host):
    print(host)

edge = environment("edge")
phase("all", [deploy(e, up, up) for e in environments() + [edge]])
task(show, name="a", inputs={"host": ref("./deploy/edge#output/host")})
task(show, name="b", inputs={"host": ref("./deploy/egde#output/host")})
`;
    const files = { "envs.ocu.star": 'register_environment(environment("eu"))\n' };
    assert.deepEqual(await problems(text, { files }), ["refs/unknown-environment egde"]);
  });
});
