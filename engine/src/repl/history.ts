/** What was typed, kept for the next time: in the user's state folder, never in a repository. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const maxLines = 1000;

type Environment = Readonly<Record<string, string | undefined>>;

export function historyFile(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || env.USERPROFILE || homedir();
  const base =
    env.XDG_STATE_HOME ||
    (platform === "win32" ? env.LOCALAPPDATA || join(home, "AppData", "Local") : join(home, ".local", "state"));
  return join(base, "ocuroot", "repl_history");
}

/** Newest first, as readline wants it. */
export function readHistory(env: Environment): string[] {
  try {
    return readFileSync(historyFile(env), "utf8").split("\n").filter(Boolean).reverse();
  } catch {
    return []; // There is none yet, or it cannot be read: a prompt works without.
  }
}

/** Keeps lines (newest first) of which `mayKeep` says that they hold no secret. */
export function writeHistory(env: Environment, lines: readonly string[], mayKeep: (line: string) => boolean): void {
  const path = historyFile(env);
  const kept = lines.filter((line) => mayKeep(line) && !/\bsecret\s*\(/.test(line)).slice(0, maxLines);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${kept.toReversed().join("\n")}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // A history that cannot be kept is no reason to fail.
  }
}
