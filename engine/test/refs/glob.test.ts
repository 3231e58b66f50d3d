import assert from "node:assert/strict";
import fc from "fast-check";
import { compileGlob, globProblem } from "../../src/refs/index.ts";

describe("globs over refs (2.5)", () => {
  const matches: [string, string, boolean][] = [
    ["**", "a/-/b.star/@r1", true],
    ["@/environment/*", "@/environment/eu", true],
    ["@/environment/*", "@/environment/eu/x", false],
    ["**/@*", "a/-/b.star/@r1", true],
    ["**/@r*/deploy/*", "a/-/b.star/@r1/deploy/eu", true],
    ["**/@r*/deploy/*", "a/-/b.star/@r1/deploy/eu/1", false],
    ["a/**", "a", true],
    ["a/**", "a/b/c", true],
    ["a/*/c", "a/b/c", true],
    ["a/*/c", "a/b/b/c", false],
    ["a/?", "a/b", true],
    ["a/?", "a/bc", false],
    ["a/[bc]", "a/c", true],
    ["a/[!bc]", "a/c", false],
    ["a/[a-c]x", "a/bx", true],
    ["[/[ab]", "[/a", true],
    ["[a/b]", "[a/b]", true],
    ["[a/b]", "a", false],
    ["a/{b,c}", "a/c", true],
    ["{a,b}/c/**", "b/c/d", true],
    ["{a/b,c}/d", "a/b/d", true],
    ["a/*", "a/.hidden", true],
    ["**", "a/.b/c", true],
    ["@(a|b)", "a", false],
    ["@(a|b)", "@(a|b)", true],
    ["a+", "a+", true],
    ["a+", "aa", false],
    ["[ab]+", "a+", true],
    ["[ab]+", "ab", false],
    ["+(a)", "a", false],
    ["!a", "b", false],
    ["!a", "!a", true],
    ["a.b", "axb", false],
    ['a(b)c$^|"d', 'a(b)c$^|"d', true],
    ["**/@1/call/*", "r/-/f.star/@r1/task/build", true],
    ["**/@1/task/*", "r/-/f.star/@1/task/build", true],
    ["**/@/call/build", "r/-/f.star/@/task/build", true],
    ["a/b/", "a/b", true],
    ["Ab", "ab", false],
    ["*.ocu.star", "release.ocu.star", true],
    ["a/**/d", "a/d", true],
    ["a/**/d", "a/b/c/d", true],
  ];
  for (const [glob, ref, expected] of matches) {
    it(`${glob} ${expected ? "matches" : "does not match"} ${ref}`, () =>
      assert.equal(compileGlob(glob).matches(ref), expected));
  }

  it("says where a glob is not closed", () => {
    const places = ["[", "a/[b", "a/[b/c]", "{a,b", "a/{b,{c}", "a\\"].map((glob) => globProblem(glob)?.start);
    assert.deepEqual(places, [0, 2, 2, 0, 2, 1]);
    for (const glob of ["", "**", "[ab]", "[]a]", "[!]a]", "a/{b,c/d}", "\\[", "\\{a", "]", "}", "a\\\\", "[{]"]) {
      assert.equal(globProblem(glob), undefined, glob);
    }
  });

  it("says how far the store must be read", () => {
    assert.equal(compileGlob("r/-/f.star/@r1/**").prefix, "r/-/f.star/@r1");
    assert.equal(compileGlob("r/-/f.star/@r*/deploy").prefix, "r/-/f.star");
    assert.equal(compileGlob("**").prefix, "");
    assert.equal(compileGlob("@/environment/eu").prefix, "@/environment/eu");
    assert.equal(compileGlob("a/{b,c}/d").prefix, "a");
    assert.equal(compileGlob("a/b\\*c/*").prefix, "a/b*c");
  });

  it("prunes folders that cannot lead to a match", () => {
    const glob = compileGlob("r/-/f.star/@r*/deploy/*");
    assert.ok(glob.mayMatchBelow(["r", "-", "f.star", "@r1"]));
    assert.ok(!glob.mayMatchBelow(["r", "-", "f.star", "@v1"]));
    assert.ok(!glob.mayMatchBelow(["r", "-", "f.star", "@r1", "task"]));
    assert.ok(!glob.mayMatchBelow(["r", "-", "f.star", "@r1", "deploy", "eu"]));
  });

  it("reads no other release where `**` leads to one", () => {
    const may = (glob: string, path: string) => compileGlob(glob).mayMatchBelow(path === "" ? [] : path.split("/"));
    const suffix = "**/@r5/deploy/e3";
    for (const path of ["", "r", "r/-", "r/-/a/f.star", "r/-/f.star/@r5", "r/-/f.star/@r5/deploy"])
      assert.ok(may(suffix, path), path);
    for (const path of [
      "@",
      "@/environment",
      "r/-/f.star/@",
      "r/-/f.star/@r50",
      "r/-/f.star/@r5/task",
      "r/-/f.star/@r5/deploy/e3",
      "r/-/f.star/@r5/deploy/e4",
    ])
      assert.ok(!may(suffix, path), path);
    assert.ok(may("r/**/@{1,v2}/**", "r/-/f/@v2/task") && may("**/@5/**", "r/-/f/@r5/task/a/1"));
    assert.ok(!may("r/**/@v*/**", "r/-/f/@r1") && !may("x/**/@r1/**", "r/-"));
    assert.ok(may("**/deploy/*", "r/-/f/@r1") && may("**/{@r1,@r2}/task", "r/-/f/@r7"), "no release is named");
    assert.ok(may("**/@*/deploy/e3", "r/-/f/@r1/deploy") && !may("**/@*/deploy/e3", "r/-/f/@r1/task"));
  });

  it("never prunes what matches, and never throws", () => {
    const part = fc.constantFrom(
      "a",
      "b",
      "*",
      "**",
      "?",
      "{a,b}",
      "[ab]",
      "@",
      "@r1",
      "@*",
      "+",
      "a*",
      "{a/b,c}",
      "(",
      "[",
      "{",
      "}",
      "\\",
      "!",
    );
    const path = fc
      .array(fc.constantFrom("a", "b", "c", "ab", "@", "@r1", "+"), { minLength: 1, maxLength: 4 })
      // As refs are: one segment at most begins with `@`.
      .filter((segments) => segments.filter((each) => each.startsWith("@")).length <= 1);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), path, (parts, segments) => {
        const glob = compileGlob(parts.join("/"));
        if (!glob.matches(segments.join("/"))) return;
        for (let length = 1; length < segments.length; length++)
          assert.ok(glob.mayMatchBelow(segments.slice(0, length)));
        assert.ok(segments.join("/").startsWith(glob.prefix));
      }),
      { numRuns: 3000 },
    );
  });
});
