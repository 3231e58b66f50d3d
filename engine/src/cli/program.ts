/** The commands of `ocuroot` and their options. Each is loaded when it is run, so that a small one starts fast. */

import { Command, InvalidArgumentError, Option, type OptionValues } from "commander";
import { version } from "../../package.json";
import { statIfThere } from "../host/files.ts";
import type { CliIo } from "../terminal/io.ts";
import { usageError } from "./errors.ts";
import { addExamples } from "./examples.ts";
import { type GlobalOptions, Ui } from "./ui.ts";

/** Runs a command and gives its exit code. */
export type Action<Options> = (ui: Ui, args: readonly string[], options: Options) => Promise<number> | number;

type Run = <Options extends OptionValues>(
  load: () => Promise<Action<Options>>,
) => (...parameters: unknown[]) => Promise<void>;

export function createProgram(io: CliIo, setExitCode: (code: number) => void): Command {
  const program = new Command("ocuroot")
    .description("Write, run and repair releases that are defined in *.ocu.star files.")
    .option("-C, --directory <dir>", "run as if started in this folder")
    .option("--json", "one JSON event a line on stdout, for machines")
    .option("--quiet", "print results and errors only")
    .option("--no-color", "print without colours (also NO_COLOR)")
    .option("--package <file>", "package file that a command or a ref without file is about")
    .option("--release <release>", "release that a ref without release is about")
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("run with --help for the options")
    .showSuggestionAfterError()
    .exitOverride();
  const run: Run =
    (load) =>
    async (...parameters) => {
      const command = parameters.at(-1) as Command;
      const ui = new Ui(io, command.optsWithGlobals<GlobalOptions>());
      if (!statIfThere(ui.cwd)?.isDirectory()) throw usageError(`there is no folder ${ui.cwd}`);
      const action = await load();
      setExitCode(await action(ui, command.args, command.opts<never>()));
    };
  addRelease(program, run);
  addState(program, run);
  addWork(program, run);
  program
    .command("preview [file]")
    .description("show the phases that a package file declares, without running anything")
    .addOption(
      new Option("--format <format>", "how").choices(["text", "json", "mermaid", "dot", "svg"]).default("text"),
    )
    .option("--serve", "show a page on 127.0.0.1 that follows the file, until Ctrl-C")
    .option("--port <port>", "with --serve: port on 127.0.0.1; a free one when left out", portNumber)
    .option("--no-open", "with --serve: print the address only")
    .action(run(async () => (await import("./commands/preview.ts")).preview));
  program
    .command("run <file> <work>")
    .description("run one piece of work for real (task/NAME or deploy/ENVIRONMENT), recording nothing")
    .addOption(
      new Option("-i, --input <name=value>", "give an input; the others come from state").argParser(
        (text: string, before: readonly string[] = []) => [...before, text],
      ),
    )
    .option("--down", "take the deployment down in place of putting it up")
    .action(run(async () => (await import("./commands/run.ts")).run));
  program
    .command("push")
    .description("release the package files that changed since the last push, then do the work that follows")
    .option("--dryrun", "print what would be released as JSON and change nothing")
    .addOption(parallelOption())
    .action(run(async () => (await import("./commands/push.ts")).push));
  program
    .command("find-deploys <start> <end>")
    .description("list the deployments of releases of the commits in START..END")
    .action(run(async () => (await import("./commands/findDeploys.ts")).findDeploysCommand));
  program
    .command("repl [file]")
    .description("evaluate expressions with the SDK and a file's names (commands in them are run)")
    .option("-c, --command <expression>", "evaluate, print and exit")
    .action(run(async () => (await import("./commands/repl.ts")).repl));
  program
    .command("mcp")
    .description("serve assistants over stdin and stdout (Model Context Protocol): read-only tools")
    .action(run(async () => (await import("./commands/mcp.ts")).mcp));
  program
    .command("init [dir]")
    .description("make a repository's first files")
    .action(run(async () => (await import("./commands/init.ts")).init));
  program
    .command("completion <shell>")
    .description("print the completion script for bash, zsh or fish")
    .action(run(async () => (await import("./commands/completion.ts")).completion));
  program
    .command("__complete <shell> [words...]", { hidden: true })
    .action(run(async () => (await import("./commands/completion.ts")).complete(program)));
  program
    .command("version")
    .description("print the version")
    .action(run(async () => printVersion));
  program.version(version, "--version", "print the version");
  program
    .helpCommand(false)
    .command("help [command...]")
    .description("display help for a command")
    .action((names: readonly string[]) => showHelp(program, names));
  addExamples(program);
  return program;
}

function printVersion(ui: Ui): number {
  if (ui.options.json) ui.outJson({ version });
  else ui.out(version);
  return 0;
}

/** Commander's own help command takes one name only, and shows the list of all commands for a misspelt one. */
async function showHelp(program: Command, names: readonly string[]): Promise<void> {
  let shown = program;
  for (const name of names) {
    const next = shown.commands.find((command) => command.name() === name);
    if (next === undefined) {
      const { nearest } = await import("../nearest.ts");
      const meant = nearest(
        name,
        shown.commands.map((command) => command.name()).filter((known) => !known.startsWith("_")),
      );
      shown.error(`error: unknown command '${name}'${meant === undefined ? "" : `\n(Did you mean ${meant}?)`}`);
    } else {
      shown = next;
    }
  }
  shown.help();
}

function addRelease(program: Command, run: Run): void {
  const release = program.command("release").description("start, follow and repair releases");
  release
    .command("new [file]")
    .description("start a release of a package file at the current commit")
    .option("-f, --force", "also when this commit has a release")
    .option("--cascade", "then do the work that follows from it, in every repository and commit")
    .addOption(parallelOption())
    .action(run(async () => (await import("./commands/releaseNew.ts")).releaseNew));
  release
    .command("retry [release]")
    .description("run again what failed or was interrupted (FILE or FILE/@RELEASE)")
    .option("--lost <machine>", "also what ran on a machine that is gone for good")
    .option("--any-commit", "also when another commit is checked out")
    .option("--worktree", "with the files of the release's commit, in a git worktree that goes away afterwards")
    .addOption(parallelOption())
    .action(run(async () => (await import("./commands/releaseRetry.ts")).releaseRetry));
  release
    .command("continue [release]")
    .description("go on with a release whose inputs are there now")
    .option("--any-commit", "also when another commit is checked out")
    .option("--worktree", "with the files of the release's commit, in a git worktree that goes away afterwards")
    .addOption(parallelOption())
    .action(run(async () => (await import("./commands/releaseContinue.ts")).releaseContinue));
  release
    .command("lint [file]")
    .description("evaluate a package file and list its work and all problems")
    .action(run(async () => (await import("./commands/releaseLint.ts")).releaseLint));
  release
    .command("list [file]")
    .description("list releases, newest first")
    .option("--limit <n>", "releases of each file", positiveNumber, 10)
    .action(run(async () => (await import("./commands/releaseList.ts")).releaseList));
  release
    .command("show [ref]")
    .description("show a release: phases, work, attempts and what it waits for")
    .action(run(async () => (await import("./commands/releaseShow.ts")).releaseShow));
  release
    .command("logs [ref]")
    .description("print the log of a release, of a piece of work or of one attempt")
    .option("--follow", "go on until the work is done")
    .action(run(async () => (await import("./commands/releaseLogs.ts")).releaseLogs));
  release
    .command("cancel [release]")
    .description("give up what a release has not begun")
    .action(run(async () => (await import("./commands/releaseCancel.ts")).releaseCancel));
}

function addState(program: Command, run: Run): void {
  const state = program.command("state").description("read state and change intent");
  state
    .command("get <ref>")
    .description("print a document of state, or one of its fields")
    .action(run(async () => (await import("./commands/stateGet.ts")).stateGet));
  state
    .command("match [glob]")
    .description("list the refs of documents that match a glob")
    .option("-l, --no-links", "leave out links")
    .action(run(async () => (await import("./commands/stateMatch.ts")).stateMatch));
  state
    .command("set <ref> <value>")
    .description("write a value to intent (VALUE `-` reads stdin)")
    .addOption(
      new Option("-f, --format <format>", "how VALUE is written")
        .choices(["string", "json", "starlark"])
        .default("string"),
    )
    .action(run(async () => (await import("./commands/stateSet.ts")).stateSet));
  state
    .command("delete <ref>")
    .description("remove a ref from intent")
    .action(run(async () => (await import("./commands/stateDelete.ts")).stateDelete));
  state
    .command("diff")
    .description("list refs whose intent differs from state")
    .action(run(async () => (await import("./commands/stateDiff.ts")).stateDiff));
  state
    .command("apply <ref>")
    .description("make state what intent says")
    .option("--any-commit", "run deployments with the files as they are, whatever commit is checked out")
    .option("--cascade", "then do the work that follows from it, in every repository and commit")
    .addOption(parallelOption())
    .action(run(async () => (await import("./commands/stateApply.ts")).stateApply));
  state
    .command("view")
    .description("show state and intent in the browser, read-only and live")
    .option("--port <port>", "port on 127.0.0.1; a free one when left out", portNumber)
    .option("--no-open", "print the address only")
    .action(run(async () => (await import("./commands/stateView.ts")).stateView));
  state
    .command("check")
    .description("look for damaged, torn, foreign and inconsistent files in the stores")
    .option("--repair", "mend what can be mended, after making a backup beside the store")
    .action(run(async () => (await import("./commands/stateCheck.ts")).stateCheck));
}

function addWork(program: Command, run: Run): void {
  const work = program
    .command("work")
    .description("find and do the work that releases, environments and intent call for");
  const command = (name: string, description: string) =>
    work
      .command(name)
      .description(description)
      .option("--dryrun", "print the work as JSON and change nothing")
      .addOption(parallelOption());
  command("continue", "go on with what is ready, and redo what changed, at the current commit").action(
    run(async () => (await import("./commands/workContinue.ts")).workContinue),
  );
  command("ops", "let releases look at new environments").action(
    run(async () => (await import("./commands/workOps.ts")).workOps),
  );
  command("any", "apply intent, do the work of the current commit, trigger other commits")
    .option("--comprehensive", "look at every release, however old")
    .action(run(async () => (await import("./commands/workAny.ts")).workAny));
  command("trigger", "call the trigger of each repository and commit that has work")
    .option("--intent", "for intent that differs from state")
    .action(run(async () => (await import("./commands/workTrigger.ts")).workTrigger));
  command("cascade", "do the work of every repository and commit, until nothing is left").action(
    run(async () => (await import("./commands/workCascade.ts")).workCascade),
  );
}

function parallelOption(): Option {
  return new Option("--parallel <n>", "pieces of work that run at once").argParser(positiveNumber).default(16);
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw new InvalidArgumentError("It must be a port, from 1 to 65535.");
  return port;
}

function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}
