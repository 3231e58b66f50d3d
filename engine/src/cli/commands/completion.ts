import type { Command } from "commander";
import { type Candidate, candidates, folderOption } from "../completion/candidates.ts";
import { completionScripts } from "../completion/scripts.ts";
import { usageError } from "../errors.ts";
import { Ui } from "../ui.ts";

/** `completion`: a script that a shell reads. */
export function completion(ui: Ui, args: readonly string[]): number {
  const script = completionScripts.get(args[0] ?? "");
  if (script === undefined) throw usageError(`there is no completion for ${args[0]}`, ["use bash, zsh or fish"]);
  ui.out(script);
  return 0;
}

/** What those scripts ask: what the last word can become, in the way of the shell. Says nothing else. */
export function complete(program: Command): (ui: Ui, args: readonly string[]) => Promise<number> {
  return async (ui, [shell = "", ...typed]) => {
    const words = shell === "bash" ? typed.map(unquoted) : typed;
    const folder = folderOption(program, words);
    const there = folder === undefined ? ui : new Ui(ui.io, { ...ui.options, directory: folder });
    const { completionSources } = await import("../completion/sources.ts");
    const found = await candidates(program, words, completionSources(there));
    ui.out(...found.map((candidate) => lineFor(shell, candidate)));
    const [only, ...others] = found;
    // fish sets a space after a candidate that stands alone; with another one beside it, it waits.
    if (shell === "fish" && only?.isOpen && others.length === 0 && !only.value.endsWith("/")) ui.out(`${only.value}/`);
    return 0;
  };
}

function lineFor(shell: string, { value, description = "", isOpen = false }: Candidate): string {
  const about = description.split("\n")[0];
  switch (shell) {
    case "bash":
      return `${value.replace(/[^\w@%+=:,./~#^-]/gu, "\\$&")}${isOpen ? "" : " "}`;
    case "zsh":
      return `${value}\t${isOpen ? "+" : about}`;
    default:
      return about === "" ? value : `${value}\t${about}`;
  }
}

/** A word as bash has it on the line. */
function unquoted(word: string): string {
  if (/^['"]/.test(word)) return word.replace(/^(['"])(.*?)\1?$/s, "$2");
  return word.replace(/\\(.)/gs, "$1");
}
