import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "mocha";
import { openRepository } from "../../src/package/repository.ts";
import { DirectHost, makeRepository, summary, testParser } from "./helpers.ts";

const defaultStores = { state: { kind: "fs", path: ".ocuroot/store" }, isDefault: true };

async function open(
  source: string | undefined,
  variables: Record<string, string> = {},
  more: Record<string, string> = {},
) {
  const root = makeRepository(source === undefined ? {} : { "repo.ocu.star": source, ...more });
  const host = new DirectHost();
  const session = openRepository({ parser: await testParser(), root, host, variables });
  return { session, host, evaluation: session.evaluate() };
}

describe("repository configuration", () => {
  it("has defaults, with an empty file and without one", async () => {
    for (const source of ["", undefined]) {
      const { evaluation } = await open(source);
      assert.deepEqual(evaluation, {
        model: {
          sdkVersion: "0.3.0",
          stores: defaultStores,
          remotes: [],
          releaseIgnore: [],
          hasTrigger: false,
          source: "",
        },
        problems: [],
      });
    }
  });

  it("is set by calls", async () => {
    const source = `
ocuroot("0.3.0")
repo_alias("shop")
store.set(
    store.git("git@github.com:a/state.git", branch="state", create_branch=False, support_files={"ci.yml": "é"}),
    intent=store.fs("../intent"),
)
remotes(["https://github.com/a/b.git"])
release_ignore(["examples/**"])
def start(commit):
    host.shell("echo " + commit)
trigger(start)
`;
    const { evaluation, session, host } = await open(source);
    assert.deepEqual(evaluation.problems, []);
    assert.deepEqual(evaluation.model, {
      sdkVersion: "0.3.0",
      alias: "shop",
      stores: {
        state: {
          kind: "git",
          remoteUrl: "git@github.com:a/state.git",
          branch: "state",
          createBranch: false,
          supportFiles: { "ci.yml": "é" },
        },
        intent: { kind: "fs", path: "../intent" },
        isDefault: false,
      },
      remotes: ["https://github.com/a/b.git"],
      releaseIgnore: ["examples/**"],
      trigger: { name: "start", pos: "repo.ocu.star:10:1" },
      hasTrigger: true,
      source,
    });
    assert.equal(session.trigger("abc"), undefined);
    assert.equal(host.commands[0]?.command, "echo abc");
  });

  it("is set by globals", async () => {
    const { evaluation } = await open(`
repo_alias = "shop"
repo_remotes = ["https://github.com/a/b.git"]
release_ignore = ("a", "b")
state_store = store.fs("state")
intent_store = store.git("https://h/x.git")
def trigger(commit):
    pass
`);
    assert.deepEqual(evaluation.problems, []);
    assert.equal(evaluation.model?.alias, "shop");
    assert.deepEqual(evaluation.model?.remotes, ["https://github.com/a/b.git"]);
    assert.deepEqual(evaluation.model?.releaseIgnore, ["a", "b"]);
    assert.deepEqual(evaluation.model?.stores, {
      state: { kind: "fs", path: "state" },
      intent: { kind: "git", remoteUrl: "https://h/x.git", createBranch: true, supportFiles: {} },
      isDefault: false,
    });
    assert.equal(evaluation.model?.trigger?.name, "trigger");
  });

  it("prefers the variable to the global, and the global to the call", async () => {
    const { evaluation } = await open(
      `
load("settings.star", "set")
set()
repo_alias = "global"
release_ignore = ["global"]
`,
      { OCU_CFG_repo_alias: "", OCU_CFG_repo_remotes: "a.git, b.git\nc.git", OCU_CFG_release_ignore: '["variable"]' },
      { "settings.star": 'def set():\n    repo_alias("call")\n    release_ignore(["call"])\n    remotes(["call"])\n' },
    );
    assert.deepEqual(evaluation.problems, []);
    assert.equal(evaluation.model?.alias, "global");
    assert.deepEqual(evaluation.model?.releaseIgnore, ["variable"]);
    assert.deepEqual(evaluation.model?.remotes, ["a.git", "b.git", "c.git"]);
    const other = await open('repo_alias = "global"\n', { OCU_CFG_repo_alias: "variable" });
    assert.equal(other.evaluation.model?.alias, "variable");
  });

  const wrong: readonly (readonly [string, readonly string[]])[] = [
    [
      'store.set(store.fs("a"))\nstore.set(store.fs("b"))',
      ["repository/store-twice 2: the store is set twice [it is set here first: 1]"],
    ],
    [
      'state_store = store.fs("a")\nstore.set(store.fs("b"))',
      ["repository/store-twice 2: the store is set twice: by `store.set(...)` and by `state_store`"],
    ],
    ['intent_store = store.fs("a")', ["repository/store 1: `intent_store` is set, but `state_store` is not"]],
    ['state_store = "a"', ["repository/setting 1: `state_store` is a string, want store.fs(...) or store.git(...)"]],
    ["repo_alias = 1", ["repository/setting 1: `repo_alias` is an int, want string"]],
    ["release_ignore = [1]", ["repository/setting 1: `release_ignore`[0] is an int, want string"]],
    ['repo_alias("a b")', ['repository/alias 1: the alias "a b" cannot be the repository part of a ref']],
    ['store.set("a")', ["sdk/wrong-type 1: store.set: for parameter state: got string, want store"]],
    [
      'def f():\n    pass\ntask(f, "a")',
      ["sdk/wrong-place 3: `task` belongs in a package file, not in `repo.ocu.star`"],
    ],
    ["environments()", ["sdk/wrong-place 1: `environments` belongs in a package file, not in `repo.ocu.star`"]],
    ['fail("x")', ["evaluation/fail 1: fail: x"]],
  ];
  for (const [source, expected] of wrong) {
    it(`reports ${JSON.stringify(source)}`, async () => {
      const { evaluation } = await open(source);
      assert.deepEqual(evaluation.problems.map(summary), expected);
      assert.equal(evaluation.model, undefined);
    });
  }

  it("takes the branches and support files for a git store that git and the store take, and no others", async () => {
    const problemOf = async (more: string) => {
      const { evaluation } = await open(`store.set(store.git("https://h/x.git", ${more}))`);
      return evaluation.problems.map(({ message }) => message.replace(/^.*store\.git: /, "")).join();
    };
    const isBranch = (name: string) => {
      try {
        execFileSync("git", ["check-ref-format", "--branch", name], { stdio: "ignore" });
        return name !== "HEAD";
      } catch {
        return false;
      }
    };
    const names = ["main", "a/b.c", "é", "a@b", "-x", "a b", "a..b", "HEAD", "", "x.lock", "a.lock/b", "a@{b", "a/"];
    for (const name of [
      ...names,
      "/a",
      "a//b",
      ".a",
      "a/.b",
      "a.",
      "a~b",
      "a^",
      "a:b",
      "a?",
      "a*",
      "a[b",
      "a\\b",
      "a\tb",
    ]) {
      const written = JSON.stringify(name);
      const expected = isBranch(name) ? "" : `git takes ${written} for no branch's name`;
      assert.equal(await problemOf(`branch=${written}`), expected, written);
    }
    for (const path of ["a", ".github/workflows/x.yml", "é/state/refs", "states/refs"]) {
      assert.equal(await problemOf(`support_files={${JSON.stringify(path)}: "x"}`), "", path);
    }
    for (const path of ["", "/a", "../a", "a/../b", "./a", "a//b", ".git/config", ".GIT/hooks/x", "c:/x"]) {
      const expected = `the support file ${JSON.stringify(path)} does not lie within the branch`;
      assert.equal(await problemOf(`support_files={${JSON.stringify(path)}: "x"}`), expected);
    }
    for (const path of [".ocuroot-store", "refs/a", "state/.ocuroot-store", "intent/refs/x", ".ocuroot-local/lock"]) {
      const expected = `the support file ${JSON.stringify(path)} belongs to the store`;
      assert.equal(await problemOf(`support_files={${JSON.stringify(path)}: "x"}`), expected);
    }
  });

  it("warns of a setting that is made twice, and takes the last one", async () => {
    const { evaluation } = await open('repo_alias("a")\nrepo_alias("b")\n');
    assert.deepEqual(evaluation.problems.map(summary), [
      "repository/set-twice 2: `repo_alias` is set twice; the last one counts [it is set here first: 1]",
    ]);
    assert.equal(evaluation.model?.alias, "b");
  });

  it("says what is wrong with a trigger", async () => {
    const none = await open("");
    assert.equal(none.session.trigger("abc")?.code, "repository/no-trigger");
    const failing = await open("def start(commit):\n    fail(commit)\ntrigger(start)\n");
    const problem = failing.session.trigger("abc");
    assert.equal(problem && summary(problem), "evaluation/fail 2: fail: abc");
    const late = await open('def start(commit):\n    repo_alias("x")\ntrigger(start)\n');
    assert.equal(late.session.trigger("abc")?.code, "sdk/wrong-place");
  });
});
