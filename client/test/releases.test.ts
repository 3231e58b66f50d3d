import assert from "node:assert/strict";
import { continueTarget, packageChoices, retryTarget } from "../src/model/packageChoice.ts";
import { progressText } from "../src/model/progress.ts";
import {
  matchesFilter,
  newestFirst,
  packageNews,
  phaseDescription,
  releaseDescription,
  withKnownState,
  workDescription,
} from "../src/model/releases.ts";
import { statusWords } from "../src/model/status.ts";
import { findWaiting, isApproval, setStateArguments } from "../src/model/waiting.ts";
import { failedRelease, now, packageState, phase, release, repository, waitingRelease, work } from "./samples.ts";

describe("Text of the Releases view", () => {
  it("says the news of the newest release beside the file", () => {
    assert.equal(packageNews(packageState(failedRelease), now), "r8 failed · 2 min ago");
    assert.equal(packageNews(packageState(waitingRelease), now), "r8 needs host · 2 min ago");
    assert.equal(packageNews(packageState(), now), "not released yet");
  });

  it("keeps what was known of a repository whose state cannot be read now, and says why", () => {
    const known = repository(packageState(failedRelease));
    const problem = "The disk does not answer.";
    const unknown = { ...repository(packageState()), problem };
    assert.deepEqual(withKnownState(unknown, known), { ...known, problem });
    assert.deepEqual(withKnownState(unknown, undefined), unknown);
    const gone = repository(packageState());
    assert.deepEqual(withKnownState(gone, known), gone, "a store that was deleted has no problem");
    assert.equal(packageNews(packageState(), now, false), "", "nobody knows whether it was released");
  });

  it("names what failed beside the release", () => {
    assert.equal(releaseDescription(failedRelease, now), "deploy/us failed · 41 s · 2 min ago");
    assert.equal(releaseDescription(release({ tags: ["v1.3.0"] }), now), "v1.3.0 · 41 s · 2 min ago");
  });

  it("says of a release whose documents are damaged that it cannot be read, and why", () => {
    const news = "…/@r8/@object.json: this is no JSON.";
    const damaged = release({ status: "failed", phases: [], news });
    assert.equal(packageNews(packageState(damaged), now), "r8 cannot be read · 2 min ago");
    assert.equal(releaseDescription(damaged, now), `cannot be read: ${news}`);
  });

  it("counts a phase's work", () => {
    assert.equal(phaseDescription(failedRelease.phases[1]!, now), "1 of 3 failed · 11 s");
    assert.equal(phaseDescription(waitingRelease.phases[0]!, now), "2 of 2 need input");
    assert.equal(
      phaseDescription(phase("staging", work("a", { durationMs: 18_000 }), work("b")), now),
      "2 of 2 · 18 s",
    );
    assert.equal(phaseDescription(phase("none"), now), "no work");
  });

  it("shows a failed piece of work by the last line of its error", () => {
    assert.equal(
      workDescription(failedRelease.phases[1]!.work[1]!, now),
      "./deploy.sh: exit 1: quota exceeded · 4.0 s",
    );
    assert.equal(workDescription(work("x", { status: "failed" }), now), "failed");
    assert.equal(workDescription(work("x", { status: "pending" }), now), "waiting");
    assert.equal(workDescription(waitingRelease.phases[0]!.work[1]!, now), "needs approval");
  });

  it("adds what the work itself says of its result, or of what it waits for", () => {
    const said = (annotation: string) => [{ ref: "x", number: 1, status: "complete" as const, annotation }];
    const done = work("x", { durationMs: 12_000, attempts: said(" published in three regions\nmore\n") });
    assert.equal(workDescription(done, now), "12 s · published in three regions");
    const waits = { ...waitingRelease.phases[0]!.work[1]!, attempts: said("QA looks at it") };
    assert.equal(workDescription(waits, now), "needs approval · QA looks at it");
    assert.equal(workDescription(work("x", { attempts: said(" \n") }), now), "done");
  });

  it("lets running work tick", () => {
    const attempts = [{ ref: "x", number: 1, status: "running" as const, startedAt: now - 12_000 }];
    assert.equal(workDescription(work("x", { status: "running", attempts }), now), "running 12 s");
    assert.equal(workDescription(work("x", { status: "running" }), now), "running");
  });

  it("uses the words of the design for every status", () => {
    assert.equal(statusWords("complete", { durationMs: 4100 }), "done in 4.1 s");
    assert.equal(statusWords("blocked", { needs: "approval" }), "needs approval");
    assert.equal(statusWords("pending"), "waiting");
    assert.equal(statusWords("interrupted"), "interrupted");
    assert.equal(statusWords("removed"), "removed");
    assert.equal(statusWords("retried"), "retried");
  });

  it("puts the file with the newest release first", () => {
    const named = (file: string, startedAt?: number) => ({
      ...packageState(...(startedAt === undefined ? [] : [release({ startedAt })])),
      file,
    });
    const files = newestFirst([named("b"), named("c", 1), named("a"), named("d", 2)]).map((state) => state.file);
    assert.deepEqual(files, ["d", "c", "a", "b"]);
  });

  it("filters by every word", () => {
    const tagged = release({ status: "failed", tags: ["v1.4.0"] });
    assert.ok(matchesFilter("frontend/release.ocu.star", tagged, "front failed"));
    assert.ok(matchesFilter("frontend/release.ocu.star", tagged, "V1.4"));
    assert.ok(!matchesFilter("frontend/release.ocu.star", tagged, "front done"));
  });
});

describe("What waits", () => {
  it("lists each missing value once, what a person can give first", () => {
    const [waiting, ...rest] = findWaiting([repository(packageState(waitingRelease, release()))]);
    assert.deepEqual(rest, []);
    assert.deepEqual(
      waiting!.inputs.map(({ input, work: names }) => [input.name, names]),
      [
        ["approval", ["eu", "us"]],
        ["host", ["eu"]],
      ],
    );
  });

  it("tells an approval from a value", () => {
    assert.ok(isApproval("shop/-/a.ocu.star/@r8/custom/approval"));
    assert.ok(isApproval("@/custom/approved"));
    assert.ok(!isApproval("@/custom/approval/version"));
    assert.ok(!isApproval("@/custom/credential"));
  });

  it("gives JSON as JSON and text as text, whatever it starts with", () => {
    const values = (answer: string) => setStateArguments("@/custom/x", answer).slice(2);
    assert.deepEqual(values("true"), ["-f", "json", "@/custom/x", "true"]);
    assert.deepEqual(values('{"a": 1}'), ["-f", "json", "@/custom/x", '{"a": 1}']);
    assert.deepEqual(values("hello"), ["-f", "string", "@/custom/x", "hello"]);
    assert.deepEqual(values("-5"), ["-f", "json", "--", "@/custom/x", "-5"]);
    assert.deepEqual(values("-x"), ["-f", "string", "--", "@/custom/x", "-x"]);
    assert.deepEqual(values("-"), ["-f", "json", "@/custom/x", '"-"']);
  });
});

describe("Which release a command means", () => {
  it("retries the newest release that failed", () => {
    const found = retryTarget("f", packageState(failedRelease, release()));
    assert.equal(found.kind === "release" && found.release.name, "r8");
  });

  it("retries the release that was named, also by one of its runs", () => {
    const older = release({ ref: "shop/-/f/@r7", name: "r7", status: "failed" });
    const state = packageState(failedRelease, older);
    for (const ref of [older.ref, `${older.ref}/deploy/us/1`]) {
      const found = retryTarget("f", state, ref);
      assert.equal(found.kind === "release" && found.release.name, "r7");
    }
  });

  it("says why there is nothing to retry", () => {
    const reason = (found: ReturnType<typeof retryTarget>) => (found.kind === "none" ? found.reason : "");
    assert.match(reason(retryTarget("f", undefined)), /never released/);
    assert.match(reason(retryTarget("f", packageState(release()))), /Nothing failed in r8/);
    assert.match(reason(retryTarget("f", packageState(release({ status: "running" })))), /still runs/);
    assert.match(reason(continueTarget("f", packageState(release()))), /is done/);
    assert.match(reason(continueTarget("f", packageState(failedRelease))), /Retry it instead/);
  });

  it("offers files by what needs care, the last choice first", () => {
    const candidate = (file: string, state?: ReturnType<typeof packageState>) => ({
      file,
      uri: `file:///w/${file}`,
      repository: "file:///w",
      ...(state ? { state } : {}),
    });
    const all = [candidate("a"), candidate("b", packageState(failedRelease)), candidate("c", packageState(release()))];
    const names = (last?: string) => packageChoices(all, last, now).map((choice) => choice.file);
    assert.deepEqual(names(), ["b", "a", "c"]);
    assert.deepEqual(names("file:///w/c"), ["c", "b", "a"]);
    assert.equal(packageChoices(all, undefined, now)[0]!.label, "$(error) b");
    assert.equal(packageChoices(all, undefined, now)[1]!.description, "not released yet");
  });

  it("names the repository of each file where there are several", () => {
    const candidate = (repositoryName: string) => ({
      file: "environments.ocu.star",
      uri: `file:///w/${repositoryName}/environments.ocu.star`,
      repository: `file:///w/${repositoryName}`,
      repositoryName,
    });
    const choices = packageChoices([candidate("shop"), candidate("myapp")], undefined, now);
    assert.deepEqual(
      choices.map((each) => each.description),
      ["shop · not released yet", "myapp · not released yet"],
    );
  });
});

describe("Progress in the status bar", () => {
  const request = {
    args: ["release", "new"],
    title: "Release of frontend/release.ocu.star",
    file: "frontend/release.ocu.star",
    repository: "file:///w/shop",
    kind: "release" as const,
  };

  it("says phase and count", () => {
    const running = release({
      status: "running",
      phases: [phase("", work("build")), phase("staging", work("a"), work("b", { status: "running" }))],
    });
    const text = progressText([request], [repository(packageState(running))]);
    assert.equal(text, "frontend/release.ocu.star r8: staging 1 of 2");
  });

  it("falls back to what was asked for", () => {
    assert.equal(progressText([request, request], []), "Release of frontend/release.ocu.star (+1)");
    assert.equal(progressText([], []), undefined);
  });
});
