import assert from "node:assert/strict";
import { isAbsolutePath, pathBelow, withSlashes } from "../src/model/filePaths.ts";

describe("Paths of files", () => {
  it("are below a folder by whole names", () => {
    assert.equal(pathBelow("/w/shop", "/w/shop/a/b.star"), "a/b.star");
    assert.equal(pathBelow("/w/shop/", "/w/shop/a.star"), "a.star");
    assert.equal(pathBelow("/", "/a.star"), "a.star");
    assert.equal(pathBelow("/w/shop", "/w/shopping/a.star"), undefined);
    assert.equal(pathBelow("/w/shop", "/w/shop"), undefined);
    assert.equal(pathBelow("/w/Shop", "/w/shop/a.star"), undefined);
  });

  it("are on the same drive, however its letter is written", () => {
    assert.equal(pathBelow("/C:/w/shop", "/c:/w/shop/a.star"), "a.star");
    assert.equal(pathBelow("/c:/w", "/C:/w/Shop/a.star"), "Shop/a.star");
    assert.equal(pathBelow("/c:/", "/C:/a.star"), "a.star");
    assert.equal(pathBelow("/c:/w", "/d:/w/a.star"), undefined);
  });

  it("need no folder when they are absolute, on any system", () => {
    for (const path of ["/x", "C:\\x", "c:/x", "\\\\server\\share\\x"]) assert.ok(isAbsolutePath(path), path);
    for (const path of ["x", "./x", "C:x", "\\x", "~/x", ""]) assert.ok(!isAbsolutePath(path), path);
    assert.equal(withSlashes("frontend\\release.ocu.star"), "frontend/release.ocu.star");
  });
});
