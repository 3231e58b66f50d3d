import assert from "node:assert/strict";
import { doRename } from "../../src/features/rename.ts";
import { openMarked } from "../harness.ts";

/** The lines (from 0) that a rename of what is at `$0` touches, in order. */
async function renamedLines(text: string): Promise<number[]> {
  const { snapshot, marked } = await openMarked(text);
  const edit = doRename(snapshot, marked.cursor, "neu", { annotate: false });
  const edits = Object.values(edit?.changes ?? {}).flat();
  return edits.map((each) => each.range.start.line).sort((a, b) => a - b);
}

const rest = `
task(a, name="a")
task(b, name="b", inputs={"x": input(ref="./task/a#output/value")})
task(b, name="c", inputs={"x": input(ref="./task/b#output/value")})
`;

describe("rename of an output", () => {
  it("leaves the output of the same name that other work has", async () => {
    const first =
      'def a():\n    return done(outputs={"va$0lue": 1})\n\ndef b(x):\n    return done(outputs={"value": x})\n';
    assert.deepEqual(await renamedLines(first + rest), [1, 7]);
    const second =
      'def a():\n    return done(outputs={"value": 1})\n\ndef b(x):\n    return done(outputs={"va$0lue": x})\n';
    assert.deepEqual(await renamedLines(second + rest), [4, 8]);
  });

  it("reaches all work that shares a function, from any of its places", async () => {
    const shared =
      'def last(x):\n    return done(outputs={"va$0lue": x})\n\ndef a():\n    return next(last, inputs={"x": 1})\n\n';
    const text = `${shared}def b(x):\n    return next(last, inputs={"x": x})\n${rest}`;
    const lines = await renamedLines(text);
    assert.deepEqual(lines, [1, 10, 11]);
    const fromRef = text.replace("va$0lue", "value").replace("task/b#output/value", "task/b#output/va$0lue");
    assert.deepEqual(await renamedLines(fromRef), lines);
  });

  it("of a function that no work uses is of its own key", async () => {
    assert.deepEqual(await renamedLines('def a():\n    return done(outputs={"va$0lue": 1})\n'), [1]);
  });
});
