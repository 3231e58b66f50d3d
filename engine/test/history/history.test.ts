import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  listPackageFiles,
  listReleases,
  listRepositories,
  readEnvironments,
  readReleaseHistory,
  readReleases,
  readRunLog,
} from "../../src/history/index.ts";
import { openFileStore } from "../../src/state/fileStore.ts";
import { currentOwner } from "../../src/state/owner.ts";
import type { Store } from "../../src/state/store.ts";
import { temporaryFolder } from "../state/folders.ts";
import { base, file, repo, writeRelease, writeRun } from "./releases.ts";

describe("history", () => {
  let root: string;
  let store: Store;
  beforeEach(async () => {
    root = join(temporaryFolder(), "state");
    store = await openFileStore(root, { kind: "state" });
  });
  afterEach(() => store.close());

  const readAll = async (limit = 10) => (await readReleases(store, { repo, limit }))[0]!;

  it("lists repositories, files and releases, newest first by number", async () => {
    await store.transact("x", (tx) => {
      for (let number = 1; number <= 12; number++) tx.set(`${base}/@r${number}`, "release", {});
      tx.link(`${base}/@v1.0`, `${base}/@r3`);
      tx.set(`${repo}/-/backend/api.ocu.star/@4`, "release", {});
      tx.set(`${repo}/-/repo.ocu.star/@1234567`, "repo", {});
      tx.set("github.com/a/b/-/c.ocu.star/@r1", "release", {});
      tx.set("@/environment/eu", "environment", {});
    });
    assert.deepEqual(await listRepositories(store), ["github.com/a/b", "shop"]);
    assert.deepEqual(await listPackageFiles(store, repo), ["backend/api.ocu.star", file]);
    const releases = await listReleases(store, { repo, file });
    assert.deepEqual(
      releases.map((release) => release.name),
      ["r12", "r11", "r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1"],
    );
    assert.deepEqual(await listReleases(store, { repo, file: "backend/api.ocu.star" }), [{ number: 4, name: "4" }]);
  });

  it("tells a release's story", async () => {
    await store.transact("x", (tx) => {
      writeRelease(tx, 8, [
        { name: "", work: [{ kind: "task", name: "build" }] },
        {
          name: "production",
          work: [
            { kind: "deploy", name: "eu" },
            { kind: "deploy", name: "us" },
          ],
        },
        { name: "after", work: [{ kind: "task", name: "notify" }] },
      ]);
      writeRun(tx, 8, "task/build", 1, {
        status: "complete",
        started: "2026-01-01T10:00:01Z",
        ended: "2026-01-01T10:00:11Z",
        inputs: { prev: { ref: `${base}/@/task/build#output/n`, default: 0, value: 4 } },
        output: { n: 5, tag: "myapp:5" },
      });
      tx.link(`${base}/@v1.4.0`, `${base}/@r8`);
      tx.link(`${base}/@/task/build`, `${base}/@r8/task/build`);
      const dependencies = [`${base}/@r8/task/build/1/status/complete`];
      writeRun(tx, 8, "deploy/eu", 1, {
        status: "complete",
        started: "2026-01-01T10:00:11Z",
        ended: "2026-01-01T10:00:21Z",
        dependencies,
      });
      writeRun(tx, 8, "deploy/us", 1, {
        status: "failed_retried",
        started: "2026-01-01T10:00:11Z",
        ended: "2026-01-01T10:00:15Z",
        dependencies,
      });
      writeRun(tx, 8, "deploy/us", 2, {
        status: "failed",
        started: "2026-01-02T10:00:00Z",
        ended: "2026-01-02T10:00:05Z",
        dependencies,
        failure: { message: "./deploy.sh us: exit status 1", stack: [] },
        log: [
          { message: "starting" },
          { message: "\u001b[31mquota exceeded in region us\u001b[0m\n", stream: "stderr" },
          { message: "---", stream: "stderr" },
        ],
      });
      writeRun(tx, 8, "task/notify", 1, {
        status: "pending",
        dependencies: [`${base}/@r8/deploy/us/1/status/complete`],
        inputs: { x: { ref: "@/custom/x" } },
      });
    });
    const { releases, moreReleases } = await readAll();
    assert.equal(moreReleases, 0);
    const [release] = releases;
    assert.deepEqual(
      [release!.name, release!.status, release!.commit, release!.tags, release!.news],
      ["r8", "failed", "3f2c1a9", ["v1.4.0"], "deploy/us failed: quota exceeded in region us"],
    );
    assert.equal(release!.startedAt, Date.parse("2026-01-01T10:00:00Z"));
    assert.equal(release!.durationMs, 25_000, "the retry a day later counts only for itself");
    assert.deepEqual(
      release!.phases.map((phase) => [phase.name, phase.status]),
      [
        ["", "complete"],
        ["production", "failed"],
        ["after", "pending"],
      ],
    );

    const [build] = release!.phases[0]!.work;
    assert.deepEqual(build!.position, { file, line: 5, column: 1 });
    assert.equal(build!.durationMs, 10_000);
    assert.deepEqual(build!.attempts[0]!.inputs, { prev: 4 });
    assert.deepEqual(build!.attempts[0]!.outputs, { n: 5, tag: "myapp:5" });
    const us = release!.phases[1]!.work[1]!;
    assert.deepEqual([us.status, us.news], ["failed", "quota exceeded in region us"]);
    assert.deepEqual(
      us.attempts.map((attempt) => [attempt.number, attempt.status]),
      [
        [2, "failed"],
        [1, "retried"],
      ],
    );
    assert.deepEqual(release!.phases[2]!.work[0]!.missing, [], "it waits for a phase, not for inputs");
  });

  it("tells what work says of its result, and of what it waits for", async () => {
    await store.transact("x", (tx) => {
      writeRelease(tx, 1, [
        {
          name: "p",
          work: [
            { kind: "task", name: "a" },
            { kind: "task", name: "b" },
          ],
        },
      ]);
      writeRun(tx, 1, "task/a", 1, { status: "complete", said: "asking", annotation: "published twice" });
      const inputs = { go: { ref: "@/custom/go" } };
      writeRun(tx, 1, "task/b", 1, { status: "paused", inputs, said: "a person must look at it" });
    });
    const [release] = (await readAll()).releases;
    assert.deepEqual(
      release!.phases[0]!.work.map((work) => work.attempts[0]!.annotation),
      ["published twice", "a person must look at it"],
    );
  });

  it("says what is needed when work is blocked or paused", async () => {
    await store.transact("x", (tx) => {
      writeRelease(tx, 1, [
        {
          name: "p",
          work: [
            { kind: "task", name: "a" },
            { kind: "task", name: "b" },
            { kind: "task", name: "c" },
          ],
        },
      ]);
      writeRun(tx, 1, "task/a", 1, {
        status: "pending",
        inputs: {
          ok: { ref: `${base}/@r1/custom/approval` },
          host: { ref: "other/-/x.ocu.star/@/deploy/eu#output/host" },
        },
      });
      writeRun(tx, 1, "task/b", 1, { status: "paused", inputs: { go: { ref: "@/custom/go" } } });
      writeRun(tx, 1, "task/c", 1, {
        status: "pending",
        inputs: { d: { ref: "@/custom/none", default: null }, v: { value: 1 } },
      });
    });
    const [release] = (await readAll()).releases;
    assert.deepEqual([release!.status, release!.news], ["blocked", "needs approval, host"]);
    const [a, b, c] = release!.phases[0]!.work;
    assert.deepEqual(a!.missing, [
      { name: "ok", ref: `${base}/@r1/custom/approval`, canBeSet: true },
      { name: "host", ref: "other/-/x.ocu.star/@/deploy/eu#output/host", canBeSet: false },
    ]);
    assert.deepEqual([a!.status, b!.status, c!.status], ["blocked", "paused", "pending"]);
    assert.equal(b!.news, "needs go");

    await store.transact("approve", (tx) => {
      tx.set(`${base}/@r1/custom/approval`, "custom", false);
      tx.set("@/custom/go", "custom", null);
    });
    const [again] = (await readAll()).releases;
    assert.deepEqual(
      again!.phases[0]!.work.map((work) => work.status),
      ["blocked", "paused", "pending"],
    );
    assert.deepEqual(
      again!.phases[0]!.work[0]!.missing.map((input) => input.name),
      ["host"],
    );
  });

  it("tells running from interrupted by the process that runs it", async () => {
    const gone = { ...currentOwner(), pid: 2 ** 22 - 1, started: "1" };
    await store.transact("x", (tx) => {
      writeRelease(tx, 1, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
      writeRun(tx, 1, "task/a", 1, { status: "running", statusBody: { owner: { ...currentOwner() } } });
      writeRelease(tx, 2, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
      writeRun(tx, 2, "task/a", 1, { status: "running", statusBody: { owner: gone } });
      writeRelease(tx, 3, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
      writeRun(tx, 3, "task/a", 1, { status: "running" });
    });
    const { releases } = await readAll();
    assert.deepEqual(
      releases.map((release) => [release.name, release.status, release.news]),
      [
        ["r3", "running", undefined],
        ["r2", "interrupted", "task/a interrupted"],
        ["r1", "running", undefined],
      ],
    );
    assert.equal(releases[2]!.phases[0]!.work[0]!.attempts[0]!.startedAt, Date.parse("2026-01-01T10:00:00Z"));
    assert.equal(releases[2]!.durationMs, undefined);
  });

  it("says interrupted also of what Ctrl-C ended, and failed of what failed beside it", async () => {
    const failure = { message: "interrupted", stack: [], interrupted: true };
    const tasks = ["a", "b"].map((name) => ({ kind: "task" as const, name }));
    await store.transact("x", (tx) => {
      for (const number of [1, 2]) writeRelease(tx, number, [{ name: "", work: tasks }]);
      for (const number of [1, 2]) writeRun(tx, number, "task/a", 1, { status: "failed", failure });
      writeRun(tx, 1, "task/b", 1, { status: "complete" });
      writeRun(tx, 2, "task/b", 1, { status: "failed", failure: { message: "no", stack: [] } });
    });
    const { releases } = await readAll();
    assert.deepEqual(
      releases.map((release) => [release.status, release.phases[0]!.work.map(({ status }) => status), release.news]),
      [
        ["failed", ["interrupted", "failed"], "task/b failed: no"],
        ["interrupted", ["interrupted", "complete"], "task/a interrupted"],
      ],
    );
  });

  it("reads documents of the public tool: bare positions, no times of ours, deployments added later", async () => {
    await store.transact("x", (tx) => {
      const bare = { name: "build", pos: "release.ocu.star:3:5" };
      tx.set(`${base}/@r1`, "x", {
        commit: "c",
        package: { functions: {}, phases: [{ name: "p", tasks: [{ task: { name: "build", inputs: {}, fn: bare } }] }] },
      });
      writeRun(tx, 1, "task/build", 1, {
        status: "complete",
        log: [
          { message: "a", timestamp: "2026-01-01T10:00:00Z" },
          { message: "b", timestamp: "2026-01-01T10:00:03Z" },
        ],
        statusBody: { time: "2026-01-01T10:00:04Z" },
      });
      writeRun(tx, 1, "deploy/new", 1, { status: "complete", type: "down" });
    });
    const [release] = (await readAll()).releases;
    assert.deepEqual(release!.phases[0]!.work[0]!.position, { file: "frontend/release.ocu.star", line: 3, column: 5 });
    assert.equal(release!.phases[0]!.work[0]!.durationMs, 4000);
    assert.deepEqual(
      [release!.phases[1]!.name, release!.phases[1]!.work[0]!.name, release!.phases[1]!.work[0]!.status],
      ["", "new", "removed"],
    );
    assert.equal(release!.status, "complete");
  });

  it("finds a release by number, old number, tag and newest", async () => {
    await store.transact("x", (tx) => {
      for (const number of [9, 10]) writeRelease(tx, number, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
      tx.link(`${base}/@v1`, `${base}/@r9`);
    });
    const nameOf = async (release: string) => (await readReleaseHistory(store, `${base}/@${release}`))?.name;
    assert.deepEqual(
      [
        await nameOf("r9"),
        await nameOf("9"),
        await nameOf("v1"),
        await nameOf(""),
        await nameOf("r11"),
        await nameOf("v2"),
      ],
      ["r9", "r9", "r9", "r10", undefined, undefined],
    );
    assert.equal(await readReleaseHistory(store, "@/environment/x"), undefined);
    assert.equal(await readReleaseHistory(store, "//"), undefined);
  });

  it("shows a limited number and counts the rest", async () => {
    await store.transact("x", (tx) => {
      for (let number = 1; number <= 5; number++)
        writeRelease(tx, number, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
    });
    const history = await readAll(2);
    assert.deepEqual([history.releases.map((release) => release.name), history.moreReleases], [["r5", "r4"], 3]);
    const [one] = await readReleases(store, { repo, file, limit: 1 });
    assert.equal(one!.moreReleases, 4);
    const [page] = await readReleases(store, { repo, file, limit: 2, before: 4 });
    assert.deepEqual([page!.releases.map((release) => release.name), page!.moreReleases], [["r3", "r2"], 1]);
    assert.deepEqual(await readReleases(store, { repo, file: "none.ocu.star", limit: 1 }), [
      { repo, file: "none.ocu.star", releases: [], moreReleases: 0 },
    ]);
  });

  it("names a damaged document, and shows the other releases", async () => {
    await store.transact("x", (tx) => {
      for (const number of [1, 2]) writeRelease(tx, number, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
    });
    const path = join(root, "refs", base, "@r2/task/a/1/@object.json");
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "{");
    const { releases } = await readAll();
    assert.deepEqual(
      releases.map((release) => release.name),
      ["r2", "r1"],
    );
    assert.ok(releases[0]!.problem!.includes(path));
    await assert.rejects(readReleaseHistory(store, `${base}/@r2`), { name: "StoreError" });
  });

  it("reads only the releases that were asked for", async () => {
    await store.transact("x", (tx) => {
      for (let number = 1; number <= 30; number++) {
        writeRelease(tx, number, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
        writeRun(tx, number, "task/a", 1, { status: "complete" });
      }
    });
    const touched = new Set<string>();
    const watched = new Proxy(store, {
      get(target, key: keyof Store) {
        const value = target[key] as (...args: unknown[]) => unknown;
        return (ref: string, ...rest: unknown[]) => {
          touched.add(/@r\d+/.exec(ref)?.[0] ?? ref);
          return value.call(target, ref, ...rest);
        };
      },
    });
    await readReleases(watched, { repo, file, limit: 2 });
    assert.deepEqual([...touched].sort(), ["@r29", "@r30", base]);
    touched.clear();
    await readReleases(watched, { repo, file, limit: 2, before: 10 });
    // The newest is looked at, too: its folder may hold only what was set for a release to come.
    assert.deepEqual([...touched].sort(), ["@r30", "@r8", "@r9", base]);
  });

  it("shows what is deployed where", async () => {
    await store.transact("x", (tx) => {
      tx.set("@/environment/eu", "environment", { name: "eu", attributes: { type: "prod" } });
      tx.set("@/environment/us", "environment", { name: "us", attributes: {} });
      writeRelease(tx, 2, [{ name: "", work: [{ kind: "deploy", name: "eu" }] }]);
      tx.set(`${base}/@r2/deploy/eu`, "work", {});
      tx.link(`${base}/@/deploy/eu`, `${base}/@r2/deploy/eu`);
    });
    assert.deepEqual(await readEnvironments(store), [
      {
        name: "eu",
        attributes: { type: "prod" },
        deployments: [{ repo, file, release: "r2", ref: `${base}/@r2/deploy/eu` }],
      },
      { name: "us", attributes: {}, deployments: [] },
    ]);
  });

  it("reads logs by run, by work and through links", async () => {
    await store.transact("x", (tx) => {
      writeRelease(tx, 1, [{ name: "", work: [{ kind: "task", name: "a" }] }]);
      writeRun(tx, 1, "task/a", 1, { status: "failed_retried", log: [{ message: "one" }] });
      writeRun(tx, 1, "task/a", 2, {
        status: "running",
        statusBody: { owner: { ...currentOwner() } },
        log: [{ message: "two" }],
      });
      tx.link(`${base}/@v1`, `${base}/@r1`);
    });
    const log = async (ref: string) => {
      const found = await readRunLog(store, ref);
      return (
        found && [found.run.slice(base.length), found.entries.map((entry) => entry.message).join(), found.finished]
      );
    };
    assert.deepEqual(await log(`${base}/@r1/task/a/1`), ["/@r1/task/a/1", "one", true]);
    assert.deepEqual(await log(`${base}/@r1/task/a`), ["/@r1/task/a/2", "two", false]);
    assert.deepEqual(await log(`${base}/@v1/call/a/1`), ["/@r1/task/a/1", "one", true]);
    assert.deepEqual(await log(`${base}/@1/call/a`), ["/@r1/task/a/2", "two", false]);
    assert.equal(await log(`${base}/@r1/task/b`), undefined);
  });
});
