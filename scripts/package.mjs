// Makes the extension's package from a production build: `npm run package [-- --out FILE]`, dist/ocuroot.vsix when left out.
// It is put together in a folder of its own, so that nothing that runs from dist/ is disturbed. Fails when it grows over its limit.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { root } from "./prepare.mjs";

/** Two million bytes: an extension that is to be installed everywhere must be quick to fetch. */
const limit = 2_000_000;
const needed = [
  "extension.cjs",
  "server.cjs",
  "ocuroot.cjs",
  "worker.cjs",
  "previewWorker.cjs",
  "launch.cjs",
  "stateView.js",
  "webview/phases.js",
];
const shipped = [
  "package.json",
  ".vscodeignore",
  "LICENSE",
  "CHANGELOG.md",
  "language-configuration.json",
  "syntaxes",
  "client/media",
];

const option = process.argv.indexOf("--out");
const target = option < 0 ? join(root, "dist", "ocuroot.vsix") : resolve(process.argv[option + 1]);
const stage = mkdtempSync(join(tmpdir(), "ocuroot-package-"));
process.on("exit", () => rmSync(stage, { recursive: true, force: true, maxRetries: 5 }));

for (const path of shipped) cpSync(join(root, path), join(stage, path), { recursive: true });
writeFileSync(join(stage, "README.md"), pageWithPictures());
const dist = join(stage, "dist");
run(process.execPath, [join(root, "scripts/build.mjs"), "--production", "--outdir", dist], root);
const missing = needed.filter((name) => !existsSync(join(dist, name)));
if (missing.length > 0) fail(`The build lacks ${missing.join(", ")}: did it leave out an entry?`);
mkdirSync(dirname(target), { recursive: true });
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
console.log(`${target}: ${(size / 1000).toFixed(0)} kB of ${limit / 1000} kB`);
for (const name of readdirSync(dist).filter((each) => each.endsWith(".cjs"))) {
  console.log(`  ${name}: ${(statSync(join(dist, name)).size / 1000).toFixed(0)} kB`);
}
if (size > limit) fail("The package is too large.");

/** The page of the marketplace. VS Code shows pictures of the web and such that are in the page itself: no files beside it. */
function pageWithPictures() {
  const page = readFileSync(join(root, "MARKETPLACE.md"), "utf8");
  return page.replace(/(!\[[^\]]*\])\(([^)\s]+\.png)\)/g, (_, title, path) => {
    return `${title}(data:image/png;base64,${readFileSync(join(root, path)).toString("base64")})`;
  });
}

function run(command, args, cwd = stage) {
  const options = { cwd, stdio: "inherit" };
  // On Windows npx is a script, which only a shell starts; a shell cuts words at their blanks.
  const needsShell = process.platform === "win32" && command === "npx";
  const { status, error } = needsShell
    ? spawnSync([command, ...args].map((word) => `"${word}"`).join(" "), { ...options, shell: true })
    : spawnSync(command, args, options);
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
