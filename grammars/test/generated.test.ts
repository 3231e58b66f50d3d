/** What is generated must be current, although the tools that generate it are not needed to run the tests. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { F, N } from "../src/index.ts";
import { folder, loadLanguage } from "./language.ts";

interface BuildRecord {
  readonly treeSitter: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
}

describe("generated files", () => {
  const record = JSON.parse(readFileSync(join(folder, "build-record.json"), "utf8")) as BuildRecord;

  it("come from the sources as they are", () => {
    for (const [file, hash] of Object.entries(record.sources)) {
      assert.equal(hashOf(file), hash, `${file} changed: run \`node grammars/build-wasm.mjs\``);
    }
  });

  it("are as they were built", () => {
    for (const [file, hash] of Object.entries(record.results)) assert.equal(hashOf(file), hash, file);
  });

  it("name the version of the generator", () => assert.match(record.treeSitter, /^tree-sitter \d+\.\d+\.\d+$/));
});

describe("names", () => {
  it("cover the grammar's nodes and no others", async () => {
    const language = await loadLanguage();
    const types = new Set<string>();
    for (let id = 0; id < language.nodeTypeCount; id++) {
      const type = language.nodeTypeForId(id);
      if (type !== null && language.nodeTypeIsNamed(id) && language.nodeTypeIsVisible(id)) types.add(type);
    }
    // These are made and renamed at once; no tree has them.
    const renamed = [...types].filter((type) =>
      /^binary_|^open_tuple$|^loop_tuple$|_no_condition$|^not_expression$|^bytes_start$/.test(type),
    );
    for (const type of renamed) types.delete(type);
    types.add("ERROR");
    assert.deepEqual([...Object.values(N)].sort(), [...types].sort());
  });

  it("cover the grammar's fields and no others", async () => {
    const language = await loadLanguage();
    const fields = language.fields.filter((field) => field !== null);
    assert.deepEqual([...Object.values(F)].sort(), fields.sort());
  });
});

function hashOf(file: string): string {
  return createHash("sha256")
    .update(readFileSync(join(folder, file)))
    .digest("hex");
}
