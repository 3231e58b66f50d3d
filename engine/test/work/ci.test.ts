import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../cli/sandbox.ts";
import { CiStandIn, type JobRun } from "./ciStandIn.ts";

const documents = join(__dirname, "../../../docs");
const workflow = readFileSync(join(documents, "ci/ocuroot.yml"), "utf8");
const script = readFileSync(join(documents, "ci/ocuroot-ci.sh"), "utf8");

/** The `repo.ocu.star` of docs/ci.md, with another remote. */
function configuration(remote: string): string {
  const page = readFileSync(join(documents, "ci.md"), "utf8");
  const [, text = ""] = /```python\n(ocuroot\("0\.3\.0"\)\n\nrepo_alias[\s\S]*?)```/.exec(page) ?? [];
  assert.match(text, /https:\/\/github\.com\/you\/shop\.git/);
  return text.replace("https://github.com/you/shop.git", `file://${remote}`);
}

const packageFile = `ocuroot("0.3.0")

def build(ctx):
    host.shell("cat VERSION")
    return done(outputs={"version": host.read_file("VERSION").strip()}, watch=["VERSION"])

def up(ctx):
    host.shell("test {} != broken".format(ctx.inputs.version))
    return done()

def down(ctx):
    return done()

task(build, name="build")

phase(
    "production",
    work=[
        deploy(
            environment=e,
            up=up,
            down=down,
            inputs={"version": ref("./task/build#output/version"), "approval": ref("./custom/approval")},
        )
        for e in environments()
    ],
)
`;

/** The workflow and the script of docs/ci, run in clean clones as a CI platform would. */
describe("releases by a CI platform", function () {
  this.timeout(120_000);
  let ci: CiStandIn;
  let person: Sandbox;
  const others: Sandbox[] = [];
  const env = () => ({ OCUROOT_HOME: join(ci.root, "person") });
  const push = (...files: [path: string, text: string][]) => {
    for (const [path, text] of files) person.write(path, text);
    const commit = person.commit();
    person.git("push", "--quiet", "origin", "HEAD:main");
    return commit;
  };
  const set = async (ref: string, value: string) => await person.ok(["state", "set", ref, value], { env: env() });
  /** A document on the state branch of the remote. */
  const remoteState = (ref: string): unknown => {
    const args = ["show", `state:refs/${ref}/@object.json`];
    const options = { cwd: ci.remote, encoding: "utf8" as const, stdio: "pipe" as const };
    try {
      return JSON.parse(execFileSync("git", args, options)).body;
    } catch {
      return undefined;
    }
  };
  const isComplete = (work: string) => remoteState(`shop/-/release.ocu.star/${work}/status/complete`) !== undefined;
  const printed = (runs: readonly JobRun[]) =>
    runs.map(({ branch, commit, output }) => `${branch} ${commit}:\n${output}`).join("\n");
  const codes = (runs: readonly { branch: string; exitCode: number }[]) =>
    runs.map(({ branch, exitCode }) => `${branch} ${exitCode}`).sort();

  before(() => {
    ci = new CiStandIn();
    person = Sandbox.create({
      "repo.ocu.star": configuration(ci.remote),
      ".github/workflows/ocuroot.yml": workflow,
      ".github/ocuroot-ci.sh": script,
      "environments.ocu.star": `register_environment(environment("eu"))\n`,
      "release.ocu.star": packageFile,
      VERSION: "1\n",
    });
    person.git("remote", "add", "origin", `file://${ci.remote}`);
  });
  after(() => {
    for (const sandbox of [person, ...others]) sandbox.remove();
    ci.remove();
  });

  it("start with a push: releases appear on the state branch, and what waits for a person waits", async () => {
    push();
    const runs = await ci.settle();
    assert.deepEqual(codes(runs), ["main 0"], runs[0]?.output);
    assert.ok(isComplete("@r1/task/build/1"));
    assert.ok(!isComplete("@r1/deploy/eu/1"));
    assert.match(runs[0]?.output ?? "", /ocuroot state set release\.ocu\.star\/@r1\/custom\/approval/);
  });

  it("go on with intent: an approval from a laptop is a push to the intent branch", async () => {
    await set("release.ocu.star/@r1/custom/approval", "yes");
    const runs = await ci.settle();
    assert.deepEqual(codes(runs), ["intent 0"], runs[0]?.output);
    assert.ok(isComplete("@r1/deploy/eu/1"));
  });

  it("reach a new environment by intent alone", async () => {
    await person.ok(["state", "set", "@/environment/us", `{"name":"us","attributes":{}}`, "-f", "json"], {
      env: env(),
    });
    const runs = await ci.settle();
    assert.deepEqual(codes(runs), ["intent 0"], runs[0]?.output);
    assert.ok(isComplete("@r1/deploy/us/1"));
  });

  it("leave a commit that is not the newest to the run of the newest, with all that changed", async () => {
    push(["VERSION", "2\n"]);
    const newest = push(["README", "shop\n"]);
    const runs = await ci.settle();
    assert.deepEqual(codes(runs), ["main 0", "main 0"]);
    const [skipped] = runs.filter(({ commit }) => commit !== newest);
    assert.match(skipped?.output ?? "", /main has a newer commit/);
    assert.ok(isComplete("@r2/task/build/1"));
    assert.equal((remoteState("shop/-/release.ocu.star/@r2") as { commit: string }).commit, newest);
    assert.equal(remoteState("shop/-/release.ocu.star/@r3"), undefined);
  });

  it("run on two machines at once without doing anything twice", async () => {
    // Both have their clones before either begins.
    let waiting = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => (open = resolve));
    ci.onStart = async () => {
      if (++waiting === 2) open();
      await both;
    };
    push(["VERSION", "3\n"]);
    await set("release.ocu.star/@r2/custom/approval", "yes");
    const runs = await ci.settle();
    ci.onStart = async () => {};
    assert.deepEqual(codes(runs), ["intent 0", "main 0"], printed(runs));
    assert.ok(isComplete("@r3/task/build/1"));
    for (const environment of ["eu", "us"]) {
      assert.ok(isComplete(`@r2/deploy/${environment}/1`), environment);
      assert.equal(remoteState(`shop/-/release.ocu.star/@r2/deploy/${environment}/2`), undefined);
    }
  });

  it("come to rest when the platform also answers the pushes of its own jobs", async () => {
    ci.answersItself = true;
    await set("release.ocu.star/@r3/custom/approval", "yes");
    const runs = await ci.settle();
    ci.answersItself = false;
    assert.ok(isComplete("@r3/deploy/us/1"), printed(runs));
    assert.ok(runs.length > 1, "the deployments wrote intent");
    assert.deepEqual(
      runs.map(({ exitCode }) => exitCode).filter((code) => code !== 0),
      [],
    );
    assert.match(runs.at(-1)?.output ?? "", /There is no work left/);
  });

  it("are red when something fails, and are repaired from a laptop", async () => {
    push(["VERSION", "broken\n"]);
    await ci.settle();
    await set("release.ocu.star/@r4/custom/approval", "yes");
    const [run] = await ci.settle();
    assert.equal(run?.exitCode, 1, run?.output);
    assert.match(run?.output ?? "", /r4 failed/);
    // With little history, too.
    push(["VERSION", "4\n"], [".github/workflows/ocuroot.yml", workflow.replace("fetch-depth: 0", "fetch-depth: 1")]);
    assert.deepEqual(codes(await ci.settle()), ["main 0"]);
    await set("release.ocu.star/@r5/custom/approval", "yes");
    const runs = await ci.settle();
    assert.deepEqual(codes(runs), ["intent 0"], printed(runs));
    assert.ok(isComplete("@r5/deploy/us/1"));
  });

  it("say so when the remote does not answer", async () => {
    const commit = push(["VERSION", "5\n"]);
    ci.onStart = async () => rmSync(join(ci.remote, "objects"), { recursive: true });
    const [run] = await ci.settle();
    assert.equal(run?.commit, commit);
    assert.notEqual(run?.exitCode, 0);
  });
});
