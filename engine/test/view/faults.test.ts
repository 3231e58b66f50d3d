/** What fails beside the pages and answers themselves. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { RpcConnection } from "../../src/mcp/rpc.ts";
import type { StoreReader } from "../../src/state/store.ts";
import { LocalServer } from "../../src/view/localServer.ts";
import { startView } from "../../src/view/server.ts";

const never = () => assert.fail("nothing is to go wrong here");

describe("servers of the command, when something fails", () => {
  it("an answer that cannot be sent is told of, and ends nothing", async () => {
    const told: unknown[] = [];
    const connection = new RpcConnection({
      request: async () => ({}),
      notify: () => {},
      send: () => {
        throw new Error("stdout is gone");
      },
      onError: (error) => told.push(error),
    });
    connection.receive('{"jsonrpc": "2.0", "id": 1, "method": "ping"}');
    await connection.settled();
    assert.match(String(told), /stdout is gone/);
  });

  it("a view whose stores cannot be watched gives back its port and what it watches", async () => {
    const port = await freePort();
    let watches = 0;
    const state = reader({
      watch: async () => {
        watches++;
        return { close: async () => void watches-- };
      },
    });
    const intent = reader({ watch: () => Promise.reject(new Error("no watches left")) });
    const folders = { state: "s", intent: "i" };
    await assert.rejects(startView({ name: "r", state, intent, folders, port, onError: never }), /no watches left/);
    assert.equal(watches, 0);
    assert.equal(await canListen(port), true);
  });

  it("search reads the refs again that could not be read before", async () => {
    const told: unknown[] = [];
    let asked = 0;
    const state = reader({
      match: async () => {
        asked++;
        if (asked === 1) throw new Error("the disk is away");
        return ["r/-/a.ocu.star/@r1"];
      },
    });
    const folders = { state: "s", intent: "i" };
    const view = await startView({
      name: "r",
      state,
      intent: reader({}),
      folders,
      port: 0,
      onError: (e) => told.push(e),
    });
    try {
      const search = () => fetch(`${view.url}search?q=a.ocu`);
      assert.equal((await search()).status, 500);
      const { status, url } = await search();
      assert.ok(asked > 1, `${status} ${url}: the refs were not read again`);
      assert.match(String(told), /the disk is away/);
    } finally {
      await view.close();
    }
  });

  it("a change while the server ends is told to nobody", async () => {
    const server = new LocalServer({
      subject: "x",
      port: 0,
      onError: never,
      answer: async () => ({ type: "a/b", text: "" }),
    });
    await server.start();
    const events = await fetch(`${server.url}events`);
    const reading = events.text().catch(() => "");
    const closing = server.close();
    server.tell("all");
    await closing;
    assert.doesNotMatch(await reading, /event: change/);
  });
});

/** A store with nothing in it, but for what is given. */
function reader(own: Partial<StoreReader>): StoreReader {
  return {
    read: async () => undefined,
    resolve: async () => undefined,
    match: async () => [],
    children: async () => [],
    watch: async () => ({ close: async () => {} }),
    close: async () => {},
    ...own,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
