import { existsSync } from "node:fs";
import { win32 } from "node:path";

export interface ProgramSearch {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly exists?: (path: string) => boolean;
}

/**
 * What to start for a program of the system. On Windows a bare name is looked for in the current folder first, where a
 * stranger's repository may hold a `git.exe`; so there it is the path of the first `NAME.exe` in an absolute folder of PATH,
 * and without one a path in System32, where the start then fails as it does for what is not installed.
 */
export function systemProgram(
  name: string,
  { env = process.env, platform = process.platform, exists = existsSync }: ProgramSearch = {},
): string {
  if (platform !== "win32") return name;
  const system = win32.join(variable(env, "SystemRoot") ?? "C:\\Windows", "System32");
  // Quotes around an entry are allowed.
  const entries = (variable(env, "PATH") ?? "").split(win32.delimiter).map((entry) => entry.replace(/^"(.*)"$/, "$1"));
  const candidates = [...entries, system].filter(isOfADrive).map((folder) => win32.join(folder, `${name}.exe`));
  return candidates.find((path) => exists(path)) ?? win32.join(system, `${name}.exe`);
}

/** `\tools` is absolute, too, but on whatever drive is the current one. */
function isOfADrive(folder: string): boolean {
  return win32.isAbsolute(folder) && !/^[\\/](?![\\/])/.test(folder);
}

/** Names of variables have any case on Windows; a copy of the environment has only one of them. */
function variable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return env[name] ?? Object.entries(env).find(([key]) => key.toUpperCase() === name.toUpperCase())?.[1];
}
