// What every script needs first: packages installed and bundles built. Uses nothing but Node, so that it runs in a fresh clone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const installRecord = join(root, "node_modules/.installed-lock");
const sourceFolders = ["grammars", "starlark", "engine", "server", "client", "scripts"];

/** Installs packages when the lock file is not the one that was installed last, and builds when a source is newer than the bundles. */
export function prepare() {
  requireNode();
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (!existsSync(installRecord) || readFileSync(installRecord, "utf8") !== lock) {
    console.log("Installing packages …");
    npm(["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
    writeFileSync(installRecord, lock);
  }
  if (newestSource() > oldestBundle()) {
    console.log("Building …");
    run(process.execPath, ["scripts/build.mjs"]);
  }
}

/** Runs a program in the project's root with its output shown; ends this process with its status when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function npm(args) {
  // On Windows npm is a .cmd file, which only a shell can start; the arguments are constants of this file.
  run("npm", args, { shell: process.platform === "win32" });
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  console.error(`Node.js 20 or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

function newestSource() {
  return Math.max(...sourceFolders.map((folder) => newestIn(join(root, folder))));
}

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === "test" || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }
  return newest;
}

function oldestBundle() {
  const dist = join(root, "dist");
  const bundles = ["starlark.cjs", "ocuroot.cjs", "worker.cjs", "server.cjs", "extension.cjs"].map((name) =>
    join(dist, name),
  );
  return bundles.every(existsSync) ? Math.min(...bundles.map((path) => statSync(path).mtimeMs)) : 0;
}
