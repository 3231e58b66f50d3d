import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentOwner, ownerState } from "../../src/state/owner.ts";
import { Sandbox } from "./sandbox.ts";

const file = `def f(ctx):
    host.shell("if [ -e again ]; then echo second; else echo $$ > pid; touch started; sleep 60; fi")
    return done()

task(f, name="build")
`;

/** How many commands are recorded as running. */
function recordsIn(folder: string): number {
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => readFileSync(join(folder, name), "utf8") !== "").length
    : 0;
}

describe("a command that was killed", () => {
  it("leaves commands that are ended before the work is done again", async () => {
    const sandbox = Sandbox.create({ "repo.ocu.star": `repo_alias("r")\n`, "a.ocu.star": file, ".gitignore": "*\n" });
    const child = sandbox.spawn(["release", "new", "a.ocu.star"]);
    const isRecorded = () => recordsIn(sandbox.path(".ocuroot/store/state/.ocuroot-local/commands")) > 0;
    // The command may be quicker than its record.
    while (!existsSync(sandbox.path("started")) || !isRecorded())
      await new Promise((resolve) => setTimeout(resolve, 50));
    const pid = Number(readFileSync(sandbox.path("pid"), "utf8"));
    const isRunning = () => ownerState({ ...currentOwner(), pid, started: "" }) === "alive";
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(isRunning(), true, "what a killed process started lives on");

    sandbox.write("again", "");
    const shown = await sandbox.run(["release", "show", "a.ocu.star"]);
    assert.match(shown.stdout, /! build +interrupted/);
    assert.equal(isRunning(), true, "looking ends nothing");
    const { stdout, stderr } = await sandbox.ok(["release", "retry", "a.ocu.star"]);
    assert.match(stderr, new RegExp(`^ended \`if .*\` \\(process ${pid}\\), which attempt 1 had left running$`, "m"));
    assert.match(stdout, /build │ second\n/);
    assert.equal(isRunning(), false);
    assert.deepEqual((await sandbox.get("a.ocu.star/@r1/task/build/1/status/failed_retried")) !== undefined, true);
    rmSync(sandbox.path("again"));
    sandbox.remove();
  });

  it("leaves no attempt that still runs, also when a deployment is taken down anew", async () => {
    const down = `
def up(environment):
    return done()

def down(environment):
    host.shell("[ -e again ] || { touch started; sleep 60; }")
    return done()

phase("p", work=[deploy(environment=e, up=up, down=down) for e in environments()])
`;
    const sandbox = Sandbox.create({
      "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("r")\n`,
      "e.ocu.star": `register_environment(environment("eu"))\n`,
      "a.ocu.star": `ocuroot("0.3.0")\n${down}`,
      ".gitignore": "*\n",
    });
    for (const file of ["e.ocu.star", "a.ocu.star"]) await sandbox.ok(["release", "new", file]);
    await sandbox.ok(["state", "delete", "@/environment/eu"]);
    const child = sandbox.spawn(["state", "apply", "@/environment/eu"]);
    while (!existsSync(sandbox.path("started"))) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGKILL");
    await once(child, "exit");
    sandbox.write("again", "");
    await sandbox.ok(["state", "apply", "@/environment/eu"]);
    const attempts = ["1/status/complete", "2/status/failed_retried", "3/status/complete"];
    for (const attempt of attempts) {
      assert.notEqual(await sandbox.get(`a.ocu.star/@r1/deploy/eu/${attempt}`), undefined, attempt);
    }
    await sandbox.ok(["state", "check"]);
    sandbox.remove();
  });

  it("on a machine that nobody can see is done again only when somebody says that it is gone", async () => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("r")\n`,
      "a.ocu.star": 'def f(ctx):\n    host.shell("echo ran >> proof")\n    return done()\n\ntask(f, name="build")\n',
      ".gitignore": "*\n",
    });
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    const status = sandbox.path(".ocuroot/store/state/refs/r/-/a.ocu.star/@r1/task/build/1/status");
    renameSync(`${status}/complete`, `${status}/running`);
    const body = { time: "2026-01-01T00:00:00Z", owner: { ...currentOwner(), host: "ci-7" } };
    const document = { kind: "ref", body_type: "marker", links: [], body };
    writeFileSync(`${status}/running/@object.json`, JSON.stringify(document));

    const refused = await sandbox.run(["release", "retry", "a.ocu.star"]);
    assert.equal(refused.code, 1);
    const command = /ocuroot (release retry \S+ --lost ci-7)\n/.exec(refused.stderr)?.[1];
    assert.ok(command, refused.stderr);
    assert.equal((await sandbox.run(["release", "retry", "a.ocu.star", "--lost", "ci-8"])).code, 1);
    assert.equal(readFileSync(sandbox.path("proof"), "utf8"), "ran\n");
    await sandbox.ok(command.split(" "));
    assert.equal(readFileSync(sandbox.path("proof"), "utf8"), "ran\nran\n");
    assert.notEqual(await sandbox.get("a.ocu.star/@r1/task/build/1/status/failed_retried"), undefined);
    assert.notEqual(await sandbox.get("a.ocu.star/@r1/task/build/2/status/complete"), undefined);
    await sandbox.ok(["state", "check"]);
    sandbox.remove();
  });
});
