import assert from "node:assert/strict";
import {
  cancelArguments,
  continueArguments,
  freeLane,
  newReleaseArguments,
  type RunRequest,
  retryArguments,
  runOutcome,
  workArguments,
} from "../src/model/runs.ts";
import { failedRelease, packageState, phase, release, waitingRelease, work } from "./samples.ts";

const request: RunRequest = {
  args: newReleaseArguments("frontend/release.ocu.star"),
  title: "Release of frontend/release.ocu.star",
  file: "frontend/release.ocu.star",
  repository: "file:///w/shop",
  kind: "release",
};
const before = packageState(release({ ref: "shop/-/f/@r7", name: "r7" }));

describe("Arguments of the command line", () => {
  it("names file, release and options", () => {
    const file = "frontend/release.ocu.star";
    assert.deepEqual(newReleaseArguments(file, { force: true, parallel: 4 }), [
      "release",
      "new",
      file,
      "--force",
      "--parallel",
      "4",
    ]);
    assert.deepEqual(retryArguments(`shop/-/${file}/@r8`), ["release", "retry", `${file}/@r8`]);
    assert.deepEqual(retryArguments(`shop/-/${file}/@r8`, { files: "current", parallel: 2 }), [
      "release",
      "retry",
      `${file}/@r8`,
      "--any-commit",
      "--parallel",
      "2",
    ]);
    assert.deepEqual(cancelArguments(`shop/-/${file}/@r8`), ["release", "cancel", `${file}/@r8`]);
    assert.deepEqual(workArguments("cascade", { dryRun: true, parallel: 2 }), ["work", "cascade", "--dryrun"]);
    assert.deepEqual(workArguments("continue", { parallel: 2 }), ["work", "continue", "--parallel", "2"]);
    assert.deepEqual(continueArguments(`github.com/a/b/-/${file}/@r8/deploy/us`), [
      "release",
      "continue",
      `${file}/@r8`,
    ]);
  });
});

describe("Outcome of a run", () => {
  it("names the work that failed and why", () => {
    const outcome = runOutcome(request, 1, before, packageState(failedRelease));
    assert.deepEqual(outcome, {
      kind: "failed",
      message: "frontend/release.ocu.star r8: us failed: ./deploy.sh: exit 1: quota exceeded",
      releaseRef: failedRelease.ref,
      runRef: "shop/-/frontend/release.ocu.star/@r8/deploy/us/1",
    });
  });

  it("is quiet when all is well or was ended by hand", () => {
    assert.deepEqual(runOutcome(request, 0, before, packageState(release())), { kind: "done" });
    assert.deepEqual(runOutcome(request, 130, before, before), { kind: "interrupted" });
    assert.deepEqual(runOutcome(request, undefined, before, before), { kind: "interrupted" });
  });

  it("says what the release waits for, when a person can give it", () => {
    const outcome = runOutcome(request, 0, before, packageState(waitingRelease));
    assert.equal(outcome.kind, "waits");
    assert.equal(outcome.kind === "waits" && outcome.inputRef, "shop/-/frontend/release.ocu.star/@r8/custom/approval");
  });

  it("says what it still waits for when it was told to go on, though nothing has changed", () => {
    const args = ["release", "continue", "frontend/release.ocu.star/@r8"];
    const same = packageState(waitingRelease);
    assert.equal(runOutcome({ ...request, args }, 0, same, same).kind, "waits");
    assert.equal(runOutcome(request, 0, same, same).kind, "done", "a new release that was none is not about that one");
    const missing = [{ name: "host", ref: "shop/-/b.ocu.star/@/deploy/eu#output/host", canBeSet: false }];
    const held = packageState(
      release({ status: "blocked", phases: [phase("p", work("eu", { status: "blocked", missing }))] }),
    );
    assert.deepEqual(runOutcome({ ...request, args }, 0, held, held), {
      kind: "held",
      message: "r8 of frontend/release.ocu.star still waits for host, which another release makes.",
    });
  });

  it("knows a release that was refused because there is one", () => {
    assert.equal(runOutcome(request, 1, before, before).kind, "alreadyReleased");
    const forced = { ...request, args: [...request.args, "--force"] };
    assert.equal(runOutcome(forced, 1, before, before).kind, "failed");
    assert.equal(runOutcome(request, 1, undefined, undefined).kind, "failed");
  });

  it("leaves what lint found to the list of problems", () => {
    const lint = { ...request, args: ["release", "lint", request.file!], kind: "lint" as const };
    assert.deepEqual(runOutcome(lint, 1, before, before), {
      kind: "problems",
      message: "frontend/release.ocu.star has problems.",
    });
    assert.deepEqual(runOutcome(lint, 0, before, before), { kind: "done" });
  });

  it("does not blame an older release", () => {
    const old = packageState(failedRelease);
    const outcome = runOutcome({ ...request, args: ["release", "retry"] }, 1, old, old);
    assert.equal(outcome.kind === "failed" && outcome.runRef, undefined);
  });
});

describe("Lanes", () => {
  it("takes the lowest free one", () => {
    assert.equal(freeLane(new Set()), 1);
    assert.equal(freeLane(new Set([1, 3])), 2);
  });
});
