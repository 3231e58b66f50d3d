import { isAbsolutePath } from "./filePaths.ts";

/** How `ocuroot` is started: the executable, the arguments before its own, and variables for that process alone. */
export interface CommandLine {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly bundled: boolean;
  /** Why it cannot be run (a sentence), as far as the setting tells. */
  readonly problem?: string;
}

/** What the choice depends on. */
export interface RuntimeFacts {
  /** Setting `ocuroot.path`. */
  readonly setting: string;
  /** `process.execPath` of the extension host. */
  readonly execPath: string;
  /** True when that is Electron, which is Node only when told so. */
  readonly isElectron: boolean;
  /** The bundled launch script. */
  readonly launchScript: string;
  /** An `ocuroot` on the PATH, outside of the workspace, if there is one. */
  readonly installed: string | undefined;
  /** The user's own folder, for `~/`. */
  readonly home: string;
}

/** The command line that `ocuroot.path` asks for: `auto` (installed, else bundled), `bundled`, or a path. */
export function ocurootCommand(facts: RuntimeFacts): CommandLine {
  const setting = facts.setting.trim();
  if (setting !== "" && setting !== "auto" && setting !== "bundled") return chosen(setting, facts.home);
  if (setting !== "bundled" && facts.installed !== undefined) return external(facts.installed);
  return {
    executable: facts.execPath,
    args: [facts.launchScript],
    env: facts.isElectron ? { ELECTRON_RUN_AS_NODE: "1" } : {},
    bundled: true,
  };
}

/**
 * The executable that the setting names. A path that is not absolute would mean another file in each folder, one of the
 * workspace among them.
 */
function chosen(setting: string, home: string): CommandLine {
  const path = /^~[\\/]/.test(setting) ? `${home}${setting.slice(1)}` : setting;
  if (isAbsolutePath(path)) return external(path);
  const problem = `The setting ocuroot.path is "${setting}". It must be auto, bundled, or the whole path of an executable.`;
  return { ...external(path), problem };
}

function external(executable: string): CommandLine {
  return { executable, args: [], env: {}, bundled: false };
}

/**
 * Candidates for an installed `ocuroot`: absolute PATH entries outside of the workspace (a repository must not be able to
 * bring the binary that runs it) and outside of `ours` (the launcher this extension adds to terminals).
 */
export function searchFolders(
  path: string,
  options: { readonly separator: string; readonly workspaceFolders: readonly string[]; readonly ours: string },
): string[] {
  // Windows does not tell letters by their case, and quotes folders whose name has the separator in it.
  const isWindows = options.separator === ";";
  const written = (folder: string) => (isWindows ? folder.replace(/^"(.*)"$/, "$1").replace(/\\/g, "/") : folder);
  const plain = (folder: string) => (isWindows ? trimmed(written(folder)).toLowerCase() : trimmed(folder));
  const forbidden = options.workspaceFolders.map(plain);
  const isForbidden = (folder: string) =>
    folder === plain(options.ours) ||
    forbidden.some((root) => folder === root || folder.startsWith(root.endsWith("/") ? root : `${root}/`));
  const entries = isWindows ? (path.match(/(?:"[^"]*"|[^;"])+/g) ?? []) : path.split(options.separator);
  return entries
    .map(written)
    .filter((folder) => (isWindows ? /^(?:[A-Za-z]:\/|\/\/)/ : /^\//).test(folder))
    .map(trimmed)
    .filter((folder) => !isForbidden(plain(folder)));
}

/** Without slashes at its end; the root of a system or a drive keeps its own, without which it would be another folder. */
function trimmed(folder: string): string {
  const short = folder.replace(/\/+$/, "");
  return short === "" || /^[A-Za-z]:$/.test(short) ? `${short}/` : short;
}

/** Name and text of each script that makes `ocuroot` a command of the integrated terminals that a system has. */
export function launchers(command: CommandLine, platform: NodeJS.Platform): (readonly [name: string, text: string])[] {
  const posix = ["ocuroot", posixLauncher(command)] as const;
  return platform === "win32" ? [["ocuroot.cmd", windowsLauncher(command)], posix] : [posix];
}

/** The script for Linux, macOS, and Git Bash on Windows. */
export function posixLauncher(command: CommandLine): string {
  const variables = Object.entries(command.env).map(([name, value]) => `${name}=${posixQuote(value)} `);
  const call = [command.executable, ...command.args].map(posixQuote).join(" ");
  // An update of the editor may move its runtime before this script is written again.
  const other = command.bundled ? `exec node ${command.args.map(posixQuote).join(" ")} "$@"` : `exec ${call} "$@"`;
  return [
    "#!/bin/sh",
    "# Written by the Ocuroot extension: makes `ocuroot` a command of integrated terminals.",
    `if [ -x ${posixQuote(command.executable)} ]; then`,
    `  ${variables.join("")}exec ${call} "$@"`,
    "fi",
    other,
    "",
  ].join("\n");
}

/**
 * The same for Windows: for PowerShell and `cmd`. Git Bash, which wants a script of its own kind, takes the other one. `cmd`
 * reads scripts in the code page of its console, so that words with letters beyond ASCII come as variables.
 */
export function windowsLauncher(command: CommandLine): string {
  const variables = Object.entries(command.env).map(([name, value]) => `set "${name}=${value}"`);
  const words = [command.executable, ...command.args].map((word, index) =>
    isAscii(word) ? `"${word.replace(/%/g, "%%")}"` : `"%${variableName(index)}%"`,
  );
  // An update of the editor may move its runtime before this script is written again.
  const other = ["exit /b %ERRORLEVEL%", ":moved", `node ${words.slice(1).join(" ")} %*`];
  return [
    "@echo off",
    "setlocal",
    ...(command.bundled ? [`if not exist ${words[0]} goto moved`] : []),
    ...variables,
    `${words.join(" ")} %*`,
    ...(command.bundled ? other : []),
    "exit /b %ERRORLEVEL%",
    "",
  ].join("\r\n");
}

/** Variables that the terminals' launchers need, by name. */
export function launcherVariables(command: CommandLine, platform: NodeJS.Platform): Readonly<Record<string, string>> {
  if (platform !== "win32") return {};
  const words = [command.executable, ...command.args].map((word, index) => [variableName(index), word] as const);
  return Object.fromEntries(words.filter(([, word]) => !isAscii(word)));
}

function variableName(index: number): string {
  return `OCUROOT_LAUNCHER_${index}`;
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function posixQuote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
