// `npm test`: format, lint, types, unit tests, then the tests in a real VS Code. Ends with the line "N passed, N failed".
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

prepare();

const totals = { passed: 0, failed: 0 };
const projects = ["grammars", "starlark", "engine", "server", "client", "client/src/webview", "e2e"];
const bin = (name) => join(root, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name);

await check("format and lint", bin("biome"), ["check", "--error-on-warnings", "."]);
await check("layers", process.execPath, ["scripts/check-layers.mjs"]);
await check("documentation", process.execPath, ["scripts/check-docs.mjs"]);
await check("types of starlark/src, without Node", bin("tsc"), ["-p", "starlark/tsconfig.src.json"]);
for (const project of projects) await check(`types of ${project}`, bin("tsc"), ["-p", project]);
await suite("unit tests", bin("mocha"), ["{grammars,starlark,engine,server,client}/test/**/*.test.ts"]);
await suite("tests in a real VS Code", process.execPath, ["e2e/run.mjs"]);

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** A check that passes or fails as a whole. */
async function check(title, command, args) {
  console.log(`\n— ${title}`);
  const { status } = await execute(command, args);
  if (status === 0) totals.passed++;
  else totals.failed++;
}

/** A mocha run, counted test by test. One that ends badly without a failed test counts as one failure. */
async function suite(title, command, args) {
  console.log(`\n— ${title}`);
  const { status, output } = await execute(command, args);
  const count = (word) =>
    sum([...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].map((match) => Number(match[1])));
  const failed = count("failing");
  const passed = count("passing");
  totals.passed += passed;
  totals.failed += failed;
  if (status !== 0 && failed === 0) totals.failed++;
  if (status === 0 && passed === 0) {
    console.error(`${title}: no test ran`);
    totals.failed++;
  }
}

function execute(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}

function sum(numbers) {
  return numbers.reduce((total, each) => total + each, 0);
}
