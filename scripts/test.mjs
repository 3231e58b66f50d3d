// `npm test`: format, lint, types, unit tests, then the tests in a real VS Code. Ends with the line "N passed, N failed".
// `npm run test:unit` runs the unit tests only.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";
import { projects } from "./projects.mjs";

prepare();

const totals = { passed: 0, failed: 0 };

const unitTests = [
  "{grammars,starlark,server,client}/test/**/*.test.ts",
  "engine/test/*.test.ts",
  "engine/test/!(cli|release|runner|state|work)/**/*.test.ts",
  "engine/test/state/!(git*|crash).test.ts",
];

/** Whole commands over real git, shells and processes, some of them killed. */
const scenarioTests = ["engine/test/{cli,release,runner,work}/**/*.test.ts", "engine/test/state/{git*,crash}.test.ts"];

const isWhole = !process.argv.includes("--unit");
if (isWhole) {
  await check("format and lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]);
  await check("layers", "../scripts/check-layers.mjs");
  await check("documentation", "../scripts/check-docs.mjs");
  for (const project of projects) await check(`types of ${project}`, "typescript/bin/tsc", ["-p", project]);
}
await Promise.all([
  suite("unit tests", "mocha/bin/mocha.js", unitTests),
  ...(isWhole ? [suite("scenarios", "mocha/bin/mocha.js", scenarioTests)] : []),
]);
if (isWhole) await suite("tests in a real VS Code", "../e2e/run.mjs", ["--repeat"]);

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** A check that passes or fails as a whole. */
async function check(title, script, args = []) {
  const { status, output } = await execute(script, args);
  console.log(`\n— ${title}\n${output}`);
  if (status === 0) totals.passed++;
  else totals.failed++;
}

/** A mocha run, counted test by test by its last words. One that ends badly without a failed test counts as one failure. */
async function suite(title, script, args = []) {
  const { status, output } = await execute(script, args);
  console.log(`\n— ${title}\n${output}`);
  const summary = /^(\d+) passed, (\d+) failed$/m.exec(output);
  const count = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, "m").exec(output)?.[1] ?? 0);
  const passed = summary ? Number(summary[1]) : count("passing");
  const failed = summary ? Number(summary[2]) : count("failing");
  totals.passed += passed;
  totals.failed += failed;
  if (status !== 0 && failed === 0) totals.failed++;
  if (status === 0 && passed === 0) {
    console.error(`${title}: no test ran`);
    totals.failed++;
  }
}

/** Runs a script of a package by Node itself, so that no shell is needed on any system; what it prints comes in one piece. */
function execute(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}
