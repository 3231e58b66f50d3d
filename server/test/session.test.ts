import assert from "node:assert/strict";
import { join } from "node:path";
import { openFileStore } from "@ocuroot/engine";
import { Dispatcher } from "../src/connection/dispatch.ts";
import { uriOfPath } from "../src/paths.ts";
import { Session } from "../src/session.ts";
import { DiskLanes } from "../src/state/diskLanes.ts";
import { RepositoryStore } from "../src/state/repositoryStore.ts";
import { loadParser, makeFolder } from "./harness.ts";

/** Keeps what was set off in the background, so that a test can wait for it. */
class RecordingDispatcher extends Dispatcher {
  readonly started: Promise<void>[] = [];
  readonly failures: string[];

  constructor() {
    const failures: string[] = [];
    super({ error: (message) => failures.push(message), warn: (message) => failures.push(message) });
    this.failures = failures;
  }

  override run(what: string, work: () => void | Promise<void>, uri?: string): void {
    super.run(
      what,
      () => {
        const pending = Promise.resolve(work());
        this.started.push(pending);
        return pending;
      },
      uri,
    );
  }

  async idle(): Promise<void> {
    while (this.started.length > 0) await this.started.shift();
  }
}

const watches = (): number => process.getActiveResourcesInfo().filter((each) => each === "FSEventWrap").length;

/** The system lets go of a watch a moment after it was closed. */
async function until(test: () => boolean): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!test()) {
    assert.ok(Date.now() < deadline, "a watch is left");
    await new Promise(setImmediate);
  }
}

async function makeSession(
  stateChanged: (repositories: readonly string[]) => void = () => {},
): Promise<{ session: Session; dispatcher: RecordingDispatcher }> {
  const dispatcher = new RecordingDispatcher();
  const nothing = (): void => {};
  const session = new Session({
    parser: await loadParser(),
    dispatcher,
    sendDiagnostics: nothing,
    graphChanged: nothing,
    stateChanged,
  });
  return { session, dispatcher };
}

describe("a session's end", () => {
  it("closes the stores it has opened", async () => {
    const before = watches();
    const { session, dispatcher } = await makeSession();
    await session.addFolders([uriOfPath(makeFolder({ "repo.ocu.star": 'repo_alias("a")\n' }))]);
    await dispatcher.idle();
    assert.ok(watches() > before, "a store that is followed is watched");
    await session.dispose();
    await until(() => watches() <= before);
    assert.deepEqual(dispatcher.failures, []);
  });

  it("opens no store for a folder whose listing ends after it", async () => {
    const before = watches();
    const { session, dispatcher } = await makeSession();
    const listed = session.addFolders([uriOfPath(makeFolder({ "repo.ocu.star": 'repo_alias("a")\n' }))]);
    await session.dispose();
    await listed;
    await dispatcher.idle();
    await until(() => watches() <= before);
    assert.deepEqual(dispatcher.failures, []);
  });
});

describe("the store of a repository", () => {
  it("goes on being known while another configuration of it is read", async () => {
    const root = makeFolder({ "repo.ocu.star": "" });
    const path = ".ocuroot/store";
    const writer = await openFileStore(join(root, path, "state"), { kind: "state" });
    await writer.transact("environments", (tx) => {
      tx.set("@/environment/eu", "environment", { name: "eu", attributes: {} });
    });
    await writer.close();
    const dispatcher = new RecordingDispatcher();
    const store = new RepositoryStore({ disk: new DiskLanes().lane(), root, dispatcher, changed: () => {} });
    const stores = { state: { kind: "fs", path }, isDefault: false } as const;
    await store.open({ alias: "first", stores });
    for (const alias of ["second", "third"]) {
      let isOpen = false;
      const opening = store.open({ alias, stores }).then(() => {
        isOpen = true;
      });
      while (!isOpen) {
        assert.ok(store.state !== undefined, "the store is gone");
        assert.deepEqual(
          store.view.environments?.map((each) => each.name),
          ["eu"],
        );
        await new Promise(setImmediate);
      }
      await opening;
      assert.equal(store.name, alias);
    }
    await store.dispose();
    assert.equal(store.state, undefined);
  });

  it("is the one that was named last: one that is still being read is given up", async () => {
    const root = makeFolder({ "repo.ocu.star": "" });
    for (const name of ["one", "two"]) {
      const writer = await openFileStore(join(root, name, "state"), { kind: "state" });
      await writer.transact("environments", (tx) => {
        tx.set(`@/environment/${name}`, "environment", { name, attributes: {} });
      });
      await writer.close();
    }
    let changes = 0;
    const store = new RepositoryStore({
      disk: new DiskLanes().lane(),
      root,
      dispatcher: new RecordingDispatcher(),
      changed: () => changes++,
    });
    const open = (path: string) =>
      store.open({ alias: path, stores: { state: { kind: "fs", path }, isDefault: false } });
    await Promise.all([open("one"), open("two"), open("one"), open("two")]);
    assert.deepEqual(
      store.view.environments?.map((each) => each.name),
      ["two"],
    );
    assert.equal(store.name, "two");
    assert.equal(changes, 1, "nothing is announced of those that were given up");
    void open("one");
    await store.dispose();
    assert.equal(changes, 1);
  });
});

describe("folders of a session", () => {
  it("are listed before changes in them are looked at", async () => {
    const { session, dispatcher } = await makeSession();
    const folder = makeFolder({ "repo.ocu.star": "", "a.star": "" });
    void session.addFolders([uriOfPath(folder)]);
    await session.filesChanged([uriOfPath(`${folder}/a.star`)]);
    assert.deepEqual(
      session.workspace.repositories.map(({ root }) => root),
      [folder],
    );
    await dispatcher.idle();
    await session.dispose();
  });

  it("are told of when they come, and when they go", async () => {
    const told: (readonly string[])[] = [];
    const { session, dispatcher } = await makeSession((repositories) => told.push(repositories));
    const uri = uriOfPath(makeFolder({ "repo.ocu.star": "" }));
    await session.addFolders([uri]);
    assert.deepEqual(told[0], [uri]);
    await dispatcher.idle();
    await session.removeFolders([uri]);
    assert.deepEqual(told.at(-1), []);
    await session.dispose();
  });
});
