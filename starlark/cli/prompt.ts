import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Worker } from "node:worker_threads";
import type { ReplState } from "./repl.ts";

const historyFile = join(homedir(), ".starlark_history");

/** Asks for statements, has them evaluated one after the other, and keeps those of a terminal for the next time. */
export function runPrompt(worker: Worker): void {
  const isTerminal = process.stdin.isTTY === true;
  const history = isTerminal ? readHistory() : [];
  const prompts = { done: ">>> ", more: "... " };
  const input = createInterface({
    input: process.stdin,
    ...(isTerminal ? { output: process.stdout, history, historySize: 1000, prompt: prompts.done } : {}),
  });
  const lines: string[] = [];
  let text = "";
  let isBusy = false;
  let hasEnded = false;

  const next = () => {
    if (isBusy) return;
    const line = lines.shift();
    if (line !== undefined) {
      isBusy = true;
      text += `${line}\n`;
      worker.postMessage(text);
    } else if (hasEnded && text !== "") {
      isBusy = true;
      text += "\n\n"; // What was not finished is taken as it is.
      worker.postMessage(text);
      text = "";
    } else if (hasEnded) {
      void worker.terminate();
    }
  };
  worker.on("message", (state: ReplState) => {
    isBusy = false;
    if (state === "done") text = "";
    if (isTerminal && !hasEnded) {
      input.setPrompt(prompts[state]);
      input.prompt();
    }
    next();
  });
  input.on("history", (entries: string[]) => {
    if (isTerminal) writeHistory(entries);
  });
  input.on("line", (line) => {
    lines.push(line);
    next();
  });
  input.on("close", () => {
    hasEnded = true;
    next();
  });
  if (isTerminal) input.prompt();
}

function readHistory(): string[] {
  return existsSync(historyFile) ? readFileSync(historyFile, "utf8").split("\n").filter(Boolean) : [];
}

/** A history that cannot be kept is no reason to fail. */
function writeHistory(entries: readonly string[]): void {
  try {
    writeFileSync(historyFile, entries.join("\n"));
  } catch {
    // See above.
  }
}
