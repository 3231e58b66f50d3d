import { accessSync, constants, readFileSync, realpathSync } from "node:fs";
import { posix, win32 } from "node:path";
import { relativeTo } from "../paths.ts";

export interface ProgramSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders of the workspace: a program in one of them is never run. */
  readonly roots: readonly string[];
  readonly platform?: NodeJS.Platform;
  /** The file that can be run at a path, links followed; undefined when there is none. */
  readonly resolve?: (path: string) => string | undefined;
}

const name = "bash-language-server";

/**
 * The program on PATH. Entries that are relative or lie in the workspace are passed over: it must not say what runs.
 * What npm installs on Windows is a launcher, `….cmd`.
 */
export function findProgram({
  env,
  roots,
  platform = process.platform,
  resolve = executableAt,
}: ProgramSearch): string | undefined {
  const { delimiter, isAbsolute, join } = platform === "win32" ? win32 : posix;
  const names = platform === "win32" ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name];
  for (const folder of pathOf(env, platform).split(delimiter)) {
    // Quotes around an entry are allowed on Windows.
    const bare = platform === "win32" ? folder.replace(/^"(.*)"$/, "$1") : folder;
    if (!isAbsolute(bare)) continue;
    const found = names
      .map((each) => join(bare, each))
      .find((path) => {
        const real = resolve(path);
        return real !== undefined && [path, real].every((each) => !isInside(each, roots));
      });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The variable's name has any case on Windows; a copy of the environment has only one of them. */
function pathOf(env: ProgramSearch["env"], platform: NodeJS.Platform): string {
  if (env.PATH !== undefined || platform !== "win32") return env.PATH ?? "";
  return Object.entries(env).find(([key]) => key.toUpperCase() === "PATH")?.[1] ?? "";
}

function isInside(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => relativeTo(root, path) !== undefined);
}

function executableAt(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return realpathSync(path);
  } catch {
    return undefined; // Not here.
  }
}

/** How a program is started; never by a shell that could read its path as something else. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly windowsVerbatimArguments?: boolean;
}

/**
 * How a program is started. Node refuses to start batch files without a shell (CVE-2024-27980), and a shell reads `%` and
 * `&` in a path its own way. So the script that npm's launcher runs is run without it; another launcher is run only when its
 * path says the same to a shell; undefined otherwise.
 */
export function launchOf(
  program: string,
  read: (path: string) => string = (path) => readFileSync(path, "utf8"),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Launch | undefined {
  if (!/\.(?:cmd|bat)$/i.test(program)) return { command: program, args: ["start"] };
  const script = scriptOf(program, read);
  if (script !== undefined) {
    // In an editor's own runtime that makes it run scripts.
    return { command: process.execPath, args: [script, "start"], env: { ...env, ELECTRON_RUN_AS_NODE: "1" } };
  }
  if (/["%!^&|<>\r\n]/.test(program)) return undefined;
  const root = env.SystemRoot ?? env.SYSTEMROOT ?? "C:\\Windows";
  const command = win32.join(root, "System32", "cmd.exe");
  return { command, args: ["/d", "/v:off", "/s", "/c", `""${program}" start"`], windowsVerbatimArguments: true };
}

/** The script that a launcher made by npm (or pnpm) runs: `"%dp0%\node_modules\bash-language-server\out\cli.js"`. */
function scriptOf(launcher: string, read: (path: string) => string): string | undefined {
  let text: string;
  try {
    text = read(launcher);
  } catch {
    return undefined;
  }
  const relative = /"%(?:~dp0|dp0%)\\?([^"%]+\.[cm]?js)"/i.exec(text)?.[1];
  return relative === undefined ? undefined : win32.join(win32.dirname(launcher), relative);
}
