import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readReleaseHistory } from "../../src/history/index.ts";
import { readRelease } from "../../src/release/readRelease.ts";
import { failed, ScriptedRelease, task } from "../runner/scripted.ts";

describe("a run whose folders are there before its documents", () => {
  let scripted: ScriptedRelease;
  let release: string;
  let folder: string;
  beforeEach(async () => {
    scripted = await new ScriptedRelease().open();
    scripted.functions.set("x", () => failed("no"));
    release = await scripted.create([[task("x")]]);
    await scripted.execution(release).run();
    folder = join(scripted.root, "state/refs", ...release.split("/"), "task/x/2");
  });
  afterEach(() => scripted.close());

  it("is not there yet, for those who run releases and those who look", async () => {
    mkdirSync(join(folder, "status/pending"), { recursive: true });
    const { state } = scripted.repository;
    const current = await readRelease(state, release);
    assert.deepEqual(
      current?.phases[0]?.work[0]?.runs.map(({ number, status }) => [number, status]),
      [[1, "failed"]],
    );
    assert.equal(await scripted.execution(release).run(), "failed");
    const history = await readReleaseHistory(state, release);
    assert.equal(history?.problem, undefined);
    assert.equal(history?.phases[0]?.work[0]?.attempts.length, 1);
  });

  it("is damage when it has a status and no document", async () => {
    await scripted.repository.state.transact("half", (tx) =>
      tx.set(`${release}/task/x/2/status/pending`, "marker", {}),
    );
    await assert.rejects(scripted.execution(release).run(), /task\/x\/2 has no document/);
    rmSync(folder, { recursive: true });
    assert.equal(await scripted.execution(release).run(), "failed");
  });
});
