/**
 * V8's code cache for a bundle: most of a short run would else go into compiling the interpreter itself. The cache is
 * kept in a folder of the user; without one, or when it does not fit, the bundle just starts more slowly.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

/** Runs a CommonJS bundle and returns what it exports. It must take nothing but modules of Node from `require`. */
export function runWithCodeCache(bundle: string, require: NodeJS.Require): unknown {
  const source = readFileSync(bundle, "utf8");
  const cacheFile = cacheFileOf(bundle);
  const cachedData = cacheFile === undefined ? undefined : readIfThere(cacheFile);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: bundle,
    ...(cachedData ? { cachedData } : {}),
  });
  if (cacheFile !== undefined && (!cachedData || script.cachedDataRejected)) {
    // At the end, when the functions that a run needs have been compiled.
    process.once("exit", () => write(cacheFile, () => script.createCachedData()));
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run.call(module.exports, module.exports, require, module, bundle, dirname(bundle));
  return module.exports;
}

function cacheFileOf(bundle: string): string | undefined {
  const build = buildOf(bundle);
  const folder = cacheFolder("code");
  if (build === undefined || folder === undefined) return undefined;
  return join(folder, `${prefixOf(bundle)}${process.versions.v8}-${process.arch}-${build}`);
}

/** Tells builds of a bundle apart: V8 tells sources apart by their length only. Undefined when there is no such file. */
export function buildOf(bundle: string): string | undefined {
  try {
    const { size, mtimeMs } = statSync(bundle);
    return `${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}`;
  } catch {
    return undefined;
  }
}

function prefixOf(bundle: string): string {
  return `${basename(bundle, ".cjs")}-`;
}

/** Where this user keeps what can be made again; undefined for one without a home. */
export function cacheFolder(kind: "code" | "programs"): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  try {
    const folder = process.platform === "win32" ? LOCALAPPDATA : XDG_CACHE_HOME;
    return join(folder || join(homedir(), ".cache"), "ocuroot", kind);
  } catch {
    return undefined;
  }
}

/** Undefined also for what somebody else owns or may write to: it will be executed. */
export function readIfThere(file: string): Buffer | undefined {
  try {
    const { uid, mode } = statSync(file);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Those of other builds are removed. */
function write(file: string, makeData: () => Buffer): void {
  const isOther = (name: string) => name.startsWith(`${basename(file).split("-")[0]}-`);
  writeAside(file, makeData, (names) => names.filter(isOther));
}

/** Writes a file of the cache, having removed those that need not be kept. A cache that cannot be written is no reason to fail. */
export function writeAside(
  file: string,
  makeData: () => Buffer | string,
  superfluous: (names: string[], folder: string) => string[],
): void {
  try {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of superfluous(readdirSync(folder), folder)) rmSync(join(folder, name), { force: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, makeData(), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // See above.
  }
}
