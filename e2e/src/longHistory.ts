/** A store with very many releases, written as the command writes it (docs/state.md), but at once. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const at = "2026-01-02T03:04:05Z";

/** Writes `count` releases of one task each, all done, of `repo/-/file` into the default store of a repository. */
export function writeLongHistory(folder: string, repo: string, file: string, count: number): void {
  const store = join(folder, ".ocuroot", "store", "state");
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, ".ocuroot-store"), JSON.stringify({ version: 3, Tags: { state: {} } }));
  for (let number = 1; number <= count; number++) writeRelease(store, `${repo}/-/${file}/@r${number}`);
}

/** Makes a release that was written here one whose task failed. */
export function failRelease(folder: string, release: string): void {
  const store = join(folder, ".ocuroot", "store", "state");
  document(store, `${release}/task/build/1/status/failed`, "marker", { time: at });
}

function writeRelease(store: string, release: string): void {
  const build = { name: "build", pos: "release.ocu.star:3:5" };
  const task = { task: { name: "build", inputs: {}, fn: build } };
  const run = `${release}/task/build/1`;
  document(store, release, "release", {
    commit: "0123456",
    package: { functions: {}, phases: [{ name: "", tasks: [task] }] },
  });
  document(store, `${release}/commit/0123456`, "marker", { time: at });
  const functions = [{ fn: build, dependencies: [], inputs: {} }];
  document(store, run, "run", { type: "task", release, functions, output: {} });
  document(store, `${run}/status/complete`, "marker", { time: at });
}

function document(store: string, ref: string, bodyType: string, body: unknown): void {
  const folder = join(store, "refs", ref);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "@object.json"), JSON.stringify({ kind: "ref", body_type: bodyType, links: [], body }));
}
