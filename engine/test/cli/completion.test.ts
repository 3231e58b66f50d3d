import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./sandbox.ts";

const release = `
def build():
    return done(outputs={"tag": "x", "more": {"a": 1}}, tags=["v1.0"])
task(build, name="build")
`;

describe("completion in a shell", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      "a b/x.ocu.star": release,
      "app.ocu.star": release,
      "e.ocu.star": `register_environment(environment("eu"))`,
    });
    await sandbox.ok(["release", "new", "app.ocu.star"]);
    await sandbox.ok(["release", "new", "--force", "app.ocu.star"]);
    await sandbox.ok(["release", "new", "e.ocu.star"]);
  });
  after(() => sandbox.remove());

  const offered = async (shell: string, ...words: string[]) => {
    const { stdout } = await sandbox.ok(["__complete", shell, "--", ...words]);
    return stdout.split("\n").slice(0, -1);
  };

  it("offers commands, options and their values, and nothing after a word that is none", async () => {
    assert.deepEqual(await offered("bash", "rel"), ["release "]);
    assert.deepEqual(await offered("bash", "release", "re"), ["retry "]);
    assert.deepEqual(await offered("bash", "release", "new", "--fo"), ["--force "]);
    assert.deepEqual(await offered("bash", "state", "set", "x", "y", "--format", "j"), ["json "]);
    assert.deepEqual(await offered("bash", "state", "set", "--format=s"), ["--format=string ", "--format=starlark "]);
    assert.deepEqual(await offered("bash", "--package", "app.ocu.star", "work", "c"), ["continue ", "cascade "]);
    assert.deepEqual(await offered("bash", "nothing", ""), []);
    assert.ok(!(await offered("bash", "")).some((word) => word.startsWith("_")));
    assert.match((await offered("fish", "release", "new", "--ca"))[0] ?? "", /^--cascade\tthen do the work/);
  });

  it("offers package files and folders, quoted as the shell needs it", async () => {
    assert.deepEqual(await offered("bash", "release", "new", ""), ["a\\ b/", "app.ocu.star ", "e.ocu.star "]);
    assert.deepEqual(await offered("bash", "release", "new", "a\\ b/"), ["a\\ b/x.ocu.star "]);
    assert.deepEqual(await offered("zsh", "release", "new", "a b/"), ["a b/x.ocu.star\t"]);
    assert.deepEqual(await offered("bash", "-C", "a b", "release", "lint", ""), ["x.ocu.star "]);
    assert.deepEqual(await offered("bash", "-C", ""), ["a\\ b/"]);
  });

  it("offers what the store has: releases, work, fields, environments", async () => {
    assert.deepEqual(await offered("bash", "release", "show", "app.ocu.star/@r"), [
      "app.ocu.star/@r2",
      "app.ocu.star/@r1",
    ]);
    assert.deepEqual(await offered("bash", "release", "retry", "app.ocu.star/@v"), ["app.ocu.star/@v1.0 "]);
    assert.deepEqual(await offered("bash", "state", "get", "app.ocu.star/@v1.0/task/b"), [
      "app.ocu.star/@v1.0/task/build",
    ]);
    assert.deepEqual(await offered("fish", "state", "get", "app.ocu.star/@/task/b"), [
      "app.ocu.star/@/task/build",
      "app.ocu.star/@/task/build/",
    ]);
    assert.deepEqual(await offered("bash", "state", "get", "app.ocu.star/@/task/build#output/"), [
      "app.ocu.star/@/task/build#output/tag ",
      "app.ocu.star/@/task/build#output/more",
    ]);
    assert.deepEqual(await offered("bash", "state", "delete", "@/environment/"), ["@/environment/eu"]);
  });

  it("says nothing where nothing can be known", async () => {
    assert.deepEqual(await offered("bash", "state", "get", "none.ocu.star/@"), []);
    sandbox.write("a b/repo.ocu.star", "fail('broken')");
    assert.deepEqual(await offered("bash", "state", "get", "a b/x.ocu.star/@"), []);
    assert.deepEqual(await offered("bash", "release", "new", "no/such/"), []);
    const { stderr } = await sandbox.run(["__complete", "bash", "--", "state", "get", "a b/x.ocu.star/@"]);
    assert.equal(stderr, "");
    sandbox.git("clean", "-fdq");
  });

  it("works in bash, with the script that is printed", async () => {
    const checkout = join(__dirname, "../../..");
    const tsx = join(checkout, "node_modules/tsx/dist/loader.mjs");
    const main = join(checkout, "engine/src/cli/main.ts");
    sandbox.write("bin/ocuroot", `#!/bin/sh\nexec '${process.execPath}' --import '${tsx}' '${main}' "$@"\n`);
    chmodSync(sandbox.path("bin/ocuroot"), 0o755);
    const { stdout } = await sandbox.ok(["completion", "bash"]);
    const typed = ["release", "show", "app.ocu.star/@r"].map((word) => `'${word}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(ocuroot ${typed}); COMP_CWORD=3; _ocuroot; printf '%s|' "\${COMPREPLY[@]}"`;
    const env = { ...sandbox.env, PATH: `${sandbox.path("bin")}:${sandbox.env.PATH}` } as NodeJS.ProcessEnv;
    const found = execFileSync("bash", ["-c", script], { cwd: sandbox.root, encoding: "utf8", env });
    assert.equal(found, "app.ocu.star/@r2|app.ocu.star/@r1|");
    assert.match((await sandbox.ok(["completion", "fish"])).stdout, /complete -c ocuroot/);
    assert.match((await sandbox.ok(["completion", "zsh"])).stdout, /^#compdef ocuroot/);
    for (const shell of ["tcsh", "constructor"]) {
      assert.equal((await sandbox.run(["completion", shell])).code, 2, shell);
    }
  });
});
