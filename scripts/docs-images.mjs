// `npm run docs:images [-- NAME.png …]`: copies the pictures that the documentation shows from e2e/screenshots/ (made by the tests in a
// real VS Code) to docs/images/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { root } from "./prepare.mjs";

/** [screenshot, name in docs/images/]. */
const all = [
  ["shop-failed-dark", "failed-release.png"],
  ["shop-graph-dark", "phase-graph.png"],
  ["shop-graph-light", "phase-graph-light.png"],
  ["seed-quick-fix", "quick-fix.png"],
  ["refs-complete-output", "complete-ref.png"],
  ["shop-failed-light", "failed-release-light.png"],
  ["shop-failed-high-contrast", "failed-release-high-contrast.png"],
  ["shop-graph-high-contrast", "phase-graph-high-contrast.png"],
  ["shop-graph-high-contrast-light", "phase-graph-high-contrast-light.png"],
  ["shop-approval", "approval.png"],
  ["shop-log", "log.png"],
  ["shop-environments", "environments.png"],
  ["crowded", "crowded.png"],
  ["crowded-graph", "crowded-graph.png"],
  ["large-graph-lines", "graph-lines.png"],
  ["two-repositories-pick", "two-repositories.png"],
  ["crowded-log", "release-log.png"],
  ["retry-moved-on", "retry.png"],
  ["ahead-path", "critical-path.png"],
  ["ahead-what-if", "what-if.png"],
  ["ahead-changes-light", "would-change.png"],
  ["ahead-delete", "dry-run.png"],
  ["ahead-log", "log-places.png"],
  ["ahead-output", "last-output.png"],
  ["restricted-views", "restricted.png"],
  ["extreme-environments", "many-environments.png"],
  ["extreme-names", "long-names.png"],
  ["extreme-narrow", "narrow.png"],
  ["welcome-no-repository", "welcome-no-repository.png"],
  ["welcome-no-release", "welcome-no-release.png"],
  ["walkthrough", "walkthrough.png"],
  ["writing-contract", "writing-contract.png"],
  ["writing-waits", "writing-waits.png"],
  ["writing-secrets", "writing-secrets.png"],
  ["writing-shell", "writing-shell.png"],
  ["writing-names", "writing-names.png"],
  ["writing-signature", "writing-signature.png"],
  ["writing-hover", "writing-hover.png"],
  ["writing-references", "writing-references.png"],
  ["writing-rename", "writing-rename.png"],
  ["writing-calls", "writing-calls.png"],
  ["writing-symbols", "writing-symbols.png"],
  ["writing-preview", "writing-preview.png"],
  ["writing-selection", "writing-selection.png"],
  ["writing-links", "writing-links.png"],
  ["writing-actions", "writing-actions.png"],
  ["writing-workspace-symbols", "writing-workspace-symbols.png"],
  ["writing-file", "writing-file.png"],
  ["writing-folded", "writing-folded.png"],
  ["writing-format", "writing-format.png"],
  ["ahead-commit", "where-deployed.png"],
  ["ahead-push", "push-effects.png"],
  ["commands-running", "running.png"],
  ["surroundings-no-command", "no-command.png"],
  ["surroundings-names", "problems.png"],
  ["gallery-empty-dark", "all-empty.png"],
  ["gallery-empty-light", "all-empty-light.png"],
  ["gallery-empty-high-contrast", "all-empty-high-contrast.png"],
  ["gallery-empty-high-contrast-light", "all-empty-high-contrast-light.png"],
  ["gallery-normal-dark", "all-normal.png"],
  ["gallery-normal-light", "all-normal-light.png"],
  ["gallery-normal-high-contrast", "all-normal-high-contrast.png"],
  ["gallery-normal-high-contrast-light", "all-normal-high-contrast-light.png"],
  ["gallery-crowded-dark", "all-crowded.png"],
  ["gallery-crowded-light", "all-crowded-light.png"],
  ["gallery-crowded-high-contrast", "all-crowded-high-contrast.png"],
  ["gallery-crowded-high-contrast-light", "all-crowded-high-contrast-light.png"],
];

const asked = process.argv.slice(2);
const pictures = all.filter(([, target]) => asked.length === 0 || asked.includes(target));
const source = (name) => join(root, "e2e/screenshots", `${name}.png`);
const missing = pictures.filter(([name]) => !existsSync(source(name)));
if (missing.length > 0) {
  console.error(`Not there: ${missing.map(([name]) => source(name)).join(", ")}. Make them: npm run test:e2e`);
  process.exit(1);
}
mkdirSync(join(root, "docs/images"), { recursive: true });
for (const [name, target] of pictures)
  writeFileSync(join(root, "docs/images", target), packed(readFileSync(source(name))));
console.log(`${pictures.length} pictures copied to docs/images/`);

/** The same PNG, its pixels compressed as well as the format can: browsers take the quick way. */
function packed(png) {
  const chunks = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString("latin1", at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
      whole: png.subarray(at, at + 12 + length),
    });
    at += 12 + length;
  }
  const pixels = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const data = Buffer.concat([Buffer.from("IDAT", "latin1"), deflateSync(inflateSync(pixels), { level: 9 })]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length - 4, 0);
  frame.writeUInt32BE(crc32(data), 4);
  const before = chunks.filter(({ type }) => type !== "IDAT" && type !== "IEND").map(({ whole }) => whole);
  const end = chunks.filter(({ type }) => type === "IEND").map(({ whole }) => whole);
  const made = Buffer.concat([png.subarray(0, 8), ...before, frame.subarray(0, 4), data, frame.subarray(4), ...end]);
  return made.length < png.length ? made : png;
}
