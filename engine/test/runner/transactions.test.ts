/** What is written together (spec 4.1, 4.2): a release with all that belongs to it, the start of a run, its end. */
import assert from "node:assert/strict";
import type { Store, Transaction } from "../../src/state/store.ts";
import { deploy, failed, package_, ScriptedRelease, task } from "./scripted.ts";

/** The store; what each of its transactions asks for is noted. */
function noted(store: Store, log: string[][]): Store {
  const transact: Store["transact"] = (message, build) =>
    store.transact(message, async (tx) => {
      const own: string[] = [];
      const note =
        (kind: keyof Transaction) =>
        (ref: string, ...rest: never[]) => {
          own.push(`${kind} ${ref}`);
          (tx[kind] as (...args: unknown[]) => void)(ref, ...rest);
        };
      const result = await build({
        set: note("set"),
        delete: note("delete"),
        link: note("link"),
        unlink: note("unlink"),
      });
      log.push(own.sort());
      return result;
    });
  return new Proxy(store, {
    get: (target, key: keyof Store) => {
      const value = target[key];
      return key === "transact" ? transact : typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("what is written together", () => {
  let scripted: ScriptedRelease;
  let state: string[][];
  let intent: string[][];
  beforeEach(async () => {
    scripted = await new ScriptedRelease().open();
    const environment = { name: "eu", attributes: {} };
    await scripted.repository.state.transact("env", (tx) => tx.set("@/environment/eu", "environment", environment));
    [state, intent] = [[], []];
    scripted.repository = {
      ...scripted.repository,
      state: noted(scripted.repository.state, state),
      intent: noted(scripted.repository.intent, intent),
    };
  });
  afterEach(() => scripted.close());
  const release = `${package_}/@r1`;

  it("is a release with its marker, its configuration and its pending runs (4.1)", async () => {
    await scripted.create([[task("a"), task("b")], [deploy("eu", {})]]);
    const runs = ["task/a/1", "task/b/1", "deploy/eu/1"].map((run) => `${release}/${run}`);
    const expected = [
      `set ${release}`,
      `set ${release}/commit/c0ffee`,
      "set shop/-/repo.ocu.star/@c0ffee",
      "link shop/-/repo.ocu.star/@",
      ...runs.flatMap((run) => [`set ${run}`, `set ${run}/status/pending`]),
    ];
    assert.deepEqual(state, [expected.sort()]);
    assert.deepEqual(intent, []);
  });

  it("is the start of a run; intent says so before its function is called (4.2)", async () => {
    await scripted.create([[deploy("eu", {})]]);
    const run = `${release}/deploy/eu/1`;
    const seen: unknown[] = [];
    state.splice(0);
    scripted.functions.set("up", async () => {
      seen.push([...state], [...intent]);
      return undefined;
    });
    await scripted.execution(release).run();
    const start = [`set ${run}`, `delete ${run}/status/pending`, `set ${run}/status/running`].sort();
    assert.deepEqual(seen, [[start], [[`set ${package_}/@/deploy/eu`]]]);
  });

  it("is the end of a run: outputs, log, status, result, link and tags (4.2)", async () => {
    await scripted.create([[task("a")]]);
    scripted.functions.set("a", (_, onLine) => {
      onLine("print", "hello");
      return { kind: "done", outputs: { n: 1 }, tags: ["v1"] };
    });
    await scripted.execution(release).run();
    const run = `${release}/task/a/1`;
    const end = [
      `set ${run}`,
      `set ${run}/logs`,
      `delete ${run}/status/running`,
      `set ${run}/status/complete`,
      `set ${release}/task/a`,
      `link ${package_}/@/task/a`,
      `link ${package_}/@v1`,
    ];
    assert.deepEqual(state.at(-1), end.sort());
  });

  it("of a run that failed has no result, and no link (4.2)", async () => {
    await scripted.create([[task("a")]]);
    scripted.functions.set("a", () => failed("no"));
    await scripted.execution(release).run();
    const run = `${release}/task/a/1`;
    assert.deepEqual(state.at(-1), [`delete ${run}/status/running`, `set ${run}`, `set ${run}/status/failed`]);
  });
});
