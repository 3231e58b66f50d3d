import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox } from "./sandbox.ts";

const release = `
def build(n):
    return done(outputs={"n": n + 1})
task(build, name="build", inputs={"n": input(ref="./@/task/build#output/n", default=0)})
`;

/** Commands with a file and a ref, however they are written and from wherever they are run. */
describe("the places that commands are run from", function () {
  // Many commands: a busy machine takes its time.
  this.timeout(120_000);
  const made: Sandbox[] = [];
  const folders: string[] = [];
  const store = () => {
    folders.push(realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-places-"))));
    return join(folders.at(-1) as string, "store");
  };
  const create = (at = store()) => {
    const repo = `ocuroot("0.3.0")\nrepo_alias("r")\nstore.set(store.fs("${at}"))\n`;
    const sandbox = Sandbox.create({ "repo.ocu.star": repo, "a/b.ocu.star": release, "sp ace/ü 日.ocu.star": release });
    made.push(sandbox);
    return sandbox;
  };
  const names = async (sandbox: Sandbox, file = "a/b.ocu.star") => {
    const { stdout } = await sandbox.ok(["release", "list", "--json", file]);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).name as string);
  };
  after(() => {
    for (const sandbox of made) sandbox.remove();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it("take every form of a file and of a ref, from the root and from folders below", async () => {
    const sandbox = create();
    const files: [folder: string, file: string][] = [
      [".", "a/b.ocu.star"],
      [".", "./a/b.ocu.star"],
      [".", "./-/a/b.ocu.star"],
      [".", "//a/b.ocu.star"],
      [".", "r/-/a/b.ocu.star"],
      ["a", "b.ocu.star"],
      ["a", "./b.ocu.star"],
      ["a", "../a/b.ocu.star"],
      ["a", "./-/a/b.ocu.star"],
      ["sp ace", "//a/b.ocu.star"],
    ];
    for (const [folder, file] of files) await sandbox.ok(["release", "new", "--force", file], { in: folder });
    assert.equal((await names(sandbox)).length, files.length);
    for (const [folder, file] of files) {
      for (const rest of ["/@/task/build#output/n", "/@10/call/build#output/n", "/@r10/task/build/1/#output/n"]) {
        const { stdout } = await sandbox.ok(["state", "get", `${file}${rest}`], { in: folder });
        assert.equal(stdout, "10\n", `${folder} ${file}${rest}`);
      }
      await sandbox.ok(["release", "show", `${file}/@2`], { in: folder });
    }
    await sandbox.ok(["-C", "a", "release", "new", "-f", "b.ocu.star"]);
    assert.equal((await names(sandbox))[0], "r11", "the newest is found by number");
  });

  it("take names with spaces and letters of any script, and give commands that a shell takes", async () => {
    const sandbox = create();
    const { stdout } = await sandbox.ok(["release", "new", "ü 日.ocu.star"], { in: "sp ace" });
    assert.match(stdout, /✓ r1 complete/);
    assert.equal((await sandbox.ok(["state", "match", "**/@r1"])).stdout, "r/-/sp ace/ü 日.ocu.star/@r1\n");
    const refused = await sandbox.run(["release", "new", "sp ace/ü 日.ocu.star"]);
    assert.match(refused.stderr, /ocuroot release new --force 'sp ace\/ü 日\.ocu\.star'/);
    await sandbox.ok(["state", "set", "sp ace/ü 日.ocu.star/@r1/custom/x y", "é"]);
    await sandbox.ok(["state", "apply", "ü 日.ocu.star/@1/custom/x y"], { in: "sp ace" });
    assert.equal(await sandbox.get("sp ace/ü 日.ocu.star/@r1/custom/x y"), "é");
  });

  it("may be a repository without a commit: state can be used, a release says what it needs", async () => {
    const sandbox = new Sandbox();
    made.push(sandbox);
    sandbox.git("init", "-q");
    sandbox.write("repo.ocu.star", `repo_alias("r")`);
    sandbox.write("a.ocu.star", release);
    assert.equal((await sandbox.ok(["state", "match"])).stdout, "");
    await sandbox.ok(["release", "lint", "a.ocu.star"]);
    await sandbox.ok(["state", "set", "@/custom/x", "1"]);
    await sandbox.ok(["state", "apply", "@/custom/x"]);
    const { code, stderr } = await sandbox.run(["release", "new", "a.ocu.star"]);
    assert.equal(code, 1);
    assert.match(stderr, /no commit yet/);
    await sandbox.ok(["release", "new", "a.ocu.star"], { env: { OCU_REPO_COMMIT_OVERRIDE: "c1" } });
    assert.deepEqual(await sandbox.get("a.ocu.star/@"), await sandbox.get("a.ocu.star/@r1"), "the most recent release");
  });

  it("may have no branch checked out, or changes that are not committed: the commit counts", async () => {
    const sandbox = create();
    sandbox.git("checkout", "-q", "--detach");
    await sandbox.ok(["release", "new", "a/b.ocu.star"]);
    sandbox.write("a/b.ocu.star", `${release}\n# not committed\n`);
    assert.match(
      (await sandbox.run(["release", "new", "a/b.ocu.star"])).stderr,
      /already has a release for this commit: r1/,
    );
    const commit = ((await sandbox.get("a/b.ocu.star/@r1")) as { commit: string }).commit;
    assert.equal(commit, sandbox.git("rev-parse", "HEAD"));
  });

  it("share state across branches, worktrees and shallow clones, and number releases through", async () => {
    const at = store();
    const sandbox = create(at);
    await sandbox.ok(["release", "new", "a/b.ocu.star"]);
    sandbox.git("checkout", "-q", "-b", "other");
    sandbox.commit();
    await sandbox.ok(["release", "new", "a/b.ocu.star"]);
    sandbox.git("checkout", "-q", "-");
    assert.match((await sandbox.run(["release", "new", "a/b.ocu.star"])).stderr, /for this commit: r1\n/);
    const tree = new Sandbox();
    sandbox.git("worktree", "add", "-q", join(tree.root, "tree"), "other");
    const refused = await tree.run(["release", "new", "tree/a/b.ocu.star"]);
    assert.match(refused.stderr, /already has a release for this commit: r2\n/);
    const shallow = new Sandbox();
    shallow.git("clone", "-q", "--depth=1", `file://${sandbox.root}`, ".");
    shallow.write("new.txt", "");
    shallow.commit();
    await shallow.ok(["release", "new", "a/b.ocu.star"]);
    assert.deepEqual(await names(sandbox), ["r3", "r2", "r1"]);
    assert.equal(await sandbox.get("a/b.ocu.star/@/task/build#output/n"), 3);
    made.push(tree, shallow);
  });

  it("lets variables name the commit and the repository, and works on with a commit that git does not know", async () => {
    const sandbox = create();
    sandbox.write("repo.ocu.star", "");
    const at = (commit: string) => ({
      env: { OCU_REPO_COMMIT_OVERRIDE: commit, OCU_REPO_URL_OVERRIDE: "https://user:pw@git.example.com/a/b.git" },
    });
    await sandbox.ok(["release", "new", "a/b.ocu.star"], at("c1"));
    assert.equal((await sandbox.run(["release", "new", "a/b.ocu.star"], at("c1"))).code, 1);
    await sandbox.ok(["release", "new", "a/b.ocu.star"], at("c2"));
    const { stdout } = await sandbox.ok(["state", "match", "**/commit/*"], at("c2"));
    const file = "git.example.com/a/b/-/a/b.ocu.star";
    assert.equal(stdout, `${file}/@r1/commit/c1\n${file}/@r2/commit/c2\n`);
    assert.equal((await sandbox.ok(["work", "any", "--dryrun"], at("c3"))).stdout, "[]\n");
    const alias = { env: { OCU_CFG_repo_alias: "named", OCU_REPO_COMMIT_OVERRIDE: "c1" } };
    await sandbox.ok(["release", "new", "a/b.ocu.star"], alias);
    assert.equal((await sandbox.ok(["state", "match", "named/**/@r*"])).stdout, "named/-/a/b.ocu.star/@r1\n");
  });
});
