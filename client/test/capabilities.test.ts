import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  allFeatures,
  cannotStart,
  helpTopics,
  lackReason,
  missingFeatures,
  missingTitles,
  readVersion,
  startProblem,
} from "../src/model/capabilities.ts";

const run = promisify(execFile);

/** Help as programs of the public tool's kind print it. */
const cobra = new Map([
  [
    "",
    `Ocuroot is a CI/CD tool\n\nUsage:\n  ocuroot [command]\n\nAvailable Commands:\n  completion  Generate the autocompletion script\n  release     Manage releases\n  state       Manage state\n  work        Manage outstanding work\n  version     Print the version\n`,
  ],
  [
    "release",
    "Usage:\n  ocuroot release [command]\n\nAvailable Commands:\n  new         Create a new release\n  retry       Retry\n",
  ],
  [
    "release new",
    "Flags:\n  -f, --force     Create a new release even if there are existing releases\n  -h, --help   help\n",
  ],
  ["release retry", "Flags:\n  -h, --help   help for retry\n"],
  ["state", "Available Commands:\n  get         Get\n  set         Set a value\n  delete      Delete\n"],
  ["work", "Available Commands:\n  cascade     Do all work\n  continue    Continue\n"],
]);

describe("What a command can do", () => {
  it("is read off its help", () => {
    assert.deepEqual(missingFeatures(cobra), [
      "continue",
      "cancel",
      "lint",
      "run",
      "init",
      "parallel",
      "retryInWorktree",
      "retryAnyCommit",
    ]);
  });

  it("is everything, where the command is ours", async () => {
    const helps = new Map<string, string>();
    const main = join(__dirname, "../../engine/src/cli/main.ts");
    await Promise.all(
      helpTopics.map(async (topic) => {
        const { stdout } = await run(process.execPath, ["--import", "tsx", main, ...topic, "--help"]);
        helps.set(topic.join(" "), stdout);
      }),
    );
    assert.deepEqual(missingFeatures(helps), []);
  });

  it("is read off help of another form, too", () => {
    const commander = new Map([
      ["", "Commands:\n  release     start\n  run <file> <work>   run\n  init [dir]   make\n  state  s\n  work   w\n"],
      ["release", "Commands:\n  new [file]\n  cancel|c <release>  give up\n"],
      ["release new", "Options:\n  --parallel <n>  pieces\n  -f, --force\n"],
    ]);
    const missing = missingFeatures(commander);
    for (const there of ["run", "init", "cancel", "parallel", "force"] as const) assert.ok(!missing.includes(there));
    for (const gone of ["retry", "lint", "work", "setState"] as const) assert.ok(missing.includes(gone));
  });

  it("is nothing where there is no help, and never taken from the help of what is around", () => {
    assert.deepEqual(missingFeatures(new Map()), allFeatures);
    // `ocuroot nonsense --help` prints the command's own help, which lists `run`-like words elsewhere.
    const own = cobra.get("")!;
    const echo = new Map(
      helpTopics.map((topic) => [topic.join(" "), own.replace("  release     Manage releases\n", "")]),
    );
    assert.ok(missingFeatures(echo).includes("retry"));
  });

  it("is told in words", () => {
    assert.equal(missingTitles(["cancel", "parallel", "lint"]), "Cancel Release, Lint Package");
    assert.match(lackReason("run", "ocuroot 0.3.14"), /^ocuroot 0\.3\.14 has no Run Function\. The bundled one has/);
  });

  it("knows versions as commands print them", () => {
    assert.equal(readVersion("ocuroot version v0.3.14 (abc)\n"), "0.3.14");
    assert.equal(readVersion("0.1.0\n"), "0.1.0");
    assert.equal(readVersion("Version: 0.3\nCommit: none"), "0.3");
    assert.equal(readVersion("unknown"), undefined);
  });

  it("is not asked of a command that cannot be started, and that is said in words", async () => {
    const problem = async (program: string, ...args: string[]) => {
      try {
        await run(program, args);
      } catch (error) {
        return { words: startProblem(error), cannotStart: cannotStart(error) };
      }
      return undefined;
    };
    assert.deepEqual(await problem(join(__dirname, "no-such-file")), {
      words: "cannot be run: there is no such file",
      cannotStart: true,
    });
    const script = "console.error('no such command'); process.exit(3)";
    assert.deepEqual(await problem(process.execPath, "-e", script), {
      words: 'cannot be run: "version" ended with exit code 3: no such command',
      cannotStart: false,
    });
    assert.match(startProblem({ code: "EINVAL" }), /name the executable itself/, "what Windows says of a .cmd file");
    assert.equal(startProblem({ code: null, killed: true }), "did not answer within 10 s: what it can do is not known");
    if (process.platform === "win32") return;
    const { words } = (await problem(__dirname)) ?? {};
    assert.equal(words, "cannot be run: it is not an executable that you may run");
  });
});
