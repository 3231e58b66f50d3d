// Runs the tests in a real VS Code. Arguments go to mocha: `npm run test:e2e -- -g "quick fix"`.
//   --headed     shows the browser
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "../scripts/prepare.mjs";

prepare();
const args = process.argv.slice(2);
const headed = args.includes("--headed");
const mocha = spawn(
  process.execPath,
  [
    join(root, "node_modules/mocha/bin/mocha.js"),
    "--config",
    "e2e/.mocharc.json",
    ...args.filter((each) => each !== "--headed"),
  ],
  {
    cwd: root,
    stdio: ["inherit", "pipe", "inherit"],
    env: headed ? { ...process.env, OCUROOT_E2E_HEADED: "1" } : process.env,
  },
);
let output = "";
mocha.stdout.setEncoding("utf8");
mocha.stdout.on("data", (text) => {
  output += text;
  process.stdout.write(text);
});
mocha.on("close", (status) => {
  const count = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, "m").exec(output)?.[1] ?? 0);
  const passed = count("passing");
  const failed = count("failing");
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = status === 0 && passed > 0 ? 0 : 1;
});
