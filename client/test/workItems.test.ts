import assert from "node:assert/strict";
import { doLabel, readWorkItems, workLine } from "../src/model/workItems.ts";

describe("Dry runs of work", () => {
  const printed = `[
  {"ref": "shop/-/a.ocu.star/@r2/deploy/eu", "work_type": "run", "commit": "3f2c1a9d00aa"},
  {"ref": "@/environment/eu", "work_type": "create", "commit": null}
]`;

  it("are read as the command prints them", () => {
    const items = readWorkItems(printed);
    assert.deepEqual(items.map(workLine), [
      { label: "a.ocu.star/@r2/deploy/eu", description: "run · 3f2c1a9" },
      { label: "@/environment/eu", description: "create" },
    ]);
    assert.equal(doLabel(items), "Do these 2 pieces of work");
    assert.equal(doLabel(items.slice(1)), "Do this piece of work");
  });

  it("that printed something else are errors", () => {
    assert.throws(() => readWorkItems("{}"), /no list of work/);
    assert.throws(() => readWorkItems("nothing"));
  });
});
