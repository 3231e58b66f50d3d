import assert from "node:assert/strict";
import type { JsonValue } from "../../src/json/json.ts";
import type { RunInputs } from "../../src/release/documents.ts";
import { changedInputs, type Deployment, producerKey, producersOf } from "../../src/work/changes.ts";
import type { WorkItem } from "../../src/work/items.ts";
import { selectFiles } from "../../src/work/push.ts";
import { triggersFor } from "../../src/work/trigger.ts";

const place = { repo: "r", file: "a.ocu.star" };

function deployment(...inputs: RunInputs[]): Deployment {
  const [key, release] = ["r/-/a.ocu.star deploy/eu", "r/-/a.ocu.star/@r1"];
  const at = { key, place, environment: "eu", ref: `${release}/deploy/eu`, release, commit: "c" };
  return { ...at, type: "up", inputs, attempt: 1, latest: "complete" };
}

describe("changed inputs", () => {
  const now: Record<string, JsonValue> = { "@/custom/x": { b: 1, a: [2] }, "r/-/b.star/@/deploy/eu#output/v": 2 };
  const read = async (ref: string) => (ref in now ? { value: now[ref] as JsonValue } : undefined);
  const changed = (inputs: RunInputs, fedBack: readonly string[] = []) =>
    changedInputs(deployment(inputs), read, async (producer) => fedBack.includes(producer));

  it("are those with a ref whose value is another one", async () => {
    assert.deepEqual(await changed({ x: { ref: "@/custom/x", value: { a: [2], b: 1 } } }), []);
    assert.deepEqual(await changed({ x: { ref: "@/custom/x", value: { a: [2], b: 2 } } }), ["x"]);
    assert.deepEqual(await changed({ x: { value: 1 }, y: { default: 1, value: 1 } }), []);
  });

  it("go back to the default when the ref is gone, and stay without one", async () => {
    assert.deepEqual(await changed({ x: { ref: "@/custom/gone", value: 1 } }), []);
    assert.deepEqual(await changed({ x: { ref: "@/custom/gone", default: 1, value: 1 } }), []);
    assert.deepEqual(await changed({ x: { ref: "@/custom/gone", default: null, value: 1 } }), ["x"]);
  });

  it("are not those that lead back", async () => {
    const inputs = { v: { ref: "r/-/b.star/@/deploy/eu#output/v", value: 1 } };
    assert.deepEqual(await changed(inputs), ["v"]);
    assert.deepEqual(await changed(inputs, ["r/-/b.star deploy/eu"]), []);
  });

  it("may be of a function further along", async () => {
    const chain = deployment({ x: { value: 1 } }, { v: { ref: "@/custom/x", value: 1 } });
    assert.deepEqual(await changedInputs(chain, read, async () => false), ["v"]);
  });

  it("know the deployment that they come from", () => {
    assert.equal(producerKey("g.com/o/r/-/x/b.star/@r2/deploy/eu#output/a/b"), "g.com/o/r/-/x/b.star deploy/eu");
    assert.equal(producerKey("r/-/b.star/@/task/build#output/v"), undefined);
    assert.equal(producerKey("@/environment/eu"), undefined);
    const ref = "r/-/b.star/@/deploy/eu#output/v";
    assert.deepEqual(producersOf(deployment({ a: { ref }, b: { ref } }, { c: { value: 1 } })), [
      "r/-/b.star deploy/eu",
    ]);
  });
});

describe("the files of a push", () => {
  const files = ["a.ocu.star", "repo.ocu.star", "x/b.ocu.star", "x/repo.ocu.star", "lib.star", "x/c.txt"];
  const select = async (
    changed: readonly string[] | undefined,
    watch: readonly string[] = [],
    ignore: string[] = [],
  ) => {
    const watched = async (file: string) => (file === "x/b.ocu.star" ? watch : []);
    return (await selectFiles({ files, changed, ignore, watched })).map(({ file, because }) => `${file} ${because}`);
  };

  it("are all package files at first, but those ignored", async () => {
    assert.deepEqual(await select(undefined), ["a.ocu.star new", "x/b.ocu.star new"]);
    assert.deepEqual(await select(undefined, [], ["**/b.*"]), ["a.ocu.star new"]);
  });

  it("are those that changed, and those that watch what changed", async () => {
    assert.deepEqual(await select(["a.ocu.star", "lib.star", "repo.ocu.star"]), ["a.ocu.star a.ocu.star"]);
    assert.deepEqual(await select(["lib/deep/y"], ["../lib"]), ["x/b.ocu.star lib/deep/y"]);
    assert.deepEqual(await select(["library/y"], ["../lib"]), []);
    assert.deepEqual(await select(["x/go.mod"], ["./go.mod"]), ["x/b.ocu.star x/go.mod"]);
    assert.deepEqual(await select(["lib/y"], ["//lib/"]), ["x/b.ocu.star lib/y"]);
    assert.deepEqual(await select(["x/src/m.go"], ["src/*.go"]), ["x/b.ocu.star x/src/m.go"]);
    assert.deepEqual(await select(["x/z"], ["."]), ["x/b.ocu.star x/z"]);
    assert.deepEqual(await select(["z"], [".."]), ["x/b.ocu.star z"]);
  });
});

describe("triggers", () => {
  const run = (repo: string, commit: string): WorkItem => ({
    workType: "op",
    ref: `${repo}/-/a.ocu.star/@r1/op/check_envs`,
    place: { repo, file: "a.ocu.star" },
    release: `${repo}/-/a.ocu.star/@r1`,
    commit,
  });
  const global: WorkItem = { workType: "create", ref: "@/custom/x", commit: "", repo: undefined, needsSource: false };

  it("are one for each repository and commit, and somebody's for what is global", () => {
    const found = triggersFor([run("a", "1"), run("a", "1"), run("a", "2"), run("b", "1"), global], {
      repo: "b",
      commit: "9",
    });
    const shown = found.map(({ repo, commit, items }) => `${repo} ${commit} ${items.length}`);
    assert.deepEqual(shown, ["a 1 2", "a 2 1", "b 1 1", "b 9 1"]);
    assert.deepEqual(triggersFor([global], undefined), []);
  });
});
