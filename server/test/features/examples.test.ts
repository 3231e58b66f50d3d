import assert from "node:assert/strict";
import { sdkCatalog } from "@ocuroot/engine";
import { problems } from "./diagnosticsHelper.ts";

describe("examples of the SDK's documentation", () => {
  for (const entry of sdkCatalog().entries.values()) {
    const examples = [...entry.doc.matchAll(/```starlark\n([\s\S]*?)```/g)].map((each) => each[1] ?? "");
    if (examples.length === 0) continue;
    it(entry.name, async () => {
      for (const example of examples) {
        const main = entry.place === "repository" ? "repo.ocu.star" : "release.ocu.star";
        // Examples may use names, files and work that they do not show.
        const found = (await problems(example, { main })).filter(
          (each) => !/^(name\/|flow\/|refs\/unknown-|shell\/|load\/)/.test(each),
        );
        assert.deepEqual(found, [], example);
      }
    });
  }
});
