// `npm run docs:images`: copies the pictures that the documentation shows from e2e/screenshots/ (made by the tests in a
// real VS Code) to docs/images/.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

/** [screenshot, name in docs/images/]. */
const pictures = [
  ["shop-failed-dark", "failed-release.png"],
  ["shop-graph-dark", "phase-graph.png"],
  ["shop-graph-light", "phase-graph-light.png"],
  ["seed-quick-fix", "quick-fix.png"],
  ["refs-complete-output", "complete-ref.png"],
];

const source = (name) => join(root, "e2e/screenshots", `${name}.png`);
const missing = pictures.filter(([name]) => !existsSync(source(name)));
if (missing.length > 0) {
  console.error(`Not there: ${missing.map(([name]) => source(name)).join(", ")}. Make them: npm run test:e2e`);
  process.exit(1);
}
mkdirSync(join(root, "docs/images"), { recursive: true });
for (const [name, target] of pictures) copyFileSync(source(name), join(root, "docs/images", target));
console.log(`${pictures.length} pictures copied to docs/images/`);
