import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uriOfPath } from "../src/paths.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

const loading = 'load("./lib/shared.star", "helper")\n\nhelper()\n';
/** Nothing is called missing before the folder is listed. */
const alsoMissing = `load("./nowhere.star", "nothing")\n\nnothing()\n${loading}`;
const helper = "def helper():\n    pass\n";

/** A client that does not send events of watched files. */
const unwatched = { capabilities: { workspace: { didChangeWatchedFiles: {} } }, trusted: false };

describe("files on disk", () => {
  const clients: TestClient[] = [];

  async function start(
    folder: string,
    options: Parameters<typeof TestClient.start>[1] = unwatched,
  ): Promise<TestClient> {
    const client = await TestClient.start(folder, options);
    clients.push(client);
    return client;
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) {
      assert.deepEqual(client.logged, []);
      await client.stop();
    }
  });

  const codesOf = (codes: readonly string[]) => (found: readonly { code?: unknown }[]) =>
    JSON.stringify(found.map((each) => each.code)) === JSON.stringify(codes);

  it("are followed without the client's help: files and folders that come, change and go", async () => {
    const folder = makeFolder({ "repo.ocu.star": "" });
    const client = await start(folder);
    const uri = await client.open(join(folder, "release.ocu.star"), loading);
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, "lib/shared.star"), helper);
    await client.diagnosticsOf(uri, codesOf([]));
    writeFileSync(join(folder, "lib/shared.star"), "def other():\n    pass\n");
    await client.diagnosticsOf(uri, codesOf(["load/missing-symbol"]));
    writeFileSync(join(folder, "lib/shared.star"), helper);
    await client.diagnosticsOf(uri, codesOf([]));
    renameSync(join(folder, "lib"), join(folder, "away"));
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
    renameSync(join(folder, "away"), join(folder, "lib"));
    await client.diagnosticsOf(uri, codesOf([]));
    rmSync(join(folder, "lib"), { recursive: true });
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
  });

  it("belong to the repository above, also beside a folder that is called repo.ocu.star", async () => {
    const folder = makeFolder({ "repo.ocu.star": "", "lib/shared.star": helper, "app/repo.ocu.star/@r1/x.json": "{}" });
    const client = await start(join(folder, "app"));
    const text = 'load("../lib/shared.star", "helper")\nload("../lib/none.star", "none")\n\nhelper()\nnone()\n';
    const uri = await client.open(join(folder, "app/release.ocu.star"), text);
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
  });

  it("give way to unsaved text, and come back when it is closed", async () => {
    const folder = makeFolder({ "repo.ocu.star": "", "lib/shared.star": helper });
    const client = await start(folder);
    const uri = await client.open(join(folder, "release.ocu.star"), loading);
    await client.diagnosticsOf(uri, codesOf([]));
    const module = await client.open(join(folder, "lib/shared.star"), "def other():\n    pass\n");
    await client.diagnosticsOf(uri, codesOf(["load/missing-symbol"]));
    // What is on disk does not matter while the file is open.
    writeFileSync(join(folder, "lib/shared.star"), `${helper}\n\n`);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: module } });
    await client.diagnosticsOf(uri, codesOf([]));
  });

  it("are found once through links, also when links make a circle", async () => {
    const folder = makeFolder({ "repo.ocu.star": "", "real/shared.star": helper, "real/deep/x.star": "" });
    symlinkSync(join(folder, "real"), join(folder, "lib"));
    symlinkSync(folder, join(folder, "real/up"));
    symlinkSync(join(folder, "lib"), join(folder, "real/deep/again"));
    symlinkSync("nowhere", join(folder, "broken.star"));
    symlinkSync("self", join(folder, "self"));
    const client = await start(folder);
    const uri = await client.open(join(folder, "release.ocu.star"), alsoMissing);
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
  });

  it("may hold anything", async () => {
    const folder = makeFolder({ "repo.ocu.star": "", "lib/shared.star": `\ufeff${helper.replaceAll("\n", "\r\n")}` });
    writeFileSync(join(folder, "invalid.star"), Buffer.from([0x78, 0xff, 0xfe, 0x3d, 0x00, 0xc3, 0x0a]));
    writeFileSync(join(folder, "huge.star"), "x = 1\n".repeat(500_000));
    mkdirSync(join(folder, "folder.star"));
    if (process.platform !== "win32") spawnSync("mkfifo", [join(folder, "pipe.star")]);
    const client = await start(folder);
    const uri = await client.open(join(folder, "release.ocu.star"), alsoMissing);
    await client.diagnosticsOf(uri, codesOf(["load/missing-file"]));
    const odd = await client.open(join(folder, "invalid.star"), "x\ufffd\ufffd=\u0000\ufffd\n");
    await client.diagnosticsOf(odd, (found) => found.length > 0);
  });

  it("are of the folder that they are in, while folders come and go", async () => {
    const first = makeFolder({ "repo.ocu.star": 'repo_alias("first")\n', "lib/shared.star": helper });
    const second = makeFolder({ "repo.ocu.star": 'repo_alias("second")\n' });
    const client = await start(first);
    const one = await client.open(join(first, "release.ocu.star"), loading);
    const two = await client.open(join(second, "release.ocu.star"), loading);
    await client.diagnosticsOf(one, codesOf([]));
    await client.diagnosticsOf(two, codesOf(["load/missing-file"]));
    const event = (added: string[], removed: string[]) =>
      client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
        event: {
          added: added.map((each) => ({ uri: uriOfPath(each), name: "x" })),
          removed: removed.map((each) => ({ uri: uriOfPath(each), name: "x" })),
        },
      });
    await event([second], []);
    mkdirSync(join(second, "lib"));
    writeFileSync(join(second, "lib/shared.star"), helper);
    await client.diagnosticsOf(two, codesOf([]));
    await event([], [first, second]);
    await event([first], []);
    rmSync(join(first, "lib"), { recursive: true });
    await client.diagnosticsOf(one, codesOf(["load/missing-file"]));
  });

  it("are of another repository once a folder gets a repo.ocu.star, and of the one around it once it is gone", async () => {
    const outside = 'load("../shared.star", "helper")\n\nhelper()\n';
    const folder = makeFolder({ "repo.ocu.star": "", "shared.star": helper, "team/app/release.ocu.star": "" });
    const nested = join(folder, "team");
    for (const options of [unwatched, { trusted: false }]) {
      const client = await start(folder, options);
      const isTold = options !== unwatched;
      const tell = async (path: string, type: number): Promise<void> => {
        if (!isTold) return;
        await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
          changes: [{ uri: uriOfPath(path), type }],
        });
      };
      const uri = await client.open(join(nested, "release.ocu.star"), outside);
      await client.diagnosticsOf(uri, codesOf([]));
      for (let round = 0; round < 2; round++) {
        writeFileSync(join(nested, "repo.ocu.star"), "");
        await tell(join(nested, "repo.ocu.star"), 1);
        await client.diagnosticsOf(uri, codesOf(["load/outside-repository"]));
        rmSync(join(nested, "repo.ocu.star"));
        await tell(join(nested, "repo.ocu.star"), 3);
        await client.diagnosticsOf(uri, codesOf([]));
      }
      await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    }
  });

  it("come with the repositories in them when a whole folder comes, and go with it", async () => {
    const folder = makeFolder({ "repo.ocu.star": 'repo_alias("outer")\n' });
    const away = makeFolder({
      "team/repo.ocu.star": 'repo_alias("inner")\n',
      "team/app.ocu.star": "",
      "other.star": "",
    });
    const client = await start(folder);
    const names = async (): Promise<string[]> => {
      const { repositories } = await client.connection.sendRequest<{ repositories: { uri: string }[] }>(
        "ocuroot/releases",
        { limit: 1 },
      );
      return repositories.map((each) => each.uri.slice(uriOfPath(folder).length)).sort();
    };
    const eventually = async (expected: readonly string[]): Promise<void> => {
      for (;;) {
        const found = await names();
        if (JSON.stringify(found) === JSON.stringify(expected)) return;
        await new Promise(setImmediate);
      }
    };
    await eventually([""]);
    renameSync(join(away), join(folder, "teams"));
    await eventually(["", "/teams/team"]);
    renameSync(join(folder, "teams"), away);
    await eventually([""]);
  });
});
