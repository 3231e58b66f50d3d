import assert from "node:assert/strict";
import { answerRequest, type BatchRequest } from "../cli/batch.ts";
import { testFrontEnd } from "./support.ts";

async function answer(request: BatchRequest): Promise<ReturnType<typeof answerRequest>> {
  return answerRequest(await testFrontEnd(), JSON.stringify({ id: 1, filename: "d/a.star", ...request }), true);
}

describe("batch", () => {
  it("answers with what was printed", async () => {
    assert.deepEqual(await answer({ source: 'print("é", 1)\nerror("x")\n' }), {
      id: 1,
      ok: true,
      output: '\u00e9 1\n!error {"msg":"x","stack":["d/a.star:2:6"]}\n',
    });
  });

  it("answers with static and dynamic errors", async () => {
    const broken = await answer({ source: "x = y\nz = w\n" });
    assert.equal(broken.error, "d/a.star:1:5: undefined: y\nd/a.star:2:5: undefined: w");
    const failed = await answer({ source: "def f():\n  fail('no ')\nf()\n" });
    assert.equal(failed.error, "d/a.star:2:7: fail: no ");
    assert.match(failed.trace ?? "", /in <toplevel>\n {2}d\/a.star:2:7: in f\nError in fail: fail: no $/);
  });

  it("checks without executing, loads from the request, and keeps nothing", async () => {
    assert.equal((await answer({ source: "print(1)\nx = 1\n", check: true })).output, "");
    const loads = { "x.star": "items = [1]\n" };
    const source = 'load("x.star", "items")\nprint(items)\nprint(catch(lambda: items.append(2)))\n';
    for (let i = 0; i < 2; i++) {
      assert.equal((await answer({ source, loads })).output, "[1]\nappend: cannot append to frozen list\n");
    }
  });

  it("answers what is no request", async () => {
    for (const line of ["{", "1", "null", '{"id": 3}']) {
      const { ok } = answerRequest(await testFrontEnd(), line, true);
      assert.equal(ok, line.includes("3"));
    }
  });
});
