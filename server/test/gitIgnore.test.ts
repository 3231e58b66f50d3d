import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitIgnore } from "../src/workspace/gitIgnore.ts";

const files: readonly (readonly string[])[] = [
  ["bin"],
  ["/bin/"],
  ["# made", "*.o", "!kept.o", "", "build/", "!build/a"],
  ["lib/*.a", "lib/**/b"],
  ["**/b", "!a/b"],
  ["a/**", "!a/b"],
  ["a/**/b"],
  ["[ab].o", "[!ab]c", "[b-c]?"],
  ["\\#a", "\\!b", "a\\*", "b c", "trailing  ", "kept\\ "],
  ["*", "!*/", "!*.o"],
  ["a*b*c", "?", "**"],
];

const paths =
  "a b c bin a/b b/a a/b/c a/x/b a/x/y/b bin/a x/bin x/bin/a a.o x/b.o kept.o x/kept.o build build/a build/x/a lib/a.a lib/x/a.a lib/b lib/x/b ac bc cc ba ca #a !b a* ab aXbYc a/b/bin/c trailing kept abc.o lib/a.o".split(
    " ",
  );

describe("what git ignores", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ocuroot-ignore-"));
    assert.equal(spawnSync("git", ["init", "-q", folder]).status, 0);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const lines of files) {
    it(`is what it says itself of ${JSON.stringify(lines)}`, () => {
      const text = `${lines.join("\n")}\n`;
      writeFileSync(join(folder, ".gitignore"), text);
      const asked = { cwd: folder, input: [...paths, "b c", "kept "].join("\0"), encoding: "utf8" } as const;
      const { stdout } = spawnSync("git", ["check-ignore", "--no-index", "--stdin", "-z"], asked);
      const ignored = stdout.split("\0").filter((path) => path !== "");
      assert.ok(ignored.length > 0, "some path is ignored");
      const ours = new GitIgnore(text);
      const found = [...paths, "b c", "kept "].filter((path) => ours.ignores(path) === true);
      assert.deepEqual(found.sort(), ignored.sort());
    });
  }

  it("is found in no time, whatever the pattern", () => {
    const ignores = (pattern: string, path: string) => new GitIgnore(pattern).ignores(path);
    assert.equal(ignores(`${"*a".repeat(90)}b`, "a".repeat(250)), undefined);
    assert.equal(ignores(`${"*a".repeat(90)}b`, `${"a".repeat(250)}b`), true);
    assert.equal(ignores(`${"**/".repeat(60)}x`, `${"a/".repeat(200)}y`), undefined);
    assert.equal(ignores(`${"**/".repeat(60)}x`, `${"a/".repeat(200)}x`), true);
    assert.equal(ignores("a[z-a]b", "ab"), undefined);
  });
});
