import assert from "node:assert/strict";
import type {
  GraphCard,
  PhaseGraph,
  PushedRelease,
  ReleaseChanges,
  WhereIsCommitResult,
  WorkFunctionInput,
  WorkFunctionUse,
} from "@ocuroot/server/protocol";
import { commitLines, commitTitle, pushLine, pushSummary } from "../src/model/commits.ts";
import { placeGroups } from "../src/model/logPlaces.ts";
import { inputsToGive, inputWords, prefill, runArguments } from "../src/model/workFunctions.ts";
import { criticalPath, pathWords, shareWords } from "../src/phases/criticalPath.ts";
import {
  attributeFacets,
  environmentsIn,
  findCards,
  type GraphEnvironment,
  withoutEnvironments,
} from "../src/phases/filter.ts";
import { plannedWords, planRelease } from "../src/phases/plan.ts";
import { changeLines, fateOf, takesSomethingDown } from "../src/phases/releaseChanges.ts";
import {
  attributeText,
  readAttributes,
  trialWords,
  withEnvironment,
  withoutEnvironment,
} from "../src/phases/whatIf.ts";

const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
const uri = "file:///w/a.ocu.star";

function card(id: string, more: Partial<GraphCard> = {}): GraphCard {
  const [kind, title] = id.split("/") as ["task" | "deploy", string];
  return { id, kind, title, uri, range, inputs: [], ...more };
}

function graphOf(phases: Record<string, GraphCard[]>): PhaseGraph {
  const drawn = Object.entries(phases).map(([name, cards]) => ({ id: name, name, range, cards }));
  return { uri, version: 1, stale: false, environmentsNotReleased: false, phases: drawn };
}

const tag = { name: "tag", ref: "./task/build#output/tag", from: "task/build", blocked: false };
const shop = graphOf({
  "": [card("task/build", { durationMs: 2000, status: "complete" })],
  staging: [card("deploy/eu-test", { durationMs: 1000, inputs: [tag] }), card("deploy/us-test", { durationMs: 6000 })],
  production: [card("deploy/eu", { inputs: [{ ...tag, value: "app:12" }] }), card("deploy/us", { news: "quota" })],
});

describe("The critical path", () => {
  it("is the longest work of each phase, with its shares", () => {
    const path = criticalPath(shop)!;
    assert.deepEqual(
      path.cards.map((each) => each.title),
      ["build", "us-test"],
    );
    assert.equal(pathWords(path), "build 2.0 s › us-test 6.0 s = 8.0 s");
    assert.equal(shareWords(path.shares.get("deploy/us-test")!), "75 %");
  });

  it("is not there before anything ran, and has no parts of nothing", () => {
    assert.equal(criticalPath(graphOf({ "": [card("task/build")] })), undefined);
    const instant = criticalPath(graphOf({ "": [card("task/build", { durationMs: 0 })] }))!;
    assert.equal(shareWords(instant.shares.get("task/build")!), "0 %");
  });
});

describe("What a release made now would do", () => {
  const approval = { name: "approval", ref: "./custom/approval", blocked: false, missing: true };

  it("runs everything where all inputs are there", () => {
    const { summary, work } = planRelease(shop);
    assert.equal(summary, "A release made now would run all 5 pieces of work.");
    assert.deepEqual([...work.values()].map(plannedWords), Array(5).fill("would run"));
  });

  it("waits for what nothing in the file makes, and what follows waits for that", () => {
    const graph = graphOf({
      "": [card("task/build")],
      staging: [card("deploy/a"), card("deploy/b", { inputs: [approval] })],
      production: [card("deploy/c")],
    });
    const { summary, work } = planRelease(graph);
    assert.equal(summary, "A release made now would run 2 of 4 pieces of work; b would wait for approval.");
    assert.equal(plannedWords(work.get("deploy/b")!), "would wait for approval");
    assert.equal(plannedWords(work.get("deploy/c")!), "would follow staging, which waits");
  });

  it("says so when nothing would run", () => {
    const graph = graphOf({ "": [card("task/build", { inputs: [approval] })] });
    assert.equal(planRelease(graph).summary, "A release made now would run nothing; build would wait for approval.");
  });
});

describe("Looking at a part of the graph", () => {
  const known: GraphEnvironment[] = [
    { name: "eu-test", attributes: { type: "staging", region: "eu" } },
    { name: "us-test", attributes: { type: "staging", region: "us" } },
    { name: "eu", attributes: { type: "production", region: "eu" } },
    { name: "elsewhere", attributes: { type: "production" } },
  ];

  it("finds work by all that its card says", () => {
    const found = (words: string) => findCards(shop, words).map((each) => each.title);
    assert.deepEqual(found("TEST eu"), ["eu-test"]);
    assert.deepEqual(found("app:12"), ["eu"]);
    assert.deepEqual(found("quota"), ["us"]);
    assert.deepEqual(found("production deploy"), ["eu", "us"]);
    assert.deepEqual(found("nothing such"), []);
    assert.equal(found("  ").length, 5);
  });

  it("offers environments of the graph, by attributes that tell them apart", () => {
    const environments = environmentsIn(shop, known);
    assert.deepEqual(
      environments.map((each) => each.name),
      ["eu", "eu-test", "us", "us-test"],
    );
    assert.deepEqual(attributeFacets(environments), [
      { label: "region: eu", names: ["eu", "eu-test"] },
      { label: "type: staging", names: ["eu-test", "us-test"] },
    ]);
  });

  it("leaves environments out, and phases that have nothing else", () => {
    const shown = withoutEnvironments(shop, new Set(["eu-test", "us-test", "us"]));
    assert.deepEqual(
      shown.phases.map((phase) => [phase.name, phase.cards.map((each) => each.title)]),
      [
        ["", ["build"]],
        ["production", ["eu"]],
      ],
    );
    assert.equal(withoutEnvironments(shop, new Set()), shop);
  });
});

describe("Environments that are tried out", () => {
  const staging = { name: "eu-2", attributes: { type: "staging", label: "EU west" } };

  it("are typed as NAME=VALUE, and shown the same way", () => {
    const text = attributeText(staging);
    assert.equal(text, 'type=staging label="EU west"');
    assert.deepEqual(readAttributes(text), { ok: true, attributes: staging.attributes });
    assert.deepEqual(readAttributes("  "), { ok: true, attributes: {} });
    assert.deepEqual(readAttributes("a= b=2"), { ok: true, attributes: { a: "", b: "2" } });
    for (const wrong of ["type", "=x", 'a="open', "a=1 b"]) assert.equal(readAttributes(wrong).ok, false, wrong);
  });

  it("replace each other by name, and can be left out", () => {
    const one = withEnvironment(undefined, staging);
    assert.deepEqual(withEnvironment(one, { name: "eu-2", attributes: {} }).environments, [
      { name: "eu-2", attributes: {} },
    ]);
    const without = withoutEnvironment(one, "eu-2");
    assert.deepEqual(without, { environments: [], without: ["eu-2"] });
    assert.deepEqual(withEnvironment(without, staging), { environments: [staging] });
  });

  it("say what they would bring", () => {
    const graph = { ...shop, whatIf: { added: ["deploy/eu-2"], removed: [] } };
    assert.equal(
      trialWords({ environments: [staging], without: ["us"] }, graph),
      'eu-2 (type=staging label="EU west") · without us: 1 piece of work more',
    );
    assert.match(trialWords({ environments: [staging] }, shop), /the work stays the same$/);
  });
});

describe("What a release would change", () => {
  const now: ReleaseChanges = {
    uri,
    base: { ref: "shop/-/a.ocu.star/@r8", name: "r8", commit: "abc", status: "complete" },
    next: "r9",
    stale: false,
    summary: "1 left behind · 1 changed",
    changes: [
      { kind: "leftBehind", id: "deploy/us", title: "deploy us", details: ["Nothing takes it down."] },
      {
        kind: "changed",
        id: "task/build",
        title: "task build",
        details: [],
        inputs: [{ name: "tag", kind: "changed", before: "1", after: "2" }],
        place: { uri, range },
      },
    ],
    downstream: [{ repository: "shop", file: "b.ocu.star", work: "deploy/eu", because: ["./x"], after: "task/build" }],
  };

  it("is listed with what becomes of it", () => {
    const { changes, downstream } = changeLines(now);
    assert.equal(changes[0]!.label, "$(warning) deploy us: stays deployed, but nothing deploys it any more");
    assert.equal(changes[1]!.detail, "Input tag: 1 → 2.");
    assert.equal(downstream[0]!.label, "$(sync) b.ocu.star deploy/eu");
    assert.equal(fateOf(now, "deploy/us"), "stays deployed");
    assert.equal(fateOf(now, "deploy/eu"), "gone");
    assert.equal(fateOf(undefined, "deploy/eu"), "gone");
  });

  it("is asked about where something that is live goes or stays behind", () => {
    assert.equal(takesSomethingDown(now), true);
    assert.equal(takesSomethingDown({ ...now, changes: now.changes.slice(1) }), false);
  });
});

describe("Where a commit is", () => {
  const deployment = { file: "a.ocu.star", uri, release: "r8", releaseCommit: "3f2c1a9b", ref: "r" };
  const result: WhereIsCommitResult = {
    commit: "0123456789",
    subject: "Fix the till",
    releases: ["shop/-/a.ocu.star/@r7"],
    deployments: [
      { ...deployment, environment: "eu", state: "contains", distance: 2 },
      { ...deployment, environment: "us", state: "behind", distance: 1 },
    ],
  };

  it("is told by environment", () => {
    assert.equal(commitTitle(result), "0123456 Fix the till · live in 1 of 2 deployments");
    assert.deepEqual(
      commitLines(result).map((group) => [group.title, group.lines.map((line) => `${line.label} ${line.description}`)]),
      [
        ["it is live here", ["$(pass) eu a.ocu.star · r8 (3f2c1a9) · and 2 commits more"]],
        ["what is live here is older", ["$(circle-outline) us a.ocu.star · r8 (3f2c1a9) · 1 commit behind"]],
        ["releases of this commit", ["$(tag) shop/-/a.ocu.star/@r7 "]],
      ],
    );
    assert.match(commitTitle({ deployments: [], releases: [], commit: "1" }), /nothing is deployed/);
  });

  it("and what a push would release, with the reason", () => {
    const release: PushedRelease = {
      file: "a.ocu.star",
      uri,
      reason: "watch",
      causes: true,
      because: "It watches lib.",
      ignored: false,
    };
    assert.deepEqual(pushLine(release), {
      label: "$(rocket) a.ocu.star: would be released",
      detail: "It watches lib.",
    });
    assert.match(pushLine({ ...release, ignored: true }).label, /left alone by release_ignore/);
    assert.equal(pushSummary({ releases: [release, { ...release, causes: false }] }), "A push would make 1 release");
    assert.match(pushSummary({ releases: [] }), /nothing/);
  });
});

describe("Running one piece of work by hand", () => {
  const input = (more: Partial<WorkFunctionInput>): WorkFunctionInput => ({
    name: "tag",
    from: "state",
    optional: false,
    ...more,
  });
  const use: WorkFunctionUse = { work: "deploy/us", role: "down", inputs: [] };

  it("gives the command what was typed, and leaves the rest to it", () => {
    assert.deepEqual(runArguments("a.ocu.star", use, new Map([["tag", 'a "b"=c']])), [
      "run",
      "a.ocu.star",
      "deploy/us",
      "--down",
      "--input",
      'tag=a "b"=c',
    ]);
  });

  it("asks for what is missing, and begins with what is there", () => {
    const missing = input({ from: "missing", name: "url" });
    assert.deepEqual(inputsToGive([missing, input({ value: 1 })], new Map()), ["url"]);
    assert.deepEqual(inputsToGive([{ ...missing, optional: true }], new Map()), []);
    assert.deepEqual(inputsToGive([missing], new Map([["url", ""]])), []);
    assert.equal(prefill(input({ value: "app:12" }), undefined), "app:12");
    assert.equal(prefill(input({ value: "12" }), undefined), '"12"', "text that looks like a number stays text");
    assert.equal(prefill(input({ value: { a: 1 } }), undefined), '{"a":1}');
    assert.equal(prefill(input({ value: "token ****" }), undefined), "", "what is masked cannot be given back");
    assert.equal(inputWords(input({ value: "app:12" }), undefined), "app:12 · from state");
    assert.equal(inputWords(missing, undefined), "needs a value");
    assert.equal(inputWords(missing, "x"), "x · as typed");
  });
});

describe("Places that printed a log", () => {
  it("are told once for each stretch", () => {
    const at = (line: number, source: number) => ({
      line,
      certain: true,
      place: { uri, range: { start: { line: source, character: 0 }, end: { line: source, character: 1 } } },
    });
    const places = [at(0, 5), at(1, 5), at(2, 7), at(3, 5), at(5, 5)];
    const lines = (groups: readonly { line: number }[]) => groups.map((each) => each.line);
    assert.deepEqual(lines(placeGroups(places, () => true)), [0, 2, 3, 5]);
    assert.deepEqual(lines(placeGroups(places, (line) => line !== 0)), [1, 2, 3, 5]);
  });
});
