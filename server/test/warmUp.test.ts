import assert from "node:assert/strict";
import type { Parser, SyntaxDocument } from "@ocuroot/starlark";
import { Dispatcher } from "../src/connection/dispatch.ts";
import { doDiagnostics } from "../src/features/diagnostics/index.ts";
import { WarmUp } from "../src/warmUp.ts";
import { loadParser, openMarked } from "./harness.ts";

const text = `ocuroot("0.3.0")

def build(ctx):
    host.shell("make {}".format(ctx.inputs.tag))
    return done(outputs={"image": undefined_name})

task(build, name="build", inputs={"tag": "v1"})
`;

/** A parser that counts what it has opened and what of it is still there. */
function counting(parser: Parser): { parser: Parser; opened: number; left: number } {
  const counts = { opened: 0, left: 0, parser };
  counts.parser = {
    parse: (each) => parser.parse(each),
    open: (each): SyntaxDocument => {
      const document = parser.open(each);
      counts.opened++;
      counts.left++;
      return {
        get text() {
          return document.text;
        },
        get syntax() {
          return document.syntax;
        },
        edit: (changes) => document.edit(changes),
        dispose: () => {
          counts.left--;
          document.dispose();
        },
      };
    },
  };
  return counts;
}

describe("preparing for keystrokes", () => {
  it("plays edits of a copy, leaves the file alone, and lets go of what it made", async () => {
    const { snapshot } = await openMarked(text);
    const before = doDiagnostics(snapshot);
    const counts = counting(await loadParser());
    const problems: string[] = [];
    const log = { error: (each: string) => problems.push(each), warn: (each: string) => problems.push(each) };
    const dispatcher = new Dispatcher(log);
    const warmUp = new WarmUp({ parser: counts.parser, dispatcher, snapshot: () => snapshot });
    warmUp.begin(snapshot.file.uri);
    warmUp.begin(snapshot.file.uri);
    // Its timer alone does not keep the process.
    const alive = setInterval(() => undefined, 20);
    while (counts.opened === 0 || counts.left > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(alive);
    assert.equal(counts.opened, 1);
    assert.deepEqual(problems, []);
    assert.equal(snapshot.file.source.text, text);
    assert.deepEqual(doDiagnostics(snapshot), before);
  });

  it("stops when the session ends", async () => {
    const { snapshot } = await openMarked(text);
    const counts = counting(await loadParser());
    const dispatcher = new Dispatcher({ error: () => undefined, warn: () => undefined });
    let asked = 0;
    const warmUp: WarmUp = new WarmUp({
      parser: counts.parser,
      dispatcher,
      snapshot: () => {
        if (++asked === 3) warmUp.dispose();
        return snapshot;
      },
    });
    warmUp.begin(snapshot.file.uri);
    while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    assert.equal(asked, 3);
    assert.equal(counts.left, 0);
  });
});
