// Runs the tests in a real VS Code. Arguments go to mocha: `npm run test:e2e -- -g "quick fix"`.
//   --headed     shows the browser
//   --repeat     runs files with a failed test once more, as `npm test` does, and names what failed only the first time:
//                VS Code in a browser now and then drops a key or a click on a busy machine
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "../scripts/prepare.mjs";

const own = ["--headed", "--repeat"];
const args = process.argv.slice(2);
const mochaArgs = args.filter((each) => !own.includes(each));
/** With more files than these something is broken, and a repetition would only take time. */
const mostRepeated = 3;
/** Stands for a file where no test failed, but the run ended badly, for example by a signal. */
const brokenRun = "";

prepare();
const results = await run(["--spec", "e2e/test/**/*.e2e.ts", ...mochaArgs]);
const failedFiles = Object.keys(results).filter((file) => results[file].failed.length > 0);
const isWorthRepeating =
  failedFiles.length > 0 && failedFiles.length <= mostRepeated && !failedFiles.includes(brokenRun);
if (args.includes("--repeat") && isWorthRepeating) {
  console.log("— once more, what had a failed test\n");
  const repeated = await run(failedFiles.flatMap((file) => ["--spec", file]));
  for (const file of failedFiles) {
    if (!repeated[file]) continue;
    for (const title of results[file].failed) {
      if (!repeated[file].failed.includes(title)) console.log(`failed the first time only: ${title}`);
    }
    results[file] = repeated[file];
  }
}
const all = Object.values(results);
const passed = all.reduce((sum, each) => sum + each.passed, 0);
const failed = all.reduce((sum, each) => sum + each.failed.length, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** One run of mocha: for each file how many tests passed, and the titles of those that failed. */
async function run(mochaArgs) {
  const folder = mkdtempSync(join(tmpdir(), "ocuroot-e2e-results-"));
  try {
    const path = join(folder, "results.json");
    const status = await new Promise((resolve, reject) => {
      const mocha = spawn(
        process.execPath,
        [join(root, "node_modules/mocha/bin/mocha.js"), "--config", "e2e/.mocharc.json", ...mochaArgs],
        {
          cwd: root,
          stdio: "inherit",
          env: {
            ...process.env,
            OCUROOT_E2E_RESULTS: path,
            ...(args.includes("--headed") ? { OCUROOT_E2E_HEADED: "1" } : {}),
          },
        },
      );
      mocha.on("error", reject);
      mocha.on("close", resolve);
    });
    const results = readResults(path);
    const hasFailure = Object.values(results).some((file) => file.failed.length > 0);
    if (status !== 0 && !hasFailure) results[brokenRun] = { passed: 0, failed: ["the run itself"] };
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}
