import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { problemCodes } from "../../src/package/codes.ts";

const source = join(__dirname, "../../src");

describe("codes of problems", () => {
  it("are those that the sources use", () => {
    const folders = ["sdk", "sdk/backend", "package"];
    const used = new Set<string>();
    for (const folder of folders) {
      for (const file of readdirSync(join(source, folder))) {
        if (!file.endsWith(".ts") || file === "codes.ts") continue;
        const text = readFileSync(join(source, folder, file), "utf8");
        for (const [, code] of text.matchAll(
          /"((?:sdk|refs|package|load|repository|host|preview|evaluation)\/[a-z0-9-]+)"/g,
        )) {
          used.add(code as string);
        }
      }
    }
    // Made from the interpreter's reason.
    for (const reason of ["cancelled", "steps", "time", "memory"]) used.add(`evaluation/${reason}`);
    assert.deepEqual([...used].sort(), Object.keys(problemCodes).sort());
  });

  it("are documented in a sentence", () => {
    for (const doc of Object.values(problemCodes)) assert.match(doc, /^[A-Z`].*\.$/);
  });
});
