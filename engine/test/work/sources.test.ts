import assert from "node:assert/strict";
import { hasCommit } from "../../src/work/git.ts";
import { fetchCommit } from "../../src/work/sources.ts";
import { Sandbox } from "../cli/sandbox.ts";

describe("fetching a commit", () => {
  const sandboxes: Sandbox[] = [];
  const create = () => {
    const sandbox = Sandbox.create({ x: "1" });
    sandboxes.push(sandbox);
    return sandbox;
  };
  after(() => {
    for (const sandbox of sandboxes) sandbox.remove();
  });

  it("finds it in the checkout's own remotes or in others, and leaves no names behind", async () => {
    const remote = create();
    remote.git("checkout", "-q", "-b", "side");
    remote.write("y", "");
    const commit = remote.commit();
    remote.write("y", "2");
    remote.commit();
    // What an older server does.
    remote.git("config", "uploadpack.allowAnySHA1InWant", "false");
    const own = create();
    own.git("remote", "add", "origin", remote.root);
    assert.ok(await fetchCommit(own.root, commit, []));
    const other = create();
    assert.ok(!(await fetchCommit(other.root, commit, ["/nowhere"])));
    assert.ok(await fetchCommit(other.root, commit, ["/nowhere", remote.root]));
    assert.ok(await hasCommit(other.root, commit));
    assert.match(other.git("for-each-ref"), /^\S+ commit\trefs\/heads\/main$/);
  });
});
