// `npm run vscode [folder]`: VS Code with this extension, on a folder or the demo repository. The desktop VS Code is used
// where the `code` command is on PATH; otherwise a real VS Code is served on this machine, installed on first use.
//   --served     serve VS Code even when `code` is there
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { ensureDemo } from "./demo.mjs";
import { prepare, root } from "./prepare.mjs";

const settings = {
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.startupEditor": "none",
};

const args = process.argv.slice(2);
const served = args.includes("--served");
const folders = args.filter((each) => !each.startsWith("-"));
const unknown = args.filter((each) => each.startsWith("-") && each !== "--served");
if (unknown.length > 0 || folders.length > 1) {
  console.error("usage: npm run vscode [-- [--served] FOLDER]");
  process.exit(2);
}

prepare();
const folder = folders.length === 1 ? existingFolder(folders[0]) : ensureDemo();
const e2e = await loadHarness();
const code = served ? undefined : e2e.findProgram("code");
if (code) openDesktop(code);
else await serve();

function existingFolder(path) {
  const absolute = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  if (existsSync(absolute) && statSync(absolute).isDirectory()) return absolute;
  console.error(`${absolute} is not a folder.`);
  process.exit(1);
}

/** The parts of the tests' harness that install and start VS Code; they are TypeScript. */
async function loadHarness() {
  const { register } = await import("tsx/cjs/api");
  register();
  const require = createRequire(import.meta.url);
  return {
    ...require("../e2e/src/programs.ts"),
    ...require("../e2e/src/install.ts"),
    ...require("../e2e/src/server.ts"),
  };
}

function openDesktop(command) {
  console.log(`Opening ${folder} in VS Code.`);
  const args = ["--new-window", `--extensionDevelopmentPath=${root}`, folder];
  // On Windows `code` is a .cmd file, which only a shell can start; it takes the words apart at spaces.
  const child =
    process.platform === "win32"
      ? spawn([command, ...args].map((word) => `"${word}"`).join(" "), { stdio: "inherit", shell: true })
      : spawn(command, args, { stdio: "inherit" });
  child.on("error", (error) => fail(`VS Code did not start: ${error.message}`));
  child.on("close", (status) => {
    process.exitCode = status ?? 1;
  });
}

async function serve() {
  let server;
  try {
    const installation = await e2e.installVSCode();
    const dataFolder = join(e2e.cacheFolder(), "data");
    if (!existsSync(join(dataFolder, "data/User/settings.json"))) await e2e.writeSettings(dataFolder, settings);
    // The samples call docker; where there is none, a stand-in says what it was asked.
    const path = [process.env.PATH, join(root, "test-fixtures/bin")].join(delimiter);
    server = await e2e.startServer({ installation, dataFolder, environment: { PATH: path } });
  } catch (error) {
    fail(error.message);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void server.stop());
  console.log(`
VS Code serves ${folder}. Open this address in a browser on this machine:

  ${server.url(folder, root)}

Ctrl-C ends it.`);
  await server.ended;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
