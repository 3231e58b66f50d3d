// `npm run check`: the types of every project. `npm test` checks them, too.
import { join } from "node:path";
import { root, run } from "./prepare.mjs";
import { projects } from "./projects.mjs";

const compiler = join(root, "node_modules/typescript/bin/tsc");
for (const project of projects) run(process.execPath, [compiler, "-p", project]);
