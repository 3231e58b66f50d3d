import assert from "node:assert/strict";
import { join } from "node:path";
import { Sandbox } from "../../engine/test/cli/sandbox.ts";
import { uriOfPath } from "../src/paths.ts";
import type {
  DependencyGraph,
  LastOutputResult,
  LogPlacesResult,
  PhaseGraph,
  PreviewEnvironmentsResult,
  PushEffectsResult,
  ReleaseChanges,
  RunLogResult,
  WhatIfGraph,
  WhereIsCommitResult,
  WorkFunction,
} from "../src/protocol/index.ts";
import { TestClient } from "./client.ts";

const environments = `ocuroot("0.3.0")
register_environment(environment("eu", {"type": "staging"}))
register_environment(environment("us", {"type": "production"}))
`;

const base = `ocuroot("0.3.0")

def build(ctx):
    print("building it")
    return done(outputs={"tag": "v1", "api_token": "hunter2hunter2"}, watch=["../src", "Makefile"])

def up(ctx):
    host.shell("echo up in {}".format(ctx.environment.name))
    return done(outputs={"url": "https://" + ctx.environment.name})

def down(ctx):
    return done()

task(build, name="build")
phase("deploy", tasks=[
    deploy(e, up=up, down=down, inputs={"tag": ref("./task/build#output/tag")})
    for e in environments()
])
`;

const web = `ocuroot("0.3.0")

load("./lib/say.star", "say")

def show(ctx):
    say("showing " + ctx.inputs.api)
    return next(finish, inputs={"url": ctx.inputs.api})

def finish(ctx):
    return done(outputs={"x": ctx.inputs.url})

def gone(ctx):
    return done()

phase("all", tasks=[
    deploy(
        e,
        up=show,
        down=gone,
        inputs={"api": input(ref="./-/api/release.ocu.star/@/deploy/{}#output/url".format(e.name))},
    )
    for e in environments()
])
`;

const files = {
  "repo.ocu.star": 'ocuroot("0.3.0")\n\nrepo_alias("shop")\nstore.set(store.fs(".ocuroot/store"))\n',
  ".gitignore": ".ocuroot/\n",
  "environments.ocu.star": environments,
  "api/release.ocu.star": base,
  "web.ocu.star": web,
  "lib/say.star": "def say(text):\n    print(text)\n",
  "src/main.c": "int main() {}\n",
};

describe("the whole picture, over real releases", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let client: TestClient;
  let api: string;
  let first: string;

  const ask = <Result>(method: string, params: unknown): Promise<Result> =>
    client.connection.sendRequest<Result>(`ocuroot/${method}`, params);
  const uriOf = (path: string): string => uriOfPath(join(sandbox.root, path));
  const changes = async (text: string): Promise<ReleaseChanges> => {
    await client.change(api, text);
    return ask("releaseChanges", { uri: api });
  };
  const listed = ({ changes: all }: ReleaseChanges): string[] => all.map(({ kind, id }) => `${kind} ${id}`);

  before(async () => {
    sandbox = Sandbox.create(files);
    first = sandbox.git("rev-parse", "HEAD");
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
    await sandbox.ok(["release", "new", "api/release.ocu.star"]);
    await sandbox.ok(["release", "new", "web.ocu.star"]);
    client = await TestClient.start(sandbox.root);
    api = await client.open(sandbox.path("api/release.ocu.star"), base);
    await client.until(() => client.graphs.get(api)?.release?.name === "r1", "the release in the graph");
  });

  after(async () => {
    assert.deepEqual(client.logged, []);
    await client.stop();
    sandbox.remove();
  });

  afterEach(async () => {
    await client.change(api, base);
  });

  describe("what would change if I released this now", () => {
    it("is nothing when nothing was edited but lines and comments", async () => {
      const same = await changes(base.replace("\ndef up", "\n# More about it.\n\ndef up"));
      assert.deepEqual(listed(same), []);
      assert.equal(same.base?.name, "r1");
      assert.equal(same.next, "r2");
      assert.equal(same.stale, false);
      assert.equal(same.problem, undefined);
    });

    it("tells work that came, went, moved and reads something else", async () => {
      const edited = base
        .replace('task(build, name="build")', 'task(build, name="build")\ntask(build, name="test")')
        .replace('ref("./task/build#output/tag")', 'input(ref="./task/build#output/tag", default="none")');
      const found = await changes(edited);
      assert.deepEqual(listed(found), ["changed deploy/eu", "changed deploy/us", "added task/test"]);
      assert.deepEqual(found.changes[0]?.inputs, [
        {
          name: "tag",
          kind: "changed",
          before: "shop/-/api/release.ocu.star/@r1/task/build#output/tag",
          after: "shop/-/api/release.ocu.star/@r1/task/build#output/tag (else none)",
        },
      ]);
      assert.equal(found.summary, "2 changed · 1 added · 2 may run again elsewhere");
      assert.deepEqual(found.changes[2]?.place?.range.start, { line: 14, character: 0 });
    });

    it("tells an input whose name every object has", async () => {
      const added = '{"constructor": "x", "tag": ref(';
      const found = await changes(base.replace('{"tag": ref(', added));
      assert.deepEqual(found.changes[0]?.inputs, [{ name: "constructor", kind: "added", after: "x" }]);
    });

    it("knows a function that was edited, and one that uses it", async () => {
      const edited = base
        .replace('"v1"', "version()")
        .replace("def build", 'def version():\n    return "v2"\n\ndef build');
      const found = await changes(edited);
      assert.deepEqual(listed(found), ["changed task/build"]);
      assert.deepEqual(found.changes[0]?.details, ["`build` was edited; what `build` uses was edited: `version`."]);
    });

    it("says loudest what is left deployed", async () => {
      const edited = base.replace("for e in environments()\n", 'for e in environments() if e.name != "us"\n');
      const found = await changes(edited);
      assert.deepEqual(listed(found), ["leftBehind deploy/us"]);
      assert.match(found.changes[0]?.details[0] ?? "", /^r1 stays deployed: .*ocuroot state delete shop\/-\/api/);
    });

    it("names what would run again elsewhere, with the place of the input", async () => {
      const { downstream } = await changes(base);
      assert.deepEqual(
        downstream.map(({ file, work, after, release }) => [file, work, after, release]),
        [
          ["web.ocu.star", "deploy/eu", "deploy/eu", "r1"],
          ["web.ocu.star", "deploy/us", "deploy/us", "r1"],
        ],
      );
      assert.equal(downstream[0]?.place?.uri, uriOf("web.ocu.star"));
      assert.equal(downstream[0]?.place?.range.start.line, 19);
      assert.deepEqual(downstream[0]?.because, ["shop/-/api/release.ocu.star/@/deploy/eu#output/url"]);
    });

    it("keeps to the last good text while there is an error, and says so", async () => {
      const found = await changes(base.replace("task(build", "task(biuld"));
      assert.equal(found.stale, true);
      assert.match(found.problem ?? "", /biuld/);
    });

    it("compares registered environments with those in state", async () => {
      const uri = await client.open(sandbox.path("environments.ocu.star"), environments);
      await client.change(
        uri,
        environments
          .replace('"us", {"type": "production"}', '"asia", {"type": "production"}')
          .replace("staging", "test"),
      );
      const found = await ask<ReleaseChanges>("releaseChanges", { uri });
      assert.deepEqual(listed(found), [
        "environmentRemoved environment/us",
        "environmentChanged environment/eu",
        "environmentAdded environment/asia",
      ]);
      assert.deepEqual(found.changes[1]?.details, ["`type`: `staging` → `test`."]);
      await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    });

    it("has none for a module or a file that is not there", async () => {
      assert.equal(await ask("releaseChanges", { uri: uriOf("lib/say.star") }), null);
      assert.equal(await ask("releaseChanges", { uri: "file:///nowhere/x.ocu.star" }), null);
    });
  });

  it("previews a file with other environments, and keeps nothing of it", async () => {
    const whatIf = {
      environments: [
        { name: "asia", attributes: { type: "staging" } },
        { name: "eu", attributes: { type: "production" } },
      ],
      without: ["us"],
    };
    const graph = await ask<WhatIfGraph>("phaseGraph", { uri: api, whatIf });
    assert.deepEqual(
      graph.phases.at(-1)?.cards.map((card) => card.title),
      ["asia", "eu"],
    );
    assert.deepEqual(graph.whatIf, { added: ["deploy/asia"], removed: ["deploy/us"] });
    const plain = await ask<PhaseGraph>("phaseGraph", { uri: api });
    assert.deepEqual(
      plain.phases.at(-1)?.cards.map((card) => card.title),
      ["eu", "us"],
    );
    const bad = await ask<WhatIfGraph>("phaseGraph", {
      uri: api,
      whatIf: { environments: [{ name: "a/b", attributes: {} }] },
    });
    assert.match(bad.problem?.message ?? "", /`a\/b` cannot be an environment's name/);
    const known = await ask<PreviewEnvironmentsResult>("previewEnvironments", { uri: api });
    assert.deepEqual(
      known.environments.map((each) => each.name),
      ["eu", "us"],
    );
    assert.deepEqual(known.attributes, [{ name: "type", values: ["production", "staging"] }]);
  });

  it("says which deployments contain a commit", async () => {
    const there = await ask<WhereIsCommitResult>("whereIsCommit", { uri: api });
    assert.equal(there.commit, first);
    assert.equal(there.subject, "change");
    assert.deepEqual(
      there.deployments.map(({ environment, file, state, distance }) => [environment, file, state, distance]),
      [
        ["eu", "api/release.ocu.star", "contains", 0],
        ["eu", "web.ocu.star", "contains", 0],
        ["us", "api/release.ocu.star", "contains", 0],
        ["us", "web.ocu.star", "contains", 0],
      ],
    );
    assert.equal(there.releases.length, 3);
    sandbox.write("later.txt", "x");
    sandbox.commit();
    const later = await ask<WhereIsCommitResult>("whereIsCommit", { uri: uriOfPath(sandbox.root), commit: "HEAD" });
    assert.deepEqual(
      [...new Set(later.deployments.map(({ state, distance }) => `${state} ${distance}`))],
      ["behind 1"],
    );
    assert.deepEqual(later.releases, []);
    const none = await ask<WhereIsCommitResult>("whereIsCommit", { uri: api, commit: "nowhere" });
    assert.equal(none.problem, "There is no commit `nowhere` in this repository.");
    const option = await ask<WhereIsCommitResult>("whereIsCommit", { uri: api, commit: "--output=x" });
    assert.match(option.problem ?? "", /There is no commit/);
  });

  it("leads from a line of a log to the line that printed it, and back", async () => {
    const ref = "shop/-/web.ocu.star/@r1/deploy/eu";
    const repository = uriOfPath(sandbox.root);
    const { text } = await ask<RunLogResult>("runLog", { repository, ref });
    assert.equal(text, "showing https://eu\n");
    const { places } = await ask<LogPlacesResult>("logPlaces", { repository, ref });
    assert.deepEqual(
      places.map(({ line, place, certain }) => [line, place.uri, place.range.start.line, certain]),
      [[0, uriOf("lib/say.star"), 1, true]],
    );
    const module = await client.open(sandbox.path("lib/say.star"), files["lib/say.star"]);
    await client.change(module, `# Moved down.\n\n${files["lib/say.star"]}`);
    const { outputs } = await ask<LastOutputResult>("lastOutput", { uri: module, line: 3 });
    assert.match(outputs[0]?.text ?? "", /^showing https:\/\/(eu|us)$/);
    assert.match(outputs[0]?.title ?? "", /^deploy (eu|us) · r\d$/);
    assert.equal(outputs[0]?.logLine, 0);
    assert.deepEqual((await ask<LastOutputResult>("lastOutput", { uri: module, line: 2 })).outputs, []);
    // Into a block, far to the right.
    await client.change(module, `def say(text):\n    if text:\n${" ".repeat(30)}print(text)\n`);
    const moved = await ask<LastOutputResult>("lastOutput", { uri: module });
    assert.deepEqual(
      moved.outputs.map((each) => each.line),
      [2],
    );
    const all = await ask<LastOutputResult>("lastOutput", { uri: api });
    assert.deepEqual(all.outputs.map((each) => each.line).sort(), [3, 7]);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: module } });
  });

  it("shows on the graph what a run was given, and which release that was of", async () => {
    const tag = () => {
      const cards = client.graphs.get(api)?.phases.flatMap((phase) => phase.cards) ?? [];
      return cards.find((card) => card.id === "deploy/eu")?.inputs.find((input) => input.name === "tag");
    };
    await client.until(() => tag()?.recordedBy !== undefined, "an input as it was recorded");
    assert.deepEqual([tag()?.value, tag()?.recordedBy, tag()?.from], ["v1", "r1", "task/build"]);
  });

  it("finds a work function of a module by the files that load it", async () => {
    const module = await client.open(sandbox.path("lib/steps.star"), "def step(ctx):\n    return done()\n");
    const text = 'ocuroot("0.3.0")\n\nload("./lib/steps.star", "step")\n\ntask(step, name="stepping")\n';
    const main = await client.open(sandbox.path("steps.ocu.star"), text);
    const step = await ask<WorkFunction>("workFunction", { uri: module, position: { line: 1, character: 4 } });
    assert.deepEqual([step.name, step.file], ["step", "steps.ocu.star"]);
    assert.deepEqual(
      step.uses.map(({ work, role }) => [work, role]),
      [["task/stepping", "task"]],
    );
    for (const uri of [main, module])
      await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  });

  it("finds the work function at a place, with what it would get now", async () => {
    const at = (text: string, needle: string): { line: number; character: number } => {
      const before = text.slice(0, text.indexOf(needle)).split("\n");
      return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    };
    const up = await ask<WorkFunction>("workFunction", { uri: api, position: at(base, "host.shell") });
    assert.deepEqual([up.name, up.file, up.dialect], ["up", "api/release.ocu.star", "ctx"]);
    assert.equal(up.pos, "api/release.ocu.star:7:1");
    assert.deepEqual(
      up.uses.map(({ work, role, status }) => [work, role, status]),
      [
        ["deploy/eu", "up", "complete"],
        ["deploy/us", "up", "complete"],
      ],
    );
    const [tag, environment] = up.uses[0]?.inputs ?? [];
    assert.deepEqual([tag?.name, tag?.value, tag?.from], ["tag", "v1", "state"]);
    assert.deepEqual([environment?.name, environment?.from], ["environment", "state"]);
    const webUri = await client.open(sandbox.path("web.ocu.star"), web);
    const next = await ask<WorkFunction>("workFunction", { uri: webUri, position: at(web, "done(outputs") });
    assert.deepEqual([next.name, next.uses[0]?.role, next.uses[0]?.work], ["finish", "next", "deploy/eu"]);
    assert.equal(await ask("workFunction", { uri: api, position: { line: 0, character: 0 } }), null);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: webUri } });
  });

  it("draws who waits for whom", async () => {
    const graph = await ask<DependencyGraph>("dependencyGraph", {});
    assert.deepEqual(
      graph.files.map((each) => each.id),
      ["shop/-/api/release.ocu.star", "shop/-/environments.ocu.star", "shop/-/web.ocu.star"],
    );
    assert.deepEqual(
      graph.edges.map(({ from, to, blocking, source, inputs }) => [from, to, blocking, source, inputs.length]),
      [["shop/-/web.ocu.star", "shop/-/api/release.ocu.star", true, "refs", 1]],
    );
    assert.deepEqual(graph.cycles, []);
    const own = await ask<DependencyGraph>("dependencyGraph", { uri: uriOf("environments.ocu.star") });
    assert.deepEqual(
      own.files.map((each) => each.file),
      ["environments.ocu.star"],
    );
    await client.change(
      api,
      base.replace(
        '"tag": ref("./task/build#output/tag")',
        '"tag": ref("./task/build#output/tag"), "x": ref("./-/web.ocu.star/@/deploy/{}#output/x".format(e.name))',
      ),
    );
    const circle = await ask<DependencyGraph>("dependencyGraph", {});
    assert.equal(circle.edges.length, 2);
  });

  it("refuses parameters that are none, without a failure", async () => {
    for (const method of ["releaseChanges", "whereIsCommit", "pushEffects", "lastOutput", "workFunction"]) {
      await assert.rejects(ask(method, {}), /must be/, method);
      await assert.rejects(ask(method, { uri: 7 }), /must be/, method);
    }
  });

  describe("a push", () => {
    it("causes releases that are named with their reason before it is done", async () => {
      const effects = async (path: string): Promise<string[]> => {
        const { releases } = await ask<PushEffectsResult>("pushEffects", { uri: uriOf(path) });
        return releases.map(
          ({ file, reason, causes, path: watched }) => `${file} ${reason} ${causes} ${watched ?? ""}`,
        );
      };
      // Nothing was pushed yet: everything is released.
      assert.deepEqual((await effects("src/main.c")).sort(), [
        "api/release.ocu.star watch true ../src",
        "environments.ocu.star first true ",
        "web.ocu.star first true ",
      ]);
      await sandbox.ok(["push"]);
      assert.deepEqual(await effects("src/main.c"), ["api/release.ocu.star watch true ../src"]);
      assert.deepEqual(await effects("api/Makefile"), ["api/release.ocu.star watch true Makefile"]);
      assert.deepEqual(await effects("lib/say.star"), ["web.ocu.star module false lib/say.star"]);
      assert.deepEqual(await effects("web.ocu.star"), ["web.ocu.star package true "]);
      assert.deepEqual(await effects("later.txt"), []);
      const [watch] = (await ask<PushEffectsResult>("pushEffects", { uri: uriOf("src/main.c") })).releases;
      assert.deepEqual(watch?.place?.range.start, { line: 4, character: 78 });
      sandbox.write("src/main.c", "int main() { return 1; }\n");
      sandbox.commit();
      const all = await ask<PushEffectsResult>("pushEffects", { uri: uriOfPath(sandbox.root) });
      assert.deepEqual(
        all.releases.map(({ file, reason, path }) => [file, reason, path]),
        [["api/release.ocu.star", "watch", "src/main.c"]],
      );
    });
  });

  describe("a deployment that was deleted", () => {
    it("says what was deleted and would be taken down", async () => {
      const deleted = "shop/-/api/release.ocu.star/@/deploy/eu";
      await sandbox.ok(["state", "delete", deleted]);
      const found = await changes(base);
      assert.deepEqual(listed(found), ["teardown deploy/eu"]);
      assert.match(found.changes[0]?.details[0] ?? "", /^r\d is live there and would be taken down: its deployment/);
      assert.match(found.summary, /^1 to be taken down/);
    });
  });
});
