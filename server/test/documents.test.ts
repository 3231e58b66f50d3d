import assert from "node:assert/strict";
import { type Parser, SourceFile } from "@ocuroot/starlark";
import fc from "fast-check";
import { canonicalUri } from "../src/paths.ts";
import { offsetAt, positionAt } from "../src/text/convert.ts";
import { Documents } from "../src/workspace/documents.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import { loadParser } from "./harness.ts";

/** Counts the trees that are open. */
function counting(parser: Parser): { readonly parser: Parser; live(): number } {
  let live = 0;
  return {
    live: () => live,
    parser: {
      parse: (text) => parser.parse(text),
      open: (text) => {
        live++;
        const document = parser.open(text);
        return new Proxy(document, {
          get: (target, key) => {
            if (key === "dispose") {
              return () => {
                live--;
                target.dispose();
              };
            }
            const value = Reflect.get(target, key, target) as unknown;
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      },
    },
  };
}

const range = (line: number, from: number, toLine: number, to: number) => ({
  start: { line, character: from },
  end: { line: toLine, character: to },
});

describe("documents", () => {
  it("keep one tree each, whatever happens to them", async () => {
    const { parser, live } = counting(await loadParser());
    const documents = new Documents(parser);
    documents.open("a", 1, "x = 1\n");
    documents.open("b", 1, "y = 1\n");
    for (let version = 2; version < 1_000; version++) {
      documents.change("a", version, [{ range: range(0, 4, 0, 5), text: String(version % 10) }]);
    }
    documents.open("a", 1, "z = 1\n");
    assert.equal(live(), 2);
    documents.close("a");
    documents.close("a");
    assert.equal(live(), 1);
    documents.closeAll();
    assert.equal(live(), 0);
    assert.equal(documents.change("a", 9, [{ text: "" }]), undefined);
  });

  it("apply changes one after the other, each to what the one before left", async () => {
    const documents = new Documents(await loadParser());
    documents.open("a", 1, "one\ntwo\n");
    const changed = documents.change("a", 2, [
      { range: range(0, 3, 0, 3), text: "\nand a half" },
      { range: range(2, 0, 2, 3), text: "three" },
      { range: range(99, 0, 99, 9), text: "# end" },
    ]);
    assert.equal(changed?.source.text, "one\nand a half\nthree\n# end");
    documents.closeAll();
  });

  it("read like a fresh parse after any edits", async () => {
    const parser = await loadParser();
    const documents = new Documents(parser);
    const position = fc.record({ line: fc.nat(6), character: fc.nat(12) });
    const change = fc.record({
      a: position,
      b: position,
      text: fc.constantFrom("", "x", "(", ")", "\n", "\r\n", '"', "    ", "def f():\n", "🚀", "#"),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        documents.open("a", 1, 'def f(a):\r\n    return "🚀" + a\n\nx = f(1)\n');
        changes.forEach(({ a, b, text }, index) => {
          const isOrdered = a.line < b.line || (a.line === b.line && a.character <= b.character);
          const span = isOrdered ? { start: a, end: b } : { start: b, end: a };
          documents.change("a", index + 2, [{ range: span, text }]);
        });
        const current = documents.get("a");
        const fresh = parser.parse(current?.source.text ?? "");
        assert.deepEqual(
          current?.syntax.diagnostics.map((each) => [each.code, each.span]),
          fresh.diagnostics.map((each) => [each.code, each.span]),
        );
      }),
      { numRuns: 60 },
    );
    documents.closeAll();
  });
});

describe("positions", () => {
  it("count UTF-16 units, and stay within their line", () => {
    const source = new SourceFile("a", "a🚀b\r\nc\n");
    assert.deepEqual(positionAt(source, 3), { line: 0, character: 3 });
    assert.equal(offsetAt(source, { line: 0, character: 3 }), 3);
    assert.equal(offsetAt(source, { line: 0, character: 99 }), 4);
    assert.equal(offsetAt(source, { line: 1, character: 99 }), 7);
    assert.equal(offsetAt(source, { line: 9, character: 0 }), 8);
    assert.deepEqual(positionAt(source, 99), { line: 2, character: 0 });
  });

  it("name a file in one way, however the editor spells it", () => {
    assert.equal(canonicalUri("file:///a%2Bb/c%20d.star"), canonicalUri("file:///a+b/c d.star"));
    assert.equal(canonicalUri("untitled:Untitled-1"), "untitled:Untitled-1");
    assert.equal(canonicalUri("file://%%%"), "file://%%%");
  });
});

describe("a burst of edits", () => {
  it("is read once, when somebody asks", async () => {
    const parser = await loadParser();
    let reads = 0;
    const documents = new Documents({
      parse: (text) => parser.parse(text),
      open: (text) => {
        const document = parser.open(text);
        return new Proxy(document, {
          get: (target, key) => {
            if (key === "edit") reads++;
            const value = Reflect.get(target, key, target) as unknown;
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      },
    });
    const workspace = new Workspace(parser, documents);
    const uri = "untitled:burst.ocu.star";
    documents.open(uri, 1, "x = 1\n");
    for (let version = 2; version <= 501; version++) {
      documents.change(uri, version, [{ range: range(0, 0, 0, 0), text: version % 100 === 0 ? "\n" : "a" }]);
      workspace.documentChanged(uri);
      workspace.view(uri);
    }
    assert.equal(reads, 0);
    assert.equal(workspace.view(uri)?.module.statements.length, 6);
    assert.equal(reads, 1);
  });
});
