import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { currentOwner, ownerState } from "../../src/state/owner.ts";
import { Sandbox } from "./sandbox.ts";

const file = `def f(ctx):
    host.shell("if [ -e again ]; then echo second; else echo $$ > pid; touch started; sleep 60; fi")
    return done()

task(f, name="build")
`;

describe("a command that was killed", () => {
  it("leaves commands that are ended before the work is done again", async () => {
    const sandbox = Sandbox.create({ "repo.ocu.star": `repo_alias("r")\n`, "a.ocu.star": file, ".gitignore": "*\n" });
    const child = sandbox.spawn(["release", "new", "a.ocu.star"]);
    while (!existsSync(sandbox.path("started"))) await new Promise((resolve) => setTimeout(resolve, 50));
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
});
