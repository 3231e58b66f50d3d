import { createInterface } from "node:readline";
import { version } from "../../../package.json";
import { type CommandResult, createMcpServer } from "../../mcp/server.ts";
import type { CommandCall } from "../../mcp/tools.ts";
import type { CliIo } from "../../terminal/io.ts";
import { type CliContext, withContext } from "../context.ts";
import { runCli } from "../runCli.ts";
import type { Ui } from "../ui.ts";

/**
 * `mcp`: tools for assistants over stdin and stdout, by the Model Context Protocol, until stdin ends. Nothing else is ever
 * written to stdout, and nothing is changed: each tool is a command that only reads.
 */
export function mcp(ui: Ui): Promise<number> {
  const serve = async (context: CliContext) => {
    const server = createMcpServer({
      version,
      run: (call) => runCaptured(context, call),
      send: (line) => ui.io.stdout.write(`${line}\n`),
      onError: context.complainOf,
    });
    const lines = createInterface({ input: ui.io.stdin, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
    for await (const line of lines) server.receive(line);
    await server.settled();
    return 0;
  };
  return withContext(ui, serve);
}

/** Runs a command as if in a terminal of its own. Secrets that the repository's configuration names are masked. */
async function runCaptured(context: CliContext, { argv, isSandboxed }: CommandCall): Promise<CommandResult> {
  const { io, cwd } = context.ui;
  let stdout = "";
  let stderr = "";
  const captured: CliIo = {
    cwd,
    env: { ...io.env, NO_COLOR: "1" },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: io.stdin,
    // Signals are for the server.
    signals: { on: () => {}, off: () => {} },
  };
  const code = await runCli(argv, captured);
  // Evaluating the configuration may run commands: where nothing is to be run, what is known already has to do. One with
  // an error registers nothing; the command has told of it.
  if (!isSandboxed) await context.configuration().catch(() => undefined);
  const { secrets } = context.workers;
  return { code, stdout: secrets.mask(stdout), stderr: secrets.mask(stderr) };
}
