import assert from "node:assert/strict";
import { join } from "node:path";
import { defaultSettings, levelOf, readSettings } from "../src/settings.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

describe("settings", () => {
  it("are read as editors send them, nested or by dotted name", () => {
    const wanted = { ...defaultSettings, format: false, severities: { load: "warning" } };
    const severities = { load: "warning", "sdk/input-name": "loud" };
    assert.deepEqual(readSettings({ ocuroot: { format: { enable: false }, lint: { severities } } }), wanted);
    assert.deepEqual(readSettings({ "format.enable": false, "lint.severities": severities }), wanted);
    for (const nothing of [null, undefined, 3, "x", [], { ocuroot: null }, { ocuroot: { format: 1, lint: [] } }]) {
      assert.deepEqual(readSettings(nothing), defaultSettings);
    }
  });

  it("give a code its level by itself, else by its group", () => {
    const settings = readSettings({ lint: { severities: { sdk: "hint", "sdk/bad-tag": "off" } } });
    assert.equal(levelOf(settings, "sdk/bad-tag"), "off");
    assert.equal(levelOf(settings, "sdk/input-name"), "hint");
    assert.equal(levelOf(settings, "refs/self"), undefined);
  });

  it("turn the preview off and on again", async () => {
    assert.equal(readSettings({ preview: { enable: false } }).preview, false);
    assert.equal(readSettings({ "preview.enable": 0 }).preview, true);
  });

  it("turn formatting off", async () => {
    const folder = makeFolder({ "repo.ocu.star": 'repo_alias("a")\n' });
    const client = await TestClient.start(folder);
    const uri = await client.open(join(folder, "a.ocu.star"), "x=1\n");
    const format = () =>
      client.connection.sendRequest("textDocument/formatting", { textDocument: { uri }, options: {} });
    assert.equal(((await format()) as unknown[]).length, 2);
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { ocuroot: { format: { enable: false } } },
    });
    assert.deepEqual(await format(), []);
    await client.stop();
  });

  it("change levels of diagnostics, also of open files", async () => {
    const folder = makeFolder({ "repo.ocu.star": 'repo_alias("a")\n' });
    const client = await TestClient.start(folder);
    const uri = await client.open(join(folder, "a.ocu.star"), "input()\nnope\n");
    const levels = (): string =>
      (client.diagnostics.get(uri)?.diagnostics ?? []).map((each) => `${each.code} ${each.severity}`).join();
    await client.diagnosticsOf(uri, () => levels() === "sdk/empty-input 1,name/undefined 1");
    const severities = { sdk: "hint", "name/undefined": "off" };
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { ocuroot: { lint: { severities } } },
    });
    await client.diagnosticsOf(uri, () => levels() === "sdk/empty-input 4");
    await client.stop();
  });
});
