// `npm run bench`: every benchmark, or those named (`npm run bench -- startup`). Each prints a table.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "../scripts/prepare.mjs";

const benchmarks = ["startup", "starlark", "fixture", "cancellation", "release", "scale", "server", "day"];

prepare();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${benchmarks.join(", ")}.`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : benchmarks) {
  const script = join(root, "bench", `${name}.mjs`);
  if (existsSync(script)) run(process.execPath, [script]);
  else run(process.execPath, ["--import", "tsx", join(root, "bench", `${name}.ts`)]);
}
