// The language server as an editor feels it: `dist/server.cjs` over stdio, on a package of 2,000 lines. Measures the time
// from a keystroke to its diagnostics, of completion inside a ref and of names, and the memory after many edits.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
// @ts-expect-error -- the benchmarks' helpers are plain JavaScript.
import { milliseconds, printTable, quantile } from "./measure.mjs";

const root = join(__dirname, "..");
const lines = 2_000;
const keystrokes = 200;
const budgets = { diagnostics: 20, completion: 10 };

interface Latency {
  readonly what: string;
  readonly times: number[];
  readonly budget: number | undefined;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ocuroot-bench-server-"));
  const text = generatePackage();
  writeFileSync(join(folder, "repo.ocu.star"), 'repo_alias("bench")\n');
  writeFileSync(join(folder, "environments.ocu.star"), 'register_environment(environment("eu", {"type": "prod"}))\n');
  writeFileSync(join(folder, "release.ocu.star"), text);
  const server = spawn(process.execPath, [join(root, "dist/server.cjs"), "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const results = await measure(server, folder, text);
    printTable(
      `Language server, package of ${text.split("\n").length} lines`,
      results.latencies.map(({ what, times, budget }) => {
        const sorted = [...times].sort((a, b) => a - b);
        return {
          what,
          p50: milliseconds(quantile(sorted, 0.5)),
          p95: milliseconds(quantile(sorted, 0.95)),
          max: milliseconds(sorted.at(-1)),
          budget: budget === undefined ? "" : milliseconds(budget),
        };
      }),
    );
    console.log(
      `\nMemory of the server: ${results.before} MB after opening, ${results.after} MB after ${results.edits} edits.`,
    );
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

async function measure(server: ReturnType<typeof spawn>, folder: string, start: string) {
  if (server.stdout === null || server.stdin === null) throw new Error("The server has no streams.");
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const uri = pathToFileURL(join(folder, "release.ocu.star")).href;
  let published: (version: number) => void = () => {};
  connection.onNotification("textDocument/publishDiagnostics", (params: { uri: string; version?: number }) => {
    if (params.uri === uri) published(params.version ?? 0);
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  const folderUri = pathToFileURL(folder).href;
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: folderUri,
    workspaceFolders: [{ uri: folderUri, name: "bench" }],
    capabilities: {},
    initializationOptions: { trusted: true },
  });
  await connection.sendNotification("initialized", {});

  let text = start;
  let version = 1;
  const diagnosed = (wanted: number) =>
    new Promise<void>((resolve) => {
      published = (at) => {
        if (at >= wanted) resolve();
      };
    });
  const opened = diagnosed(1);
  const openStart = performance.now();
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "ocuroot", version, text },
  });
  await opened;
  const openTime = performance.now() - openStart;
  await quiet();
  const before = memoryOf(server.pid);

  /** Inserts text at an offset, as one keystroke. */
  const type = async (offset: number, inserted: string, removed = 0): Promise<void> => {
    const position = positionAt(text, offset);
    const end = positionAt(text, offset + removed);
    text = text.slice(0, offset) + inserted + text.slice(offset + removed);
    version++;
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: position, end }, text: inserted }],
    });
  };

  const edit = async (offset: number, inserted: string, removed = 0): Promise<number> => {
    const done = diagnosed(version + 1);
    const at = performance.now();
    await type(offset, inserted, removed);
    await done;
    return performance.now() - at;
  };

  const inBody: number[] = [];
  const breaking: number[] = [];
  const middle = text.indexOf("host.shell(", text.length / 2);
  for (let index = 0; index < keystrokes; index++)
    inBody.push(await edit(middle, index % 2 === 0 ? "x" : "", index % 2));
  for (let index = 0; index < keystrokes / 4; index++) {
    const bracket = text.indexOf("(", middle);
    breaking.push(await edit(bracket, "", 1), await edit(bracket, "("));
  }

  const inRef: number[] = [];
  const names: number[] = [];
  const ref = text.indexOf("./task/", middle) + "./task/".length;
  const statement = text.indexOf("    return done", middle);
  for (let index = 0; index < keystrokes; index++) {
    inRef.push(await request(ref));
    names.push(await request(statement + 4));
  }
  const typing: number[] = [];
  for (let index = 0; index < keystrokes / 2; index++) {
    await type(ref, index % 2 === 0 ? "b" : "", index % 2);
    typing.push(await request(ref + ((index + 1) % 2)));
  }
  async function request(offset: number): Promise<number> {
    const at = performance.now();
    await connection.sendRequest("textDocument/completion", {
      textDocument: { uri },
      position: positionAt(text, offset),
    });
    return performance.now() - at;
  }

  const edits = 1_000;
  for (let index = 0; index < edits; index++) await edit(middle, index % 2 === 0 ? "y" : "", index % 2);
  await quiet();
  const after = memoryOf(server.pid);
  await connection.sendRequest("shutdown");
  connection.dispose();
  const latencies: Latency[] = [
    { what: "open to diagnostics", times: [openTime], budget: undefined },
    { what: "keystroke to diagnostics", times: inBody, budget: budgets.diagnostics },
    { what: "bracket lost and found to diagnostics", times: breaking, budget: budgets.diagnostics },
    { what: "completion inside a ref", times: inRef, budget: budgets.completion },
    { what: "completion of names", times: names, budget: budgets.completion },
    {
      what: "keystroke, then completion inside a ref",
      times: typing,
      budget: budgets.completion + budgets.diagnostics,
    },
  ];
  return { latencies, before, after, edits };
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_500));
}

/** Resident memory in MB, where the system tells; 0 elsewhere. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0; // No such file on this system.
  }
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { line, character: offset - (before.lastIndexOf("\n") + 1) };
}

/** A release process of many tasks, each with a function, inputs by refs and outputs. */
function generatePackage(): string {
  const parts = [
    'ocuroot("0.3.0")',
    "",
    "def task0():",
    '    return done(outputs={"value": 0})',
    "",
    'task(task0, name="task0")',
    "",
  ];
  for (let index = 1; parts.length < lines; index++) {
    parts.push(
      `def task${index}(previous, mode="fast"):`,
      `    # Work number ${index}.`,
      `    value = previous + ${index}`,
      `    host.shell("echo {} {}".format(value, mode))`,
      `    result = [x * 2 for x in range(value) if x % 3 == 0]`,
      `    return done(outputs={"value": value, "count": len(result)})`,
      "",
      "task(",
      `    task${index},`,
      `    name="task${index}",`,
      `    inputs={"previous": input(ref="./task/task${index - 1}#output/value")},`,
      ")",
      "",
    );
  }
  return `${parts.join("\n")}\n`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
