import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { repositoryName, repositoryNameFromUrl } from "../../src/package/repositoryName.ts";

describe("repository names", () => {
  const names: Record<string, string> = {
    "git@github.com:a/b.git": "github.com/a/b",
    "https://github.com/a/b.git": "github.com/a/b",
    "https://github.com/a/b": "github.com/a/b",
    "https://github.com/a/b/": "github.com/a/b",
    "https://GitHub.com/A/b.git": "github.com/A/b",
    "https://user:t0k:en@github.com/a/b.git": "github.com/a/b",
    "https://user:p@ss@github.com/a/b.git": "github.com/a/b",
    "ssh://git@github.com:2222/a/b.git": "github.com/a/b",
    "github.com:a/b.git": "github.com/a/b",
    "https://gitlab.com/group/sub/repo.git": "gitlab.com/group/sub/repo",
    "file:///srv/git/shop.git": "srv/git/shop",
    "/srv/git/shop.git": "srv/git/shop",
    "../shop.git": "shop",
    "C:\\repos\\shop": "C:/repos/shop",
    "https://gitlab.com/a/-/b.git": "gitlab.com/a/b",
    "  https://github.com/a/b.git\n": "github.com/a/b",
    "": "",
  };
  for (const [url, name] of Object.entries(names)) {
    it(`reads ${JSON.stringify(url)} as ${JSON.stringify(name)}`, () => {
      assert.equal(repositoryNameFromUrl(url), name);
    });
  }

  it("prefers the alias, then the override, then origin, then the folder", () => {
    const naming = { folder: "f", originUrl: "https://h/o.git", urlOverride: "https://h/v.git", alias: "a" };
    assert.equal(repositoryName(naming), "a");
    assert.equal(repositoryName({ ...naming, alias: "" }), "h/v");
    assert.equal(repositoryName({ folder: "f", originUrl: "https://h/o.git" }), "h/o");
    assert.equal(repositoryName({ folder: "f", originUrl: "" }), "f");
    assert.equal(repositoryName({ folder: "f" }), "f");
  });
});
