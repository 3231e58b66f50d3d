import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codes } from "../src/features/diagnostics/codes.ts";
import { root } from "./harness.ts";

describe("codes of diagnostics", () => {
  it("are all given by some check", () => {
    const folder = join(root, "server/src/features/diagnostics");
    const text = readdirSync(folder)
      .map((each) => readFileSync(join(folder, each), "utf8"))
      .join("\n");
    for (const code of Object.keys(codes)) assert.ok(text.includes(`"${code}"`), `nothing gives ${code}`);
  });
});

describe("features", () => {
  it("are one file with one function each, and know no connection and no disk", () => {
    const folder = join(root, "server/src/features");
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".ts"))) {
      const text = readFileSync(join(folder, name), "utf8");
      assert.equal(text.match(/^export /gm)?.length, 1, `${name} exports more than its function`);
      assert.doesNotMatch(text, /from "(node:fs|vscode-languageserver\/)/, name);
    }
  });
});
