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
});
