import assert from "node:assert/strict";
import { respell } from "../src/spelling.ts";

describe("Addresses in the editor's spelling", () => {
  const spelling = (uri: string): string => uri.replace("file:///C:", "file:///c%3A");
  const edit = { newText: "x" };

  it("are put into fields, and where they are keys of an edit", () => {
    assert.deepEqual(respell({ changes: { "file:///C:/a.star": [edit] }, uri: "file:///C:/b.star", n: 1 }, spelling), {
      changes: { "file:///c%3A/a.star": [edit] },
      uri: "file:///c%3A/b.star",
      n: 1,
    });
  });

  it("keep fields that have the name of something every object has", () => {
    const answer = JSON.parse('{"outputs":{"__proto__":"x","constructor":"y"},"uri":"file:///C:/a"}') as object;
    assert.equal(
      JSON.stringify(respell(answer, spelling)),
      '{"outputs":{"__proto__":"x","constructor":"y"},"uri":"file:///c%3A/a"}',
    );
  });

  it("leave lists lists, also one that is called as an edit's changes are", () => {
    const place = { uri: "file:///C:/a.star" };
    const answer = { changes: [{ kind: "added", place }], other: [place, null], data: place };
    assert.deepEqual(respell(answer, spelling), {
      changes: [{ kind: "added", place: { uri: "file:///c%3A/a.star" } }],
      other: [{ uri: "file:///c%3A/a.star" }, null],
      data: place,
    });
  });
});
