import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import type { ReleaseEvent, WorkStatus } from "../../src/release/events.ts";
import { codeExcerpt } from "../../src/terminal/excerpt.ts";
import { failureLines } from "../../src/terminal/failure.ts";
import { frame } from "../../src/terminal/frame.ts";
import { LiveScreen } from "../../src/terminal/liveScreen.ts";
import { LiveView, stoppingLine } from "../../src/terminal/liveView.ts";
import { ReleaseProgress } from "../../src/terminal/progress.ts";
import { quoted, summaryLines } from "../../src/terminal/summary.ts";
import { ago, displayWidth, duration, fit, harmless, plainLine, shownOutputs } from "../../src/terminal/text.ts";

const colors = pc.createColors(false);
const start = Date.parse("2024-05-01T10:00:00.000Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

function planned(work: string, status: WorkStatus = "pending") {
  const [kind, name] = work.split("/") as ["task" | "deploy", string];
  return { work, kind, name, status };
}

const release: ReleaseEvent = {
  type: "release",
  ref: "shop/-/frontend/release.ocu.star/@r8",
  repo: "shop",
  file: "frontend/release.ocu.star",
  name: "r8",
  commit: "3f2c1a9bcd",
  phases: [
    { name: "", work: [planned("task/build")] },
    { name: "staging", work: [planned("deploy/eu-test"), planned("deploy/us-test")] },
    { name: "production", work: [planned("deploy/eu"), planned("deploy/us"), planned("deploy/asia")] },
  ],
};

function progressOf(...events: ReleaseEvent[]): ReleaseProgress {
  const progress = new ReleaseProgress();
  for (const event of [release, ...events]) progress.take(event);
  return progress;
}

const running = (work: string, seconds: number): ReleaseEvent => ({
  type: "work",
  work,
  attempt: 1,
  status: "running",
  time: at(seconds),
});
const log = (work: string, message: string): ReleaseEvent => ({
  type: "log",
  work,
  stream: "stdout",
  message,
  time: at(0),
});
const built: ReleaseEvent = {
  type: "work",
  work: "task/build",
  attempt: 1,
  status: "complete",
  time: at(12),
  durationMs: 12_000,
  outputs: { tag: "myapp:12", build_number: 12 },
};

describe("the live view", () => {
  it("shows work under its phase, with durations, outputs and the last line", () => {
    const progress = progressOf(
      built,
      running("deploy/eu-test", 12),
      running("deploy/us-test", 12),
      log("deploy/us-test", "layer 4 of 7"),
    );
    assert.deepEqual(frame(progress, { columns: 80, now: start + 18_000, colors }), [
      "shop/frontend/release.ocu.star  r8  (3f2c1a9)",
      "",
      "✓ build                                   12 s   tag=myapp:12 build_number=12",
      "staging",
      "  ⠋ deploy eu-test                       6.0 s",
      "  ⠋ deploy us-test                       6.0 s   │ layer 4 of 7",
      "production",
      "  · deploy eu   · deploy us   · deploy asia",
    ]);
  });

  it("never draws a line that is wider than the screen, nor more lines than it has", () => {
    const progress = progressOf(built, running("deploy/eu-test", 12), log("deploy/eu-test", "x".repeat(300)));
    for (const columns of [20, 33, 60]) {
      for (const rows of [4, 6, 24]) {
        const lines = frame(progress, { columns, rows, now: start + 1000, colors: pc.createColors(true) });
        assert.ok(lines.length <= rows, `${lines.length} lines of ${rows}`);
        for (const line of lines) assert.ok(displayWidth(line) <= columns, line);
      }
    }
  });

  it("keeps the end of the path, the number and the duration where there is little room", () => {
    const lines = (columns: number) => frame(progressOf(built), { columns, now: start, colors });
    assert.equal(lines(44)[0], "shop/frontend/release.ocu.star  r8");
    assert.equal(lines(24)[0], "…nd/release.ocu.star  r8");
    assert.equal(lines(24)[2], "✓ build           12 s …");
  });

  it("keeps durations below each other on narrow screens, as long as titles leave room for them", () => {
    const ended = (name: string, seconds: number): ReleaseEvent[] => [
      { type: "work", work: `deploy/${name}`, attempt: 1, status: "running", time: at(0) },
      { type: "work", work: `deploy/${name}`, attempt: 1, status: "complete", time: at(1), durationMs: seconds * 1000 },
    ];
    const names = ["eu-west-1", "eu-west-10-spare"];
    const phases = [{ name: "all", work: names.map((name) => planned(`deploy/${name}`)) }];
    const progress = progressOf({ ...release, phases }, ...ended("eu-west-1", 3), ...ended("eu-west-10-spare", 12));
    const lines = frame(progress, { columns: 48, now: start, colors }).slice(-2);
    assert.deepEqual(lines, ["  ✓ deploy eu-west-1         3.0 s", "  ✓ deploy eu-west-10-spare   12 s"]);
  });

  it("keeps what runs and what failed when the screen is low, and counts the rest", () => {
    const lines = frame(progressOf(built, running("deploy/us-test", 1)), { columns: 80, rows: 5, now: start, colors });
    assert.match(lines.join("\n"), /staging › ⠋ deploy us-test/);
    assert.equal(lines.at(-1), "… 1 done, 4 waiting");
  });

  it("writes a frame at once, hides the cursor while it draws, and leaves the whole release behind", () => {
    const writes: string[] = [];
    const progress = new ReleaseProgress();
    const output = { write: (text: string) => writes.push(text), isTTY: true, columns: 80, rows: 4 };
    const view = new LiveView(new LiveScreen(output, colors), progress);
    const take = (event: ReleaseEvent) => {
      progress.take(event);
      view.take(event);
    };
    take(release);
    take(built);
    take({ type: "end", ref: "r", outcome: "complete", durationMs: 1 });
    view.finish();
    assert.equal(writes[0], "\u001b[?25l");
    assert.equal(writes.at(-1), "\u001b[?25h");
    assert.equal(writes.length, 3);
    assert.match(writes[1] ?? "", /^\u001b\[\?2026h[\s\S]*production[\s\S]*deploy asia[\s\S]*\u001b\[\?2026l$/);
  });

  it("draws several releases below each other, and leaves each behind above those that still run", () => {
    let screen = "";
    const output = { write: (text: string) => (screen += text), isTTY: true, columns: 60, rows: 20 };
    const shared = new LiveScreen(output, colors);
    const named = (file: string) => {
      const progress = new ReleaseProgress();
      const event: ReleaseEvent = { ...release, file, phases: [{ name: "", work: [planned("task/build")] }] };
      progress.take(event);
      const view = new LiveView(shared, progress);
      view.take(event);
      return { progress, view };
    };
    const [one, two] = [named("one.ocu.star"), named("two.ocu.star")];
    one.progress.take(built);
    screen = "";
    shared.above(() => output.write("said meanwhile\n"));
    assert.match(screen, /said meanwhile\n[\s\S]*one\.ocu\.star[\s\S]*two\.ocu\.star/);
    screen = "";
    one.view.finish();
    assert.match(screen, /\u001b\[\d+A[\s\S]*one\.ocu\.star[\s\S]*✓ build[\s\S]*two\.ocu\.star/);
    assert.ok(!screen.includes("\u001b[?25h"), "the cursor stays hidden");
    screen = "";
    two.view.finish();
    assert.ok(!screen.includes("one.ocu.star"), "what is over is not drawn again");
    assert.ok(screen.endsWith("\u001b[?25h"));
  });

  it("never draws more than the screen has, however many releases there are", () => {
    for (const rows of [5, 8, 24]) {
      const writes: string[] = [];
      const output = { write: (text: string) => writes.push(text), isTTY: true, columns: 40, rows };
      const shared = new LiveScreen(output, colors);
      for (let index = 0; index < 30; index++) {
        const progress = progressOf(built, running("deploy/us-test", 1));
        new LiveView(shared, progress).take(release);
      }
      shared.above(() => {});
      const drawn = (writes.at(-1) ?? "").split("\n").length - 1;
      assert.ok(drawn > 0 && drawn < rows, `${drawn} lines of ${rows}`);
      assert.match(writes.at(-1) ?? "", /more releases/);
      shared.stop();
    }
  });

  it("says why work failed in the words of its command, when the error is only its exit status", () => {
    const failure = { message: "./deploy.sh us: exit status 1", stack: [] };
    const failed: ReleaseEvent = {
      type: "work",
      work: "deploy/us",
      attempt: 1,
      status: "failed",
      time: at(9),
      durationMs: 4000,
      failure,
    };
    const said: ReleaseEvent = {
      type: "log",
      work: "deploy/us",
      stream: "stderr",
      message: "quota exceeded",
      time: at(8),
    };
    const lineOf = (...events: ReleaseEvent[]) =>
      frame(progressOf(...events), { columns: 80, now: start, colors }).find((line) => line.includes("✗ deploy us"));
    assert.match(lineOf(said, failed) ?? "", /✗ deploy us +4\.0 s +quota exceeded$/);
    assert.match(lineOf(failed) ?? "", /4\.0 s +\.\/deploy\.sh us: exit status 1$/);
    assert.match(
      lineOf(said, { ...failed, failure: { ...failure, message: "no such key: x" } }) ?? "",
      /no such key: x$/,
    );
  });

  it("says how to kill also when there is little room", () => {
    for (const commands of [
      ["x".repeat(200)],
      ["x".repeat(200), "y".repeat(200), "z".repeat(200)],
      ["a", "b", "c", "d"],
    ]) {
      const line = stoppingLine("SIGINT", commands, 120);
      assert.ok(displayWidth(line) <= 120, line);
      assert.match(line, /press Ctrl-C again to kill$/);
    }
    assert.ok(displayWidth(stoppingLine("SIGINT", ["x".repeat(200)], 80)) <= 80);
  });

  it("says what Ctrl-C is stopping", () => {
    assert.equal(
      stoppingLine("SIGINT", ["./deploy.sh eu", "a", "b", "c"]),
      "Stopping `./deploy.sh eu`, `a`, `b` and 1 more (SIGINT); press Ctrl-C again to kill",
    );
  });
});

describe("the summary", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "ocuroot-summary-"));
    writeFileSync(join(dir, "f.star"), `def up(ctx):\n    host.shell("./deploy.sh us")\n`);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));
  const context = () => ({ colors, places: { shown: (file: string) => file, path: () => join(dir, "f.star") } });

  it("names what failed, where and why, with the log's end and what to do", () => {
    const position = { file: "frontend/release.ocu.star", line: 2, column: 15 };
    const failure = {
      message: "./deploy.sh us: exit status 1",
      position,
      stack: [{ ...position, functionName: "up" }],
    };
    const failed: ReleaseEvent = {
      type: "work",
      work: "deploy/us",
      attempt: 1,
      status: "failed",
      time: at(1),
      failure,
    };
    const progress = progressOf(log("deploy/us", "quota exceeded"), failed);
    assert.deepEqual(summaryLines(progress, { type: "end", ref: "", outcome: "failed", durationMs: 0 }, context()), [
      "✗ r8 failed: production › us",
      "  frontend/release.ocu.star:2:15 in up: ./deploy.sh us: exit status 1",
      `        2 │     host.shell("./deploy.sh us")`,
      "          │     ^^^^^^^^^^",
      "  quota exceeded",
      "  log:    ocuroot release logs frontend/release.ocu.star/@r8/deploy/us",
      "  retry:  ocuroot release retry frontend/release.ocu.star/@r8",
    ]);
  });

  it("tells once what failed in many environments for the same reason", () => {
    const position = { file: "frontend/release.ocu.star", line: 2, column: 15 };
    const failed = (name: string, message = `./deploy.sh ${name}: exit status 1`): ReleaseEvent => ({
      type: "work",
      work: `deploy/${name}`,
      attempt: 1,
      status: "failed",
      time: at(1),
      failure: { message, position, stack: [] },
    });
    const progress = progressOf(failed("eu"), failed("us"), failed("asia", "out of room"));
    const end = { type: "end", ref: "", outcome: "failed", durationMs: 0 } as const;
    const lines = summaryLines(progress, end, context());
    const heads = lines.filter((line) => line.startsWith("✗"));
    assert.deepEqual(heads, ["✗ r8 failed: production › eu, us", "✗ r8 failed: production › asia"]);
    assert.equal(lines.filter((line) => line.includes("exit status 1")).length, 1);
    assert.equal(lines.filter((line) => line.includes("release logs")).length, 2);
  });

  it("counts what is too much to be named", () => {
    const names = Array.from({ length: 40 }, (_, index) => `e${index}`);
    const progress = new ReleaseProgress();
    progress.take({ ...release, phases: [{ name: "all", work: names.map((name) => planned(`deploy/${name}`)) }] });
    for (const name of names) {
      const failure = { message: "no", stack: [] };
      progress.take({ type: "work", work: `deploy/${name}`, attempt: 1, status: "failed", time: at(1), failure });
    }
    const end = { type: "end", ref: "", outcome: "failed", durationMs: 0 } as const;
    const lines = summaryLines(progress, end, context());
    assert.equal(lines[0], "✗ r8 failed: all › e0, e1, e2, e3, e4, e5 and 34 more");
    assert.ok(lines.length < 6, lines.join("\n"));
  });

  it("cuts code where a terminal would wrap it", () => {
    const failure = { message: "broken", position: { file: "f.star", line: 2, column: 15 }, stack: [] };
    const places = { ...context().places, columns: 32 };
    const lines = failureLines(failure, places, colors);
    assert.deepEqual(lines.slice(1), [`      2 │     host.shell("./d…`, "        │     ^^^^^^^^^^"]);
  });

  it("lists missing inputs with the command that sets each", () => {
    const needs = [
      {
        input: "ok",
        ref: "x/@r8/custom/ok",
        written: "./custom/ok",
        help: { command: "ocuroot state set x/@r8/custom/ok VALUE" },
      },
      { input: "tag", ref: "y", written: "y", help: { sentence: "`y` gives it" } },
    ];
    const blocked: ReleaseEvent = {
      type: "work",
      work: "deploy/us",
      attempt: 1,
      status: "blocked",
      time: at(1),
      needs,
    };
    assert.deepEqual(
      summaryLines(progressOf(blocked), { type: "end", ref: "", outcome: "blocked", durationMs: 0 }, context()),
      [
        "⏸ r8 waits for 2 inputs",
        "  ./custom/ok  for production › deploy us",
        "    ocuroot state set x/@r8/custom/ok VALUE",
        "  y  for production › deploy us",
        "    `y` gives it",
        "  then:   ocuroot release continue frontend/release.ocu.star/@r8",
      ],
    );
  });

  it("marks the word, the attribute or the call that a place names", () => {
    const mark = (line: number, column: number) => codeExcerpt({ path: join(dir, "f.star"), line, column }, "").at(-1);
    assert.equal(mark(2, 5), "  │     ^^^^");
    assert.equal(mark(2, 9), "  │     ^^^^^^^^^^");
    assert.equal(mark(1, 5), "  │     ^^");
    assert.deepEqual(codeExcerpt({ path: join(dir, "none"), line: 1, column: 1 }), []);
  });
});

describe("text on a terminal", () => {
  it("measures and cuts by columns", () => {
    assert.deepEqual(["a", "日本", "e\u0301", "\u001b[31mred\u001b[39m", "🚀"].map(displayWidth), [1, 4, 1, 3, 2]);
    assert.equal(fit("日本語", 5), "日本…");
    assert.equal(fit("abcdef", 4), "abc…");
    assert.equal(fit("\u001b[31mabcdef\u001b[39m", 4), "\u001b[31mabc…\u001b[39m");
    assert.equal(fit("abc", 3), "abc");
  });

  it("takes the teeth out of what commands print", () => {
    assert.equal(plainLine("\u001b[2J\u001b[31mred\u001b[0m\tx\u0007"), "red    x");
    assert.equal(plainLine("10%\r50%\r90%"), "90%");
    assert.equal(plainLine("\u001b]8;;http://x\u0007link\u001b]8;;\u0007"), "link");
  });

  it("lets commands colour what they print, and do nothing else to the terminal", () => {
    assert.equal(harmless("\u001b[1;31mred\u001b[0m\tx"), "\u001b[1;31mred\u001b[0m\tx");
    assert.equal(
      harmless("\u001b[2J\u001b[1;1H\u001b[?25lgone\u001b]0;title\u0007\u0007\u001bc\u001b(0\u009b2J"),
      "gone2J",
    );
    assert.equal(harmless("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\ \u001bPq#0\u001b\\."), "link .");
    assert.equal(harmless("10%\r50%\r90%\r\nsafe\rover\n"), "90%\nover\n");
    assert.equal(harmless("\u001b[31"), "31");
  });

  it("writes durations and times as people do", () => {
    assert.deepEqual([400, 4100, 9960, 12_000, 185_000, 7_440_000].map(duration), [
      "0.4 s",
      "4.1 s",
      "10 s",
      "12 s",
      "3 min 05 s",
      "2 h 04 min",
    ]);
    assert.deepEqual(
      [0, 5, 200, 4000].map((minutes) => ago(0, minutes * 60_000)),
      ["just now", "5 min ago", "3 h ago", "2 days ago"],
    );
  });

  it("shows values and arguments", () => {
    assert.equal(shownOutputs({ a: "x\ny", b: [1, "z"], c: 2n ** 70n }), `a=x⏎y b=[1,"z"] c=1180591620717411303424`);
    assert.deepEqual(["a/@r1", "it's", "a b"].map(quoted), ["a/@r1", "'it'\\''s'", "'a b'"]);
  });
});
