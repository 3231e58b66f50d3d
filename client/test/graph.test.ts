import assert from "node:assert/strict";
import type { GraphCard, PhaseGraph } from "@ocuroot/server/protocol";
import { findChanges, noChanges } from "../src/phases/changes.ts";
import { toMermaid, toSvg } from "../src/phases/export.ts";
import {
  cardAside,
  cardLabel,
  cardNews,
  findEdges,
  groupTitle,
  phaseCount,
  phaseDuration,
  releaseNews,
  statusCounts,
} from "../src/phases/graphModel.ts";
import { withLiveDurations } from "../src/phases/liveDurations.ts";
import { routeAround, routeBeside, routesAround } from "../src/phases/routes.ts";
import { failedRelease, now, phase, release, work } from "./samples.ts";

const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };

function card(kind: "task" | "deploy", title: string, more: Partial<GraphCard> = {}): GraphCard {
  return { id: `${kind}/${title}`, kind, title, uri: "file:///w/a.ocu.star", range, inputs: [], ...more };
}

function graphOf(phases: Record<string, GraphCard[]>, more: Partial<PhaseGraph> = {}): PhaseGraph {
  return {
    uri: "file:///w/a.ocu.star",
    version: 1,
    stale: false,
    environmentsNotReleased: false,
    phases: Object.entries(phases).map(([name, cards]) => ({ id: name, name, range, cards })),
    ...more,
  };
}

const tag = { name: "tag", ref: "./task/build#output/tag", from: "task/build", value: "myapp:12", blocked: false };

describe("Drawings of the phase graph", () => {
  it("hold whatever work is called", () => {
    const odd = card("task", 'a<b>"&|`\\\u0007 \n c');
    const graph = graphOf({ "<p>": [odd] });
    const theme = { background: "#fff", card: "#fff", border: "#000", text: "#000", dim: "#888", font: '"A & B"' };
    const svg = toSvg(graph, theme);
    assert.ok(!/[\x00-\x08]/.test(svg));
    assert.ok(!/[<>]/.test(svg.replace(/<[^<>]*>/g, "")), "no text that would be read as a tag");
    const [line = ""] = toMermaid(graph)
      .split("\n")
      .filter((each) => /^ {4}w0/.test(each));
    assert.match(line, /^ {4}w0\["a#60;b#62;#34;#38;#124;#96;#92;\u0007 c"\]$/);
  });
});

describe("The phase graph in words", () => {
  it("draws edges between cards that are there", () => {
    const gone = { ...tag, name: "x", from: "task/gone" };
    const own = { ...tag, name: "previous", from: "deploy/eu" };
    const graph = graphOf({ "": [card("task", "build")], prod: [card("deploy", "eu", { inputs: [tag, gone, own] })] });
    assert.deepEqual(findEdges(graph), [{ from: "task/build", to: "deploy/eu", input: "tag", blocked: false }]);
  });

  it("counts a phase", () => {
    const phase = (...cards: GraphCard[]) => graphOf({ p: cards }).phases[0]!;
    assert.equal(phaseCount(phase(card("deploy", "a"), card("deploy", "b"))), "2");
    assert.equal(phaseCount(phase(card("deploy", "a"))), "");
    const done = card("deploy", "a", { status: "complete", durationMs: 3000 });
    const failed = card("deploy", "b", { status: "failed", durationMs: 11_000 });
    assert.equal(phaseCount(phase(done, failed)), "1 of 2 failed");
    assert.equal(phaseCount(phase(done, card("deploy", "b", { status: "pending" }))), "1 of 2");
    assert.equal(phaseDuration(phase(done, failed)), "11 s");
  });

  it("says each status beside the title", () => {
    assert.equal(cardAside(card("task", "a")), "");
    assert.equal(cardAside(card("task", "a", { status: "complete", durationMs: 4100 })), "4.1 s");
    assert.equal(cardAside(card("task", "a", { status: "failed", durationMs: 4000 })), "failed · 4.0 s");
    assert.equal(cardAside(card("task", "a", { status: "running", durationMs: 10_000 }), 2000), "running 12 s");
    assert.equal(cardAside(card("task", "a", { status: "pending" })), "waiting");
  });

  it("has one line of news", () => {
    const blocked = { name: "approval", ref: "./custom/approval", blocked: true };
    assert.equal(cardNews(card("task", "a", { status: "failed", news: "Traceback\nexit 1: full\n" })), "exit 1: full");
    assert.equal(cardNews(card("task", "a", { status: "blocked", inputs: [tag, blocked] })), "needs approval");
    assert.equal(cardNews(card("task", "a", { status: "complete" })), "");
  });

  it("reads a card to those who cannot see it", () => {
    const us = card("deploy", "us", { status: "failed", durationMs: 4000, news: "quota exceeded", inputs: [tag] });
    assert.equal(
      cardLabel(us, "production", undefined),
      "deploy us in phase production. failed. quota exceeded. 1 input: tag myapp:12.",
    );
    assert.equal(cardLabel(card("task", "build"), "", "new"), "task build. new. not released yet.");
  });

  it("says in one line why the release stands as it does", () => {
    const us = card("deploy", "us", { status: "failed", news: "Traceback\nquota exceeded\n" });
    assert.equal(releaseNews(graphOf({ p: [card("deploy", "eu", { status: "complete" }), us] })), "us: quota exceeded");
    const both = [us, card("deploy", "eu", { status: "interrupted" })];
    assert.equal(releaseNews(graphOf({ p: both })), "us: quota exceeded (and 1 more)");
    const approval = { name: "approval", ref: "./custom/approval", blocked: true };
    const waiting = ["a", "b", "c", "d"].map((name) => card("deploy", name, { status: "blocked", inputs: [approval] }));
    assert.equal(releaseNews(graphOf({ p: waiting })), "approval for a, b, c and 1 more");
    assert.equal(releaseNews(graphOf({ p: [card("task", "a", { status: "complete" })] })), "");
  });

  it("groups many cards, trouble first", () => {
    const cards = [
      card("deploy", "a", { status: "complete" }),
      card("deploy", "b", { status: "failed" }),
      card("task", "c", { status: "complete" }),
    ];
    assert.equal(groupTitle(cards), "1 task and 2 deploys");
    assert.deepEqual(statusCounts(cards), [
      { status: "failed", count: 1 },
      { status: "complete", count: 2 },
    ]);
  });
});

describe("Work that runs", () => {
  const attempts = [{ ref: "x/1", number: 1, status: "running" as const, startedAt: now - 12_000 }];
  const running = release({
    status: "running",
    phases: [phase("p", work("eu", { status: "running", attempts }), work("us"))],
  });
  const graph = graphOf(
    {
      p: [card("deploy", "eu", { status: "running" }), card("deploy", "us", { status: "complete", durationMs: 1000 })],
    },
    { release: { ref: running.ref, name: running.name, status: "running" } },
  );
  const durations = (of: PhaseGraph) => of.phases[0]!.cards.map((each) => each.durationMs);

  it("says for how long, from when its attempt began", () => {
    assert.deepEqual(durations(withLiveDurations(graph, running, now)), [12_000, 1000]);
    assert.equal(cardAside(withLiveDurations(graph, running, now).phases[0]!.cards[0]!), "running 12 s");
  });

  it("is left alone where the graph is of another release, or nothing runs", () => {
    assert.equal(withLiveDurations(graph, undefined, now), graph);
    assert.equal(withLiveDurations(graph, { ...running, ref: "other" }, now), graph);
    assert.equal(withLiveDurations(graph, { ...running, phases: [] }, now), graph);
  });
});

describe("What an edit changed against the last release", () => {
  const release = { ref: failedRelease.ref, name: "r8", status: "failed" as const };
  const production = [card("deploy", "eu"), card("deploy", "us"), card("deploy", "asia")];

  it("is nothing while file and release agree", () => {
    const graph = graphOf({ "": [card("task", "build")], production }, { release });
    assert.deepEqual(findChanges(graph, failedRelease), noChanges);
  });

  it("is work that came, went or moved", () => {
    const graph = graphOf(
      { "": [card("deploy", "eu")], production: [card("deploy", "us"), card("deploy", "africa")] },
      { release },
    );
    assert.deepEqual(findChanges(graph, failedRelease), {
      cards: { "deploy/eu": "moved", "deploy/africa": "added" },
      removed: [
        { kind: "task", name: "build", phase: "" },
        { kind: "deploy", name: "asia", phase: "production" },
      ],
    });
  });

  it("is not told of a stale graph, of no release or of another one", () => {
    const changed = { production: [card("deploy", "mars")] };
    assert.deepEqual(findChanges(graphOf(changed, { release, stale: true }), failedRelease), noChanges);
    assert.deepEqual(findChanges(graphOf(changed, { release }), undefined), noChanges);
    assert.deepEqual(findChanges(graphOf(changed), failedRelease), noChanges);
  });
});

describe("Lines between cards", () => {
  const room = { gap: 40, channel: 30 };
  const column = (index: number, middle: number) => ({ left: index * 300, right: index * 300 + 260, middle });
  /** The corners of a way; curves at them count as the corner. */
  const corners = (path: string) =>
    [...path.matchAll(/[MLQ]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

  it("go through the gap to the next column", () => {
    const points = corners(routeAround(column(0, 50), column(1, 150), 2, room));
    assert.deepEqual(points[0], [260, 50]);
    assert.deepEqual(points.at(-1), [300, 150]);
    assert.ok(points.every(([x]) => x >= 260 && x <= 300));
  });

  it("go above the cards of columns between", () => {
    const points = corners(routeAround(column(0, 50), column(3, 150), 0, room));
    const isInGap = (x: number) => x % 300 >= 260 || x % 300 === 0;
    for (const [x, y] of points) assert.ok(isInGap(x) || Math.abs(y - room.channel) <= 8, `${x} ${y}`);
    assert.ok(points.some(([, y]) => Math.abs(y - room.channel) <= 2));
  });

  it("go back, and stay in one column, on its left", () => {
    const back = corners(routeAround(column(2, 50), column(0, 150), 1, room));
    assert.deepEqual(
      [back[0], back.at(-1)],
      [
        [600, 50],
        [0, 150],
      ],
    );
    const within = corners(routeAround(column(1, 50), column(1, 150), 1, room));
    assert.ok(within.every(([x]) => x <= 300));
    const stacked = corners(routeBeside(column(0, 50), column(0, 150), 1));
    assert.ok(stacked.every(([x]) => x <= 0));
  });

  it("draw what they share once, and end at each card all the same", () => {
    const targets = [100, 200, 300, 400].map((middle) => column(2, middle));
    const lines = routesAround(column(0, 50), targets, 0, room);
    assert.deepEqual(
      lines.map((line) => corners(line).at(-1)),
      targets.map((each) => [each.left, each.middle]),
    );
    const fromCard = lines.filter((line) => line.startsWith("M260 50"));
    assert.equal(fromCard.length, 2, "to the first and to the last");
    const trunk = corners(lines.at(-1)!).map(([x]) => x);
    for (const line of lines) assert.ok(trunk.includes(corners(line).at(-2)![0]), "each leaves the way of the others");
  });

  it("from one card share their way until they part", () => {
    const [near, far] = [100, 400].map((middle) => routeAround(column(0, 50), column(1, middle), 3, room));
    assert.equal(near!.split("L")[1], far!.split("L")[1]);
    assert.notEqual(near, routeAround(column(0, 50), column(1, 100), 4, room), "another card has a lane of its own");
  });
});

describe("Exported drawings", () => {
  const graph = graphOf({
    "": [card("task", 'bu"il<d', { status: "complete" })],
    prod: [card("deploy", "eu", { inputs: [{ ...tag, from: 'task/bu"il<d', blocked: true }] })],
  });

  it("are Mermaid", () => {
    assert.equal(
      toMermaid(graph),
      [
        "flowchart LR",
        '  subgraph p0[" "]',
        '    w0["bu#34;il#60;d (done)"]',
        "  end",
        '  subgraph p1["prod"]',
        '    w1(["eu"])',
        "  end",
        "  p0 --> p1",
        '  w0 -. "tag" .-> w1',
        "",
      ].join("\n"),
    );
  });

  it("are SVG, with everything escaped", () => {
    const theme = { background: "#fff", card: "#eee", border: "#ccc", text: "#000", dim: "#777", font: 'A "B"' };
    const svg = toSvg(graph, theme);
    assert.ok(svg.startsWith("<svg ") && svg.includes("bu&#34;il&#60;d") && !svg.includes('bu"il'));
    assert.ok(svg.includes("stroke-dasharray"), "a blocked input is dashed");
    assert.equal(toSvg(graphOf({}), theme).includes("NaN"), false);
  });
});
