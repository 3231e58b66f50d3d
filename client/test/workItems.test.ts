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
      { label: "a.ocu.star/@r2/deploy/eu", description: "runs · 3f2c1a9" },
      { label: "@/environment/eu", description: "is registered" },
    ]);
    assert.equal(doLabel(items), "Do these 2 pieces of work");
    assert.equal(doLabel(items.slice(1)), "Do this piece of work");
  });

  it("say what becomes of each, in words", () => {
    const words = (type: string, ref: string) => workLine({ ref, type, commit: "" }).description;
    assert.equal(words("create", "shop/-/a.ocu.star/@r2/custom/approval"), "its value is taken up");
    assert.equal(words("delete", "shop/-/a.ocu.star/@/deploy/eu"), "is taken down");
    assert.equal(words("update", "@/environment/eu"), "its attributes change");
    assert.equal(words("op", "shop/-/a.ocu.star/@r2/op/check_envs"), "what follows from it is done");
    assert.equal(words("later", "x"), "later", "a word of a newer command stays as it is");
  });

  it("that printed something else are errors", () => {
    assert.throws(() => readWorkItems("{}"), /no list of work/);
    assert.throws(() => readWorkItems("nothing"));
  });
});
