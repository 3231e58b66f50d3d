import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { currentOwner } from "../../src/state/owner.ts";
import { Sandbox } from "./sandbox.ts";

const release = "myapp/-/release.ocu.star/@r1";
const build = `${release}/task/build`;

describe("ocuroot state check", () => {
  let good: Sandbox;
  let sandbox: Sandbox;
  before(async () => {
    good = Sandbox.create("seed");
    await good.ok(["release", "new", "environments.ocu.star"]);
    await good.ok(["release", "new", "release.ocu.star"]);
  });
  after(() => good.remove());
  beforeEach(() => {
    sandbox = new Sandbox();
    cpSync(good.root, sandbox.root, { recursive: true });
  });
  afterEach(() => sandbox.remove());

  const folder = (store = "state") => sandbox.path(`.ocuroot/store/${store}`);
  const file = (ref: string, store = "state") => join(folder(store), "refs", ref, "@object.json");
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const read = (ref: string) => JSON.parse(readFileSync(file(ref), "utf8"));
  const change = (ref: string, edit: (document: Record<string, unknown>) => void) => {
    const document = read(ref);
    edit(document);
    put(file(ref), JSON.stringify(document));
  };
  interface Problem {
    readonly problem?: string;
    readonly mended?: string;
    readonly file: string;
    readonly message: string;
    readonly done?: string;
    readonly mendable?: boolean;
  }
  const check = async (...argv: string[]) => {
    const { code, stdout } = await sandbox.run(["--json", "state", "check", ...argv]);
    const lines = stdout.split("\n").filter(Boolean);
    return { code, problems: lines.map((line) => JSON.parse(line) as Problem) };
  };
  /** One problem is found, at the file; then it is mended, and nothing is wrong any more. */
  const mends = async (path: string, problem: string, message: RegExp) => {
    const found = await check();
    assert.equal(found.code, 1);
    assert.deepEqual(
      found.problems.map((each) => [each.problem, each.file]),
      [[problem, path]],
    );
    assert.match(found.problems[0]?.message ?? "", message);
    const repaired = await check("--repair");
    assert.equal(repaired.code, 0, JSON.stringify(repaired.problems));
    assert.ok(repaired.problems.every((each) => each.mended));
  };
  const backup = (store = "state") => {
    const names = readdirSync(sandbox.path(".ocuroot/store")).filter((name) => name.startsWith(`${store}.backup-`));
    assert.equal(names.length, 1);
    return sandbox.path(`.ocuroot/store/${names[0]}`);
  };

  it("finds nothing wrong in a store that it wrote, nor where there is none", async () => {
    assert.deepEqual(await check(), { code: 0, problems: [] });
    const { stderr } = await sandbox.ok(["state", "check"]);
    assert.match(stderr, /^Looked at \d+ documents of state and intent: nothing is wrong\.\n$/);
    rmSync(sandbox.path(".ocuroot"), { recursive: true });
    assert.match((await sandbox.ok(["state", "check"])).stderr, /There is no store yet: nothing is wrong\./);
    assert.ok(!existsSync(sandbox.path(".ocuroot")));
  });

  it("names each file that is wrong, and says what can be done", async () => {
    put(file(build), '{"kind": "ref", "bo');
    put(file(`${build}/1`), "");
    const { code, stdout, stderr } = await sandbox.run(["state", "check"]);
    assert.equal(code, 1);
    const shown = (ref: string) => `.ocuroot/store/state/refs/${ref}/@object.json`;
    assert.ok(stdout.includes(`✗ ${shown(build)} — is not complete JSON\n`), stdout);
    assert.ok(stdout.includes(`✗ ${shown(`${build}/1`)} — is empty\n`), stdout);
    assert.match(stderr, /2 problems\.\n.*need a person/);
  });

  it("leaves what nobody can know, and still mends the rest", async () => {
    put(file(release), "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n");
    put(file(`${build}/1/logs`), "[");
    const { code, problems } = await check("--repair");
    assert.equal(code, 1);
    assert.deepEqual(
      problems.map((each) => [each.mended ?? each.problem, each.file]),
      [
        ["damaged-document", file(`${build}/1/logs`)],
        ["damaged-document", file(release)],
      ],
    );
    assert.match(problems[1]?.message ?? "", /merge conflict/);
    assert.match(readFileSync(file(release), "utf8"), /^<<<<<<</);
    assert.equal(readFileSync(join(backup(), "refs", build, "1/logs/@object.json"), "utf8"), "[");
  });

  it("writes the last result anew from the run that gave it", async () => {
    const before = read(build);
    put(file(build), "{}");
    await mends(file(build), "damaged-document", /its kind is null/);
    assert.deepEqual(read(build), before);
  });

  it("restores links to what listed them, and removes those that lead nowhere", async () => {
    const current = "myapp/-/release.ocu.star/@/task/build";
    put(file(current), '{"kind":"link"}');
    await mends(file(current), "damaged-document", /a link without a target/);
    assert.deepEqual(read(current), { kind: "link", body: build });

    const tag = "myapp/-/release.ocu.star/@v9";
    put(file(tag), '{"kind":"link","body":"myapp/-/release.ocu.star/@r9"}');
    await mends(file(tag), "broken-link", /link to .*@r9, where nothing is/);
    assert.ok(!existsSync(file(tag)));

    put(file(tag), '{"kind":"link","body":"../../../etc/passwd"}');
    await mends(file(tag), "broken-link", /link to .*passwd, where nothing is/);
    assert.ok(!existsSync(file(tag)));
    put(file(current), '{"kind":"link","body":"../../../etc/passwd"}');
    assert.equal((await check("--repair")).code, 0);
    assert.deepEqual(read(current), { kind: "link", body: build });
    assert.equal((await check()).code, 0);
  });

  it("puts lists of links right", async () => {
    const before = read(build);
    change(build, (document) => {
      document.links = ["myapp/-/release.ocu.star/@gone"];
    });
    await mends(file(build), "wrong-links", /lists the link .*@gone, which does not lead here, and leaves out/);
    assert.deepEqual(read(build), before);
  });

  it("keeps the later of two statuses", async () => {
    put(
      file(`${build}/1/status/running`),
      '{"kind":"ref","body_type":"marker","body":{"time":"2026-01-01T00:00:00Z"}}',
    );
    await mends(file(`${build}/1/status/running`), "two-statuses", /a second status beside complete/);
    assert.deepEqual(readdirSync(join(folder(), "refs", build, "1/status")), ["complete"]);
  });

  it("gives a run without status the one that its document tells of", async () => {
    rmSync(join(folder(), "refs", build, "1/status"), { recursive: true });
    await mends(file(`${build}/1`), "no-status", /a run without a status/);
    assert.deepEqual(readdirSync(join(folder(), "refs", build, "1/status")), ["complete"]);
  });

  it("ends what a process that is gone was running, so that retry takes it up", async () => {
    const status = join(folder(), "refs", release, "deploy/staging/1/status");
    renameSync(join(status, "complete"), join(status, "running"));
    const gone = { ...currentOwner(), pid: 2 ** 22 + 1 };
    const body = { time: "2026-01-01T00:00:00Z", owner: gone };
    put(join(status, "running/@object.json"), JSON.stringify({ kind: "ref", body_type: "marker", body }));
    await mends(join(status, "running/@object.json"), "interrupted-run", /process 4194305 .* runs it, which is gone/);
    assert.deepEqual(readdirSync(status), ["failed"]);
    assert.equal(read(`${release}/deploy/staging/1`).body.failure.interrupted, true);
    const { stdout } = await sandbox.run(["release", "retry", "release.ocu.star"]);
    assert.match(stdout, /deploy staging ✓|staging.*attempt 2/);
  });

  it("leaves alone what a living process runs, and what an unknown one does", async () => {
    const status = join(folder(), "refs", release, "deploy/staging/1/status");
    renameSync(join(status, "complete"), join(status, "running"));
    for (const owner of [currentOwner(), undefined]) {
      const body = { time: "2026-01-01T00:00:00Z", owner };
      put(join(status, "running/@object.json"), JSON.stringify({ kind: "ref", body_type: "marker", body }));
      assert.deepEqual(await check(), { code: 0, problems: [] });
    }
  });

  it("moves foreign files to the backup, and removes empty folders", async () => {
    const stray = join(folder(), "refs", build, "notes.txt");
    put(stray, "mine");
    await mends(stray, "foreign-file", /no part of a store/);
    assert.equal(readFileSync(join(backup(), "refs", build, "notes.txt"), "utf8"), "mine");
    const empty = join(folder(), "refs/myapp/-/release.ocu.star/@r7/task");
    mkdirSync(empty, { recursive: true });
    await mends(empty, "empty-folder", /an empty folder/);
    assert.ok(!existsSync(dirname(empty)));
  });

  it("finishes what a dead process began, and clears its lock", async () => {
    const local = join(folder(), ".ocuroot-local");
    const lock = readdirSync(local).find((name) => name.startsWith("lock.")) as string;
    put(join(local, lock), JSON.stringify({ ...currentOwner(), pid: 2 ** 22 + 1 }));
    put(join(local, "staged/x.0"), '{"kind":"ref","body_type":"custom","links":[],"body":1}\n');
    const ref = "@/custom/late";
    put(join(local, "journal.json"), JSON.stringify({ version: 1, steps: [{ kind: "put", ref, staged: "x.0" }] }));
    const { code, problems } = await check();
    assert.equal(code, 1);
    assert.deepEqual(
      problems.map((each) => [each.problem, each.file]),
      [
        ["leftover", join(local, "journal.json")],
        ["leftover", join(local, lock)],
        ["leftover", join(local, "staged")],
      ],
    );
    assert.equal((await check("--repair")).code, 0);
    assert.equal(read(ref).body, 1);
    assert.deepEqual(await check(), { code: 0, problems: [] });
  });

  it("gets past a journal that cannot be read", async () => {
    const journal = join(folder(), ".ocuroot-local/journal.json");
    put(journal, "{");
    assert.equal((await sandbox.run(["state", "set", "@/custom/x", "1"])).code, 0);
    assert.equal((await sandbox.run(["state", "apply", "@/custom/x"])).code, 1);
    await mends(journal, "leftover", /not a journal that can be read/);
    await sandbox.ok(["state", "apply", "@/custom/x"]);
  });

  it("writes a marker anew, but never over a store of another version or kind", async () => {
    const marker = join(folder(), ".ocuroot-store");
    put(marker, "");
    await mends(marker, "marker", /not the marker of a store/);
    for (const text of ['{"version":9}', '{"version":3,"Tags":{"intent":{}}}']) {
      put(marker, text);
      const { code, problems } = await check("--repair");
      assert.equal(code, 1);
      assert.equal(problems[0]?.file, marker);
      assert.equal(readFileSync(marker, "utf8"), text);
    }
  });

  it("works in the store's own folder, too", async () => {
    put(file(`${build}/1/logs`), "[");
    const inStore = ".ocuroot/store/state";
    const found = await sandbox.run(["state", "check"], { in: inStore });
    assert.equal(found.code, 1);
    assert.match(found.stdout, /✗ refs\/myapp.*logs\/@object\.json — is not complete JSON/);
    await sandbox.ok(["state", "check", "--repair"], { in: inStore });
    await sandbox.ok(["state", "check"], { in: ".ocuroot/store/intent" });
  });

  it("copies an environment that state lost from intent", async () => {
    const before = read("@/environment/staging");
    put(file("@/environment/staging"), "");
    await mends(file("@/environment/staging"), "damaged-document", /is empty/);
    assert.deepEqual(read("@/environment/staging").body, before.body);
  });

  it("tells of documents that say what they should not", async () => {
    change("@/environment/staging", (document) => {
      document.body = { name: "other", attributes: {} };
    });
    change(`${build}/1`, (document) => {
      document.body = { type: "party" };
    });
    rmSync(file(release));
    put(file("nowhere"), '{"kind":"ref","body":1}');
    const { code, problems } = await check();
    assert.equal(code, 1);
    assert.deepEqual(problems.map((each) => [each.problem, each.file]).sort(), [
      ["bad-document", file("@/environment/staging")],
      ["bad-document", file(`${build}/1`)],
      ["bad-ref", file("nowhere")],
      ...problems.filter(({ problem }) => problem === "broken-link").map((each) => ["broken-link", each.file]),
      ["lost-document", file(release)],
    ]);
  });
});

describe("ocuroot state check, in a git store", () => {
  let sandbox: Sandbox;
  let env: Record<string, string>;
  let clone: string;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("demo")\nstore.set(store.git(host.env()["REMOTE"], branch="state"))\n',
      "a.ocu.star": 'def f(ctx):\n    return done(outputs={"x": 1})\ntask(f, name="t")\n',
      ".gitignore": "remote.git\nhome\n",
    });
    const remote = sandbox.path("remote.git");
    sandbox.git("init", "-q", "--bare", remote);
    env = { REMOTE: remote, OCUROOT_HOME: sandbox.path("home") };
    await sandbox.ok(["release", "new", "a.ocu.star"], { env });
    clone = join(sandbox.path("home/state/branches/state/state"), remote);
  });
  after(() => sandbox.remove());

  const work = "demo/-/a.ocu.star/@r1/task/t";
  const file = (ref: string) => join(clone, "state/refs", ref, "@object.json");

  it("restores files from the branch, and keeps what they were beside the clone", async () => {
    writeFileSync(file("demo/-/a.ocu.star/@r1"), "{");
    writeFileSync(join(clone, "state/refs/notes.txt"), "mine");
    const found = await sandbox.run(["state", "check"], { env });
    assert.equal(found.code, 1);
    assert.match(found.stderr, /2 problems\.\nAll can be mended/);
    const { stdout } = await sandbox.ok(["state", "check", "--repair"], { env });
    assert.match(stdout, /@r1\/@object\.json was restored from the branch \(it was not complete JSON\)/);
    assert.match(stdout, /notes\.txt is in the backup only/);
    assert.deepEqual(readdirSync(join(clone, "state/refs")).sort(), ["demo"]);
    const beside = readdirSync(dirname(clone)).filter((name) => name.startsWith("remote.git.backup-"));
    assert.equal(readFileSync(join(dirname(clone), beside[0] as string, "state/refs/notes.txt"), "utf8"), "mine");
  });

  it("mends what is damaged in the branch itself, for everybody", async () => {
    const before = readFileSync(file(work), "utf8");
    writeFileSync(file(work), "{");
    const at = (...args: string[]) => sandbox.git("-C", clone, ...args);
    at("commit", "-q", "-m", "damage", "--", `state/refs/${work}/@object.json`);
    at("push", "-q", env.REMOTE as string, "HEAD:state");
    // Another machine has seen the damage, and learns that it is mended, unless the remote does not answer.
    const other = { ...env, OCUROOT_HOME: sandbox.path("home/other") };
    assert.equal((await sandbox.run(["state", "check"], { env: other })).code, 0, "there is no clone yet");
    await sandbox.ok(["state", "match"], { env: other });
    assert.equal((await sandbox.run(["state", "check"], { env: other })).code, 1);
    const { stdout } = await sandbox.ok(["state", "check", "--repair"], { env });
    assert.match(stdout, /task\/t\/@object\.json was written anew from its last complete run/);
    assert.equal(readFileSync(file(work), "utf8"), before);
    const pushed = sandbox.git("-C", env.REMOTE as string, "show", `state:state/refs/${work}/@object.json`);
    assert.equal(pushed, before.trim());
    const away = `${env.REMOTE}.away`;
    renameSync(env.REMOTE as string, away);
    const unanswered = await sandbox.run(["state", "check"], { env: other });
    renameSync(away, env.REMOTE as string);
    assert.equal(unanswered.code, 1);
    assert.match(unanswered.stderr, /What this machine saw last is looked at\./);
    await sandbox.ok(["state", "check"], { env: other });
  });
});
