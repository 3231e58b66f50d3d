import { posix } from "node:path";
import type { Span } from "@ocuroot/starlark";
import { joinPath } from "./loads.ts";
import { type Meaning, meaningsOf } from "./meaning.ts";
import { findShellTextsIn, type ShellText } from "./shellText.ts";
import type { FileView } from "./snapshot.ts";

/** A script of the repository that shell text runs. */
export interface Script {
  /** As written. */
  readonly text: string;
  /** From the repository's root. */
  readonly path: string;
  readonly span: Span;
  readonly shell: ShellText;
}

/** Programs whose first argument is a script. */
const runners = new Set(["sh", "bash", "dash", ".", "source", "exec", "env", "nohup", "time", "sudo"]);

/** Finds `./deploy.sh` in `host.shell("./deploy.sh {}".format(x))`, wherever in the text a command runs it. */
export function findScripts(view: FileView): Script[] {
  // A module's commands run in the folder of whoever loads it.
  if (view.role !== "package" || view.path === undefined) return [];
  const meanings = meaningsOf(view);
  return view.facts.parts.flatMap((part) => {
    const meaning = meanings?.get(part.statement);
    if (meaning !== undefined && withoutScripts.has(meaning)) return [];
    const scripts = findShellTextsIn(view, part).flatMap((shell) => scriptsOf(view, shell));
    if (meaning !== undefined && scripts.length === 0) withoutScripts.add(meaning);
    return scripts;
  });
}

/** Statements that run none. */
const withoutScripts = new WeakSet<Meaning>();

function scriptsOf(view: FileView, shell: ShellText): Script[] {
  const { folder, text, reading } = shell;
  if (folder === undefined || folder.startsWith("/")) return [];
  const scripts: Script[] = [];
  for (const { words } of reading.commands) {
    const [first] = words;
    if (first === undefined) continue;
    const name = text.slice(first.start, first.end);
    // From here on the folder is another one.
    if (name === "cd" || name === "pushd") break;
    const word = words.find((each) => !runners.has(text.slice(each.start, each.end)));
    const script = word === undefined ? undefined : readScript(view, shell, folder, word);
    if (script !== undefined) scripts.push(script);
  }
  return scripts;
}

function readScript(view: FileView, shell: ShellText, folder: string, word: Span): Script | undefined {
  const written = shell.text.slice(word.start, word.end);
  if (!/^\.{1,2}\/[\w./-]+$/.test(written)) return undefined;
  if (shell.holes.some((each) => each.start < word.end && word.start < each.end)) return undefined;
  const path = joinPath(view.path ?? "", posix.join(folder === "" ? "." : folder, written));
  if (path === undefined) return undefined;
  return { text: written, path, span: shell.spanOf(word.start, word.end), shell };
}
