/**
 * Installs a real VS Code (server and workbench) from the npm package `code-server`, of which it is the `lib/vscode`
 * folder. Outline: that folder is unpacked beside its final place, its dependencies are installed as its own lock file
 * pins them, the native modules are compiled, a marker is written, and the folder is renamed into place.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findProgram, type Prerequisite, requirePrograms } from "./programs.ts";

const run = promisify(execFile);

const codeServerVersion = "4.100.3";
/** Raised when the steps below change, so that older caches are left behind. */
const recipe = 1;
/** An unfinished installation older than this belongs to a process that died. */
const abandonedAfterMs = 60 * 60 * 1000;

export interface VSCodeInstallation {
  /** VS Code's own version, such as "1.100.3". */
  readonly version: string;
  readonly folder: string;
  /** Script that starts the server when run by Node. */
  readonly serverMain: string;
}

interface Marker {
  readonly codeServer: string;
  readonly version: string;
  readonly node: string;
  readonly recipe: number;
}

const prerequisites: readonly Prerequisite[] = [
  { names: ["npm"], debianPackage: "npm", purpose: "fetches VS Code" },
  { names: ["tar"], debianPackage: "tar", purpose: "unpacks it" },
  { names: ["rg"], debianPackage: "ripgrep", purpose: "searches for VS Code" },
  { names: ["python3"], debianPackage: "python3", purpose: "compiles native modules" },
  { names: ["make"], debianPackage: "build-essential", purpose: "compiles native modules" },
  { names: ["g++", "c++", "clang++"], debianPackage: "build-essential", purpose: "compiles native modules" },
];

/** Modules with native code, and the file that proves that one was built (an exit code does not: see `compile`). */
const nativeModules: ReadonlyArray<readonly [name: string, binary: string]> = [
  ["node-pty", "build/Release/pty.node"],
  ["@vscode/spdlog", "build/Release/spdlog.node"],
  ["native-watchdog", "build/Release/watchdog.node"],
];

/** Where installations are kept between runs: `$OCUROOT_E2E_CACHE`, else a folder of the user's cache. */
export function cacheFolder(): string {
  const explicit = process.env.OCUROOT_E2E_CACHE;
  if (explicit) return explicit;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ocuroot-vscode");
}

/** The installation, made now if it is not there yet. `log` gets a line for each slow step. */
export async function installVSCode(log: (line: string) => void = console.error): Promise<VSCodeInstallation> {
  const cache = cacheFolder();
  const target = join(cache, `vscode-${codeServerVersion}-abi${process.versions.modules}-${process.arch}-r${recipe}`);
  const present = await readInstallation(target);
  if (present) return present;

  requirePrograms(prerequisites);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const work = await mkdtemp(join(cache, ".installing-"));
  try {
    log(`Installing VS Code (code-server ${codeServerVersion}) into ${target}; this takes about a minute, once.`);
    const vscode = await unpack(work, log);
    await installDependencies(vscode, work, log);
    await compile(vscode, work, log);
    await link(vscode);
    await writeMarker(vscode);
    await rm(failureLog(cache), { force: true });
    return await moveIntoPlace(vscode, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function readInstallation(folder: string): Promise<VSCodeInstallation | undefined> {
  let marker: Marker;
  try {
    marker = JSON.parse(await readFile(join(folder, "installed.json"), "utf8")) as Marker;
  } catch {
    return undefined;
  }
  if (marker.codeServer !== codeServerVersion || marker.recipe !== recipe) return undefined;
  // The search program is a link to the system's, which may have gone since.
  if (!existsSync(join(folder, ripgrepPath))) return undefined;
  return { version: marker.version, folder, serverMain: join(folder, "out", "server-main.js") };
}

const ripgrepPath = join("node_modules", "@vscode", "ripgrep", "bin", "rg");

async function unpack(work: string, log: (line: string) => void): Promise<string> {
  log("  fetching the package");
  const packed = await step("npm", ["pack", `code-server@${codeServerVersion}`, "--silent"], work, work);
  const archive = packed.trim().split("\n").pop()!;
  await step("tar", ["-xzf", archive, "package/lib/vscode"], work, work);
  return join(work, "package", "lib", "vscode");
}

async function installDependencies(vscode: string, work: string, log: (line: string) => void): Promise<void> {
  log("  installing its dependencies");
  // No scripts: some want to download binaries. What needs compiling is compiled by name afterwards.
  // Not `npm ci`: the package's own lock file leaves out one peer dependency, which `ci` refuses.
  await step("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], vscode, work);
}

/**
 * Compiles the native modules. `kerberos` is left out: it serves proxies only, is loaded on demand, and would need more
 * system headers. node-pty's own post-install script fails after its binary is built, hence the look at the files.
 */
async function compile(vscode: string, work: string, log: (line: string) => void): Promise<void> {
  log("  compiling its native modules");
  const names = nativeModules.map(([name]) => name);
  let failure: unknown;
  try {
    await step("npm", ["rebuild", ...names], vscode, work, nodeHeaders());
  } catch (error) {
    failure = error;
  }
  const missing = nativeModules.filter(([name, binary]) => !existsSync(join(vscode, "node_modules", name, binary)));
  if (missing.length > 0) {
    const reason = failure instanceof Error ? ` ${failure.message}` : "";
    throw new Error(`VS Code's native modules did not compile: ${missing.map(([name]) => name).join(", ")}.${reason}`);
  }
}

/** Node's own headers, where they lie beside it, so that the compiler does not look for them elsewhere. */
function nodeHeaders(): Record<string, string> {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node.h")) ? { npm_config_nodedir: prefix } : {};
}

async function link(vscode: string): Promise<void> {
  const ripgrep = join(vscode, ripgrepPath);
  await mkdir(dirname(ripgrep), { recursive: true });
  await symlink(findProgram("rg")!, ripgrep);
  await symlink("node_modules", join(vscode, "node_modules.asar"));
}

async function writeMarker(vscode: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(vscode, "package.json"), "utf8")) as { version: string };
  const marker: Marker = { codeServer: codeServerVersion, version, node: process.version, recipe };
  await writeFile(join(vscode, "installed.json"), `${JSON.stringify(marker, null, 2)}\n`);
}

async function moveIntoPlace(vscode: string, target: string): Promise<VSCodeInstallation> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(vscode, target);
      break;
    } catch (error) {
      // Another process may have been quicker: its installation is as good as ours.
      const present = await readInstallation(target);
      if (present) return present;
      if (attempt > 1) throw error;
      await rm(target, { recursive: true, force: true });
    }
  }
  const installed = await readInstallation(target);
  if (!installed) throw new Error(`The installation in ${target} is not complete.`);
  return installed;
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(".installing-")) continue;
    const folder = join(cache, name);
    const started = await stat(folder).catch(() => undefined);
    if (started && Date.now() - started.mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
  }
}

function failureLog(cache: string): string {
  return join(cache, "last-failure.log");
}

/** Runs one command of the installation; its output is shown only when it fails. */
async function step(
  program: string,
  args: readonly string[],
  cwd: string,
  work: string,
  environment: Record<string, string> = {},
): Promise<string> {
  try {
    const { stdout } = await run(program, args, {
      cwd,
      env: { ...process.env, ...environment },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr = "", stdout = "" } = error as { stderr?: string; stdout?: string };
    const output = failureLog(dirname(work));
    await writeFile(output, `${program} ${args.join(" ")}\n\n${stdout}\n${stderr}`);
    throw new Error(`\`${program} ${args.join(" ")}\` failed. Its output is in ${output}.`);
  }
}
