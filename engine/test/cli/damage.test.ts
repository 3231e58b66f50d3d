import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Sandbox } from "./sandbox.ts";

const deploys = `ocuroot("0.3.0")

def build(ctx):
    return done(outputs={"v": 1})

def up(environment):
    return done()

def down(environment):
    return done()

task(build, name="build")
phase("all", work=[deploy(environment=e, up=up, down=down) for e in environments()])
`;

const plain = 'ocuroot("0.3.0")\n\ndef f(ctx):\n    return done()\n\ntask(f, name="f")\n';

const hint =
  /\n {2}see all that is wrong: +ocuroot state check\n {2}mend it, with a backup: +ocuroot state check --repair\n/;

/** One way to damage a store by hand, and what comes of it. */
interface Damage {
  readonly name: string;
  /** The file, below the store, that errors must name; made by `do` unless it is there. */
  readonly file: string;
  readonly do: (path: string) => void;
  /** A command that needs what is damaged, and is refused; none where all go on. */
  readonly refused?: readonly string[];
  /** Whether `state check --repair` mends it. */
  readonly mends: boolean;
}

const release = "state/refs/r/-/a.ocu.star/@r1";
const document = (path: string) => `${path}/@object.json`;
const text = (content: string) => (path: string) => put(path, content);
const halve = (path: string) => {
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, whole.slice(0, whole.length / 2));
};

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const damages: readonly Damage[] = [
  {
    name: "a truncated environment",
    file: document("state/refs/@/environment/eu"),
    do: halve,
    refused: ["release", "new", "--force", "a.ocu.star"],
    mends: true,
  },
  {
    name: "an empty environment in intent",
    file: document("intent/refs/@/environment/eu"),
    do: text(""),
    refused: ["state", "apply", "@/environment/eu"],
    mends: true,
  },
  {
    name: "a truncated release",
    file: document(release),
    do: halve,
    refused: ["release", "show", "a.ocu.star/@r1"],
    mends: false,
  },
  {
    name: "JSON that is no document, as a run",
    file: document(`${release}/task/build/1`),
    do: text("[1, 2]"),
    refused: ["release", "show", "a.ocu.star/@r1"],
    mends: false,
  },
  {
    name: "the result of work as text",
    file: document(`${release}/task/build`),
    do: text("hello"),
    refused: ["state", "get", "a.ocu.star/@/task/build#output/v"],
    mends: true,
  },
  {
    name: "a log that is no list",
    file: document(`${release}/task/build/1/logs`),
    do: text('{"kind":"ref","body_type":"logs","links":[],"body":{}}'),
    mends: false,
  },
  {
    name: "a link that leads nowhere",
    file: document("state/refs/r/-/a.ocu.star/@/task/gone"),
    do: text('{"kind":"link","body":"r/-/a.ocu.star/@r9/task/gone"}'),
    mends: true,
  },
  {
    name: "a release whose document was deleted",
    file: document(release),
    do: (path) => rmSync(path),
    mends: false,
  },
  {
    name: "a deleted folder of work",
    file: document("state/refs/r/-/a.ocu.star/@/task/build"),
    do: (path) => rmSync(join(path, "../../../../@r1/task"), { recursive: true }),
    mends: true,
  },
  { name: "a foreign file", file: `${release}/notes.txt`, do: text("mine"), mends: true },
  {
    name: "a file half written by a dead process",
    file: "state/.ocuroot-local/staged",
    do: (path) => put(join(path, "x.0"), "{"),
    mends: true,
  },
  {
    name: "a journal that cannot be read",
    file: "state/.ocuroot-local/journal.json",
    do: text("{"),
    refused: ["release", "new", "--force", "b.ocu.star"],
    mends: true,
  },
  {
    name: "a store of another version",
    file: "state/.ocuroot-store",
    do: text('{"version":9,"Tags":{"state":{}}}'),
    refused: ["release", "list"],
    mends: false,
  },
  {
    name: "a marker that is none",
    file: "state/.ocuroot-store",
    do: text("hello"),
    refused: ["release", "list"],
    mends: true,
  },
];

describe("a store that was damaged by hand", function () {
  this.timeout(120_000);
  let good: Sandbox;
  let sandbox: Sandbox;
  before(async () => {
    good = Sandbox.create({
      "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("r")\n',
      "e.ocu.star": 'register_environment(environment("eu"))\nregister_environment(environment("us"))\n',
      "a.ocu.star": deploys,
      "b.ocu.star": plain,
      ".gitignore": ".ocuroot/\n",
    });
    for (const file of ["e.ocu.star", "a.ocu.star", "b.ocu.star"]) await good.ok(["release", "new", file]);
  });
  after(() => good.remove());
  beforeEach(() => {
    sandbox = new Sandbox();
    cpSync(good.root, sandbox.root, { recursive: true });
  });
  afterEach(() => sandbox.remove());
  const path = (file: string) => sandbox.path(join(".ocuroot/store", file));

  for (const damage of damages) {
    it(`by ${damage.name}: named, and ${damage.mends ? "mended" : "left to a person"}`, async () => {
      damage.do(path(damage.file));
      const before = damage.refused && (await sandbox.run(damage.refused));
      if (before) {
        assert.equal(before.code, 1, before.stdout);
        const place = damage.file.endsWith("/.ocuroot-store") ? dirname(damage.file) : damage.file;
        assert.ok(before.stderr.includes(path(place)), before.stderr);
        assert.doesNotMatch(before.stderr, /something went wrong inside/);
      }
      const found = await sandbox.run(["state", "check", "--json"]);
      assert.equal(found.code, 1);
      assert.ok(found.stdout.includes(path(damage.file)), found.stdout);
      const repaired = await sandbox.run(["state", "check", "--repair", "--json"]);
      assert.equal(repaired.code, damage.mends ? 0 : 1, repaired.stdout);
      if (damage.mends) assert.equal((await sandbox.run(["state", "check"])).code, 0);
    });
  }

  it("by an environment stops only what needs it, and what needs it says what to do", async () => {
    halve(path(document("state/refs/@/environment/eu")));
    const needs = [
      ["release", "new", "--force", "a.ocu.star"],
      ["state", "diff"],
      ["work", "any", "--dryrun"],
    ];
    for (const args of needs) {
      const { code, stderr } = await sandbox.run(args);
      assert.equal(code, 1, args.join(" "));
      assert.ok(stderr.includes(path(document("state/refs/@/environment/eu"))), stderr);
      assert.match(stderr, hint);
    }
    const goesOn = [
      ["release", "new", "--force", "b.ocu.star"],
      ["release", "list"],
      ["release", "show", "a.ocu.star"],
      ["state", "set", "@/environment/us", '{"name":"us","attributes":{"a":"b"}}', "-f", "json"],
      ["state", "apply", "@/environment/us"],
      ["state", "get", "@/environment/us"],
    ];
    for (const args of goesOn) await sandbox.ok(args);
  });

  it("by an environment leaves the rest of the work to be done, and says what was not", async () => {
    const approved = (name: string) =>
      `ocuroot("0.3.0")\n\ndef f(go):\n    return done()\n\ndef up(environment, go):\n    return done()\n\ndef down(environment, go):\n    return done()\n\ngo = {"go": input(ref="./custom/go")}\nphase("p", work=[task(f, name="${name}", inputs=go)] + [deploy(environment=environment(n), up=up, down=down, inputs=go) for n in ["eu", "us"]])\n`;
    sandbox.write("c.ocu.star", approved("c"));
    sandbox.write("d.ocu.star", approved("d"));
    sandbox.commit();
    for (const file of ["c", "d"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    await sandbox.ok(["release", "new", "--force", "a.ocu.star"]);
    await sandbox.ok(["state", "set", "@/environment/us", '{"name":"us","attributes":{"a":"b"}}', "-f", "json"]);
    await sandbox.ok(["state", "apply", "@/environment/us"]);
    for (const file of ["c", "d"]) await sandbox.ok(["state", "set", `${file}.ocu.star/@r1/custom/go`, "yes"]);
    const damaged = path(document("state/refs/@/environment/eu"));
    halve(damaged);
    const { code, stderr } = await sandbox.run(["work", "continue"]);
    assert.equal(code, 1, stderr);
    assert.equal(stderr.split(damaged).length, 2, "told once");
    assert.match(stderr, hint);
    assert.match(stderr, /r\/-\/a\.ocu\.star\/@r\d: could not be finished, since it needs a document that is damaged/);
    for (const file of ["c", "d"]) {
      assert.ok(await sandbox.get(`${file}.ocu.star/@/task/${file}`), `${file} was done`);
      assert.ok(await sandbox.get(`${file}.ocu.star/@/deploy/us`), `${file} was deployed where it could`);
      assert.equal(await sandbox.get(`${file}.ocu.star/@/deploy/eu`), undefined);
    }
    await sandbox.ok(["state", "check", "--repair"]);
    await sandbox.ok(["work", "continue"]);
    for (const file of ["c", "d"]) assert.ok(await sandbox.get(`${file}.ocu.star/@/deploy/eu`));
  });

  it("by an environment hides no other difference", async () => {
    await sandbox.ok(["state", "set", "@/custom/x", "1"]);
    halve(path(document("state/refs/@/environment/eu")));
    const { stdout } = await sandbox.run(["state", "diff"]);
    assert.equal(stdout, "@/custom/x\n");
    assert.equal((await sandbox.run(["work", "any"])).code, 1);
    assert.equal(await sandbox.get("@/custom/x"), "1");
  });
});
