import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "@ocuroot/engine";
import type { Diagnostic } from "vscode-languageserver-protocol";
import type { ReleasesResult } from "../src/protocol/index.ts";
import { makeFolder } from "./harness.ts";
import { RawClient, type RawMessage } from "./rawClient.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
/** Not on Windows, and not where only root gets at Node or at the folder of the tests. */
const isPossible =
  process.platform !== "win32" &&
  (!isRoot ||
    spawnSync(process.execPath, ["-e", `fs.readdirSync(${JSON.stringify(tmpdir())})`], { uid: nobody }).status === 0);
const main = `load("./private/lib.star", "help")
load("./secret.star", "other")

def build():
    host.shell("./private/run.sh && ../private/run.sh")
    help(other)
    return done(outputs={"tag": "1"}, watch=["private/x"])

task(build, name="build")
task(build, name="next", inputs={"a": ref("./-/private/release.ocu.star/@/task/x#output/y"), "b": ref("@/custom/c")})
`;
const files = {
  "repo.ocu.star": 'repo_alias("a")\n',
  "main.ocu.star": main,
  "private/lib.star": "def help(x):\n    pass\n",
  "private/release.ocu.star": "",
  "private/run.sh": "",
  "secret.star": "other = 1\n",
  "open/lib.star": "",
};

describe("files and folders without permission", function () {
  this.timeout(30_000);
  let client: RawClient | undefined;
  const closed: string[] = [];

  afterEach(() => {
    client?.kill();
    for (const path of closed.splice(0)) chmodSync(path, 0o755);
  });

  /** A server that may read as little as a usual user: root reads everything. */
  async function start(folder: string): Promise<RawClient> {
    if (isRoot) open(folder);
    client = await RawClient.initialized(
      folder,
      { initializationOptions: { trusted: true } },
      isRoot ? nobody : undefined,
    );
    return client;
  }

  /** Lets others look into the test's folder, and into what is beside it. */
  function open(folder: string): void {
    for (const each of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const path = join(folder, each);
      if (!closed.includes(path)) chmodSync(path, statSync(path).mode | 0o055);
      chownSync(path, 0, 0);
    }
    chmodSync(folder, 0o755);
  }

  function close(path: string): void {
    closed.push(path);
    chmodSync(path, 0);
  }

  const told = (all: readonly RawMessage[]): string[] =>
    all.flatMap(({ method, params }) =>
      method === "window/showMessage" || method === "window/logMessage" ? [String(params?.message)] : [],
    );

  it("are told of once; nothing in them is called missing, and every request is answered", async () => {
    if (!isPossible) return;
    const folder = makeFolder(files);
    close(join(folder, "secret.star"));
    close(join(folder, "private"));
    const server = await start(folder);
    const uri = `file://${folder}/main.ocu.star`;
    server.notify("textDocument/didOpen", { textDocument: { uri, languageId: "ocuroot", version: 1, text: main } });
    const message = await server.find(
      ({ method, params }) => method === "window/showMessage" && /No permission/.test(String(params?.message)),
      "the message",
    );
    assert.equal(message.params?.type, 2);
    assert.match(
      String(message.params?.message),
      /^No permission to read `private`, `secret.star` in .*: what is there/,
    );
    const published = (await server.find(
      ({ method, params }) => method === "textDocument/publishDiagnostics" && params?.uri === uri,
      "diagnostics",
    )) as { params: { diagnostics: Diagnostic[] } };
    const alarms = /missing|unknown-file/;
    assert.deepEqual(
      published.params.diagnostics.filter((each) => alarms.test(String(each.code))),
      [],
    );
    // Changes of all kinds: nothing is said twice.
    const changes = ["private", "secret.star", "open/lib.star", "private/lib.star", ""].map((path) => ({
      uri: `file://${folder}/${path}`,
      type: 2,
    }));
    server.notify("workspace/didChangeWatchedFiles", { changes });
    const pulled = await server.request("workspace/diagnostic", { previousResultIds: [] });
    assert.equal(pulled.error, undefined);
    assert.doesNotMatch(JSON.stringify(pulled.result), alarms);
    for (const [method, params] of Object.entries({
      "workspace/symbol": { query: "" },
      "ocuroot/releases": { limit: 5 },
      "ocuroot/dependencyGraph": {},
      "ocuroot/convertSpellings": {},
      "ocuroot/pushEffects": { uri: `file://${folder}/private/x` },
      "ocuroot/whereIsCommit": { uri },
      "ocuroot/lastOutput": { uri },
      "textDocument/completion": { textDocument: { uri }, position: { line: 0, character: 16 } },
      "textDocument/definition": { textDocument: { uri }, position: { line: 0, character: 16 } },
      "textDocument/documentLink": { textDocument: { uri } },
      "textDocument/hover": { textDocument: { uri }, position: { line: 5, character: 6 } },
    })) {
      const { error } = await server.request(method, params);
      assert.equal(error, undefined, method);
    }
    assert.equal(told(server.messages).filter((each) => /No permission/.test(each)).length, 1);
    assert.deepEqual(
      told(server.messages).filter((each) => !/No permission/.test(each)),
      [],
    );
  });

  it("are seen when they may be read again", async () => {
    if (!isPossible) return;
    const folder = makeFolder(files);
    const path = join(folder, "private");
    close(path);
    const server = await start(folder);
    const ask = async (): Promise<string> =>
      JSON.stringify((await server.request("workspace/symbol", { query: "help" })).result);
    assert.equal(await ask(), "[]");
    chmodSync(path, 0o755);
    server.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: `file://${path}`, type: 2 }] });
    while (!(await ask()).includes("private/lib.star"));
    // A folder alone holds nothing of the user's that is looked at: it is no reason for a notification.
    assert.ok(!server.messages.some(({ method }) => method === "window/showMessage"));
    assert.equal(told(server.messages).filter((each) => /No permission/.test(each)).length, 1);
  });

  it("say so when it is the state, or the whole repository", async () => {
    if (!isPossible) return;
    const folder = makeFolder(files);
    const store = join(folder, ".ocuroot/store/state");
    const writer = await openFileStore(store, { kind: "state" });
    await writer.transact("one", (tx) => tx.set("@/environment/eu", "environment", { name: "eu", attributes: {} }));
    await writer.close();
    if (isRoot) open(folder);
    close(join(store, "refs"));
    const server = await start(folder);
    for (;;) {
      const { result, error } = await server.request("ocuroot/releases", { limit: 5 });
      assert.equal(error, undefined);
      const { repositories } = result as ReleasesResult;
      if (/may not be read|permission/i.test(repositories[0]?.problem ?? "")) break;
    }
    server.kill();
    const other = makeFolder(files);
    close(other);
    client = await RawClient.initialized(other, {}, isRoot ? nobody : undefined);
    const message = await client.find(({ method }) => method === "window/showMessage", "the message");
    assert.match(String(message.params?.message), /No permission to read `.*`: what/);
  });
});
