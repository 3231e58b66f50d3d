/** `docs/bad-input.md` says what bad input gets: this gives it to the command and compares. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type RunOptions, Sandbox } from "./sandbox.ts";

interface Row {
  readonly input: string;
  readonly argv: readonly string[];
  readonly printed: string;
  readonly exit: number;
}

const simple = `def f(ctx):\n    return done(outputs={"n": 1})\ntask(f, name="build")\n`;

function rows(): Row[] {
  const text = readFileSync(join(__dirname, "../../../docs/bad-input.md"), "utf8");
  return text.split("\n").flatMap((line) => {
    const cells = line.split(" | ");
    if (cells.length !== 4 || !/^\| \w/.test(line) || cells[0] === "| input") return [];
    const [input = "", command = "", printed = "", exit = ""] = cells;
    const argv = uncoded(command).split(" ");
    return {
      input: input.slice(2),
      argv,
      printed: printed.split("<br>").map(uncoded).join("\n"),
      exit: Number.parseInt(exit, 10),
    };
  });
}

function uncoded(cell: string): string {
  return cell.startsWith("``") ? cell.slice(2, -2) : cell.slice(1, -1);
}

/** The printed text as a pattern: `…` stands for anything. */
function pattern(printed: string): RegExp {
  const parts = printed.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`);
}

/** Prepares the repository; may return how the command is to be run. */
type SetUp = (sandbox: Sandbox) => unknown;

const released: SetUp = (sandbox) => sandbox.ok(["release", "new", "app/release.ocu.star"]);
const outsideFile = (sandbox: Sandbox) => join(dirname(sandbox.root), "outside.ocu.star");
const document = ".ocuroot/store/state/refs/r/-/app/release.ocu.star/@r1/@object.json";

/** What makes the input; for those that are not here, the repository as it is will do. */
const setUps: Readonly<Record<string, SetUp>> = {
  "file that is not UTF-8": (sandbox) =>
    writeFileSync(sandbox.path("app/latin.ocu.star"), Buffer.from([0x23, 0xe9, 0x0a])),
  "file outside of a repository": (sandbox) => writeFileSync(outsideFile(sandbox), simple),
  "error in the file": (sandbox) => sandbox.write("app/broken.ocu.star", `task(nothing, name="f")\n`),
  "error in repo.ocu.star": (sandbox) => sandbox.write("repo.ocu.star", "repo_alias(3)\n"),
  "name with a typo": released,
  "field with a typo": released,
  "unknown release": released,
  "unknown work": released,
  "file without a release": (sandbox) => sandbox.write("app/new.ocu.star", simple),
  "second release of a commit": released,
  "release where a file is meant": released,
  "nothing to retry": released,
  "another commit than the release's": async (sandbox) => {
    sandbox.write("app/fails.ocu.star", simple.replace("return done", "fail('no')\n    return done"));
    sandbox.commit();
    await sandbox.run(["release", "new", "app/fails.ocu.star"]);
    sandbox.commit();
  },
  "torn state document": async (sandbox) => {
    await released(sandbox);
    sandbox.write(document, `{"kind": "re`);
  },
  "foreign state document": async (sandbox) => {
    await released(sandbox);
    sandbox.write(document, `{"kind":"ref","body_type":"release","links":[],"body":{}}`);
  },
  "store of another version": (sandbox) =>
    sandbox.write(".ocuroot/store/state/.ocuroot-store", `{"version":9,"Tags":{"state":{}}}`),
  "file where the store should be": (sandbox) => sandbox.write(".ocuroot", "in the way"),
  "git that is missing": (sandbox) => {
    mkdirSync(sandbox.path("bin"));
    symlinkSync("/bin/sh", sandbox.path("bin/sh"));
    return { env: { PATH: sandbox.path("bin") } };
  },
  "repository without a commit": (sandbox) => {
    rmSync(sandbox.path(".git"), { recursive: true });
    sandbox.git("init", "-q");
  },
  "remote that does not answer": (sandbox) => {
    sandbox.write(
      "repo.ocu.star",
      `ocuroot("0.3.0")\nrepo_alias("r")\nstore.set(state=store.git("http://127.0.0.1:1/x.git", branch="state"))\n`,
    );
    return { env: { OCUROOT_HOME: sandbox.path("home") } };
  },
};

describe("the table of bad input", () => {
  const all = rows();

  it("is there, and every preparation belongs to a row", () => {
    assert.ok(all.length > 20);
    const unused = Object.keys(setUps).filter((input) => !all.some((row) => row.input === input));
    assert.deepEqual(unused, []);
  });

  for (const { input, argv, printed, exit } of all) {
    it(input, async () => {
      const sandbox = Sandbox.create({ "repo.ocu.star": `repo_alias("r")\n`, "app/release.ocu.star": simple });
      try {
        const made = await setUps[input]?.(sandbox);
        const hasOptions = typeof made === "object" && made !== null && "env" in made;
        const options: RunOptions = hasOptions ? (made as RunOptions) : {};
        const before = documents(sandbox);
        const { code, stdout, stderr } = await sandbox.run(argv, options);
        assert.match(stderr.trimEnd(), pattern(printed));
        assert.deepEqual({ code, stdout }, { code: exit, stdout: "" });
        assert.equal(documents(sandbox), before, "something was written");
      } finally {
        sandbox.remove();
        rmSync(outsideFile(sandbox), { force: true });
      }
    });
  }
});

/** All files of the store with their content. */
function documents(sandbox: Sandbox): string {
  const store = sandbox.path(".ocuroot/store");
  if (!existsSync(store)) return "";
  return execFileSync("grep", ["-r", "", "--exclude-dir=.ocuroot-local", store], { encoding: "utf8" });
}
