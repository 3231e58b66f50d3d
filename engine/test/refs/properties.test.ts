import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isAbsolute,
  makeAbsolute,
  parseRef,
  parseRefWithSpans,
  printRef,
  type Ref,
  refKinds,
} from "../../src/refs/index.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9._]{0,6}$/).filter((text) => !text.endsWith("."));
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const file = words.map((parts) => `${parts.join("/")}.ocu.star`);
const fragment = fc.oneof(fc.constant([]), words);
const workKind = fc.constantFrom(...refKinds.filter((kind) => kind !== "environment"));

const localRef: fc.Arbitrary<Ref> = fc
  .record({
    repo: fc.oneof(
      fc.constant(undefined),
      fc.constant("."),
      words.map((parts) => parts.join("/")),
    ),
    path: fc.oneof(file, fc.constant(".")),
    release: fc.oneof(fc.constant(undefined), fc.constant(""), fc.constantFrom("r1", "12", "v1.2.0", "main")),
    kind: workKind,
    name: words,
    fragment,
  })
  .map(({ release, ...ref }) => ({
    ...ref,
    hasRelease: release !== undefined,
    release: release ?? "",
    isGlobal: false,
  }));

const globalRef: fc.Arbitrary<Ref> = fc
  .record({ kind: fc.constantFrom("environment" as const, "custom" as const), name: words, fragment })
  .map((ref) => ({ ...ref, repo: undefined, path: "", hasRelease: true, release: "", isGlobal: true }));

const anyRef = fc.oneof(localRef, globalRef);
/** Text that looks like a ref often enough to reach every corner. */
const refLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/",
        ".",
        "@",
        "#",
        "-",
        "//",
        "..",
        "task",
        "call",
        "deploy",
        "custom",
        "environment",
        "a.star",
        "r1",
        "=",
        "{}",
        "%s",
      ),
      word,
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

function parsed(text: string): Ref {
  const result = parseRef(text);
  if (!result.ok) assert.fail(`${text}: ${result.errors[0]!.message}`);
  return result.ref;
}

describe("properties of refs", () => {
  it("a printed ref parses to the same ref", () => {
    fc.assert(
      fc.property(anyRef, (ref) => {
        assert.deepEqual(parsed(printRef(ref)), ref);
      }),
    );
  });

  for (const options of [{}, { commandLine: true }]) {
    it(`whatever parses, prints to text that parses to the same ref ${JSON.stringify(options)}`, () => {
      fc.assert(
        fc.property(fc.oneof(refLike, fc.string()), (text) => {
          const first = parseRef(text, options);
          if (!first.ok) return;
          const printed = printRef(first.ref);
          const second = parseRef(printed, options);
          assert.ok(second.ok, `${JSON.stringify(text)} printed as ${JSON.stringify(printed)} does not parse`);
          assert.deepEqual(second.ref, first.ref, `${JSON.stringify(text)} -> ${JSON.stringify(printed)}`);
          assert.equal(printRef(second.ref), printed);
        }),
        { numRuns: 3000 },
      );
    });
  }

  it("the parser never throws, and pieces and errors lie within the text, in order", () => {
    fc.assert(
      fc.property(
        fc.oneof(refLike, fc.string({ unit: "binary" })),
        fc.constantFrom(undefined, "format" as const, "percent" as const),
        (text, template) => {
          const { segments, errors } = parseRefWithSpans(text, template ? { template } : {});
          let at = 0;
          for (const { start, end } of segments) {
            assert.ok(start >= at && end >= start && end <= text.length, `${JSON.stringify(text)}: ${start}-${end}`);
            at = end;
          }
          for (const { start, end } of errors) assert.ok(0 <= start && start <= end && end <= text.length);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("absolute and global refs stay as they are, and every ref becomes absolute", () => {
    const base = { repo: "base", path: "x/base.ocu.star", release: "r7" };
    fc.assert(
      fc.property(anyRef, (ref) => {
        const absolute = makeAbsolute(ref, base);
        assert.ok(isAbsolute(absolute));
        if (isAbsolute(ref)) assert.deepEqual(absolute, ref);
        assert.deepEqual(makeAbsolute(absolute, { repo: "other", path: "y.ocu.star", release: "r9" }), absolute);
      }),
    );
  });
});
