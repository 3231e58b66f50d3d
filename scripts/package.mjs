// Makes the extension's package, dist/ocuroot.vsix, from a production build. Fails when it grows over its limit.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "dist", "ocuroot.vsix");
/** Two million bytes: an extension that is to be installed everywhere must be quick to fetch. */
const limit = 2_000_000;
const needed = [
  "extension.cjs",
  "server.cjs",
  "ocuroot.cjs",
  "worker.cjs",
  "launch.cjs",
  "stateView.js",
  "webview/phases.js",
];

run(process.execPath, ["scripts/build.mjs", "--production"]);
const missing = needed.filter((name) => !existsSync(join(root, "dist", name)));
if (missing.length > 0) fail(`dist/ lacks ${missing.join(", ")}: did the build leave out an entry?`);
rmSync(target, { force: true });
run("npx", [
  "--yes",
  "@vscode/vsce@3",
  "package",
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--out",
  target,
]);
const { size } = statSync(target);
console.log(`dist/ocuroot.vsix: ${(size / 1000).toFixed(0)} kB of ${limit / 1000} kB`);
for (const name of readdirSync(join(root, "dist")).filter((each) => each.endsWith(".cjs"))) {
  console.log(`  ${name}: ${(statSync(join(root, "dist", name)).size / 1000).toFixed(0)} kB`);
}
if (size > limit) fail("The package is too large.");

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
