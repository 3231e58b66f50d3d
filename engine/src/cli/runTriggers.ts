/** Calling repositories' triggers, with their configuration as state has it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryFile } from "../package/repository.ts";
import { listRepositories } from "../release/listing.ts";
import { newestCommit } from "../work/identify.ts";
import { readRecordedConfiguration } from "../work/sources.ts";
import type { Trigger } from "../work/trigger.ts";
import type { CliContext } from "./context.ts";
import type { WorkPlace } from "./work.ts";

/** Calls each trigger once. Returns whether all of them could be called. */
export async function runTriggers(
  context: CliContext,
  { repository, commit: own }: WorkPlace,
  triggers: readonly Trigger[],
): Promise<boolean> {
  const { ui } = context;
  let areDone = true;
  for (const { repo, commit, items } of triggers) {
    const configuration = await readRecordedConfiguration(repository.state, repo, commit);
    const about = `${repo} at ${commit}`;
    if (!configuration) {
      ui.complain(`${about} has work, but state does not have the configuration of ${repo}`);
      areDone = false;
      continue;
    }
    const isOwn = own !== undefined && repo === repository.name;
    // What the configuration loads is there for the own repository only; elsewhere its commands start in the current folder.
    const folder = isOwn ? undefined : mkdtempSync(join(tmpdir(), "ocuroot-trigger-"));
    try {
      const root = folder ?? repository.root;
      const problem = await context.trigger({
        root,
        folder: isOwn ? root : ui.cwd,
        text: configuration.source,
        commit,
      });
      if (problem?.code === "repository/no-trigger") {
        ui.note(`${about} has work (${items.length}), but its ${repositoryFile} sets no trigger`);
      } else if (problem) {
        context.showProblems([problem], root);
        ui.complain(`the trigger of ${about} failed`);
        areDone = false;
      } else ui.note(`triggered ${about}`);
    } finally {
      if (folder) rmSync(folder, { recursive: true, force: true });
    }
  }
  return areDone;
}

/** Whose turn it is for what belongs to no repository: the one at hand, else the first that state knows. */
export async function globalTarget({ repository, commit }: WorkPlace) {
  if (commit !== undefined) return { repo: repository.name, commit };
  const { state } = repository;
  const [repo] = await listRepositories(state);
  const newest = repo === undefined ? undefined : await newestCommit(state, repo);
  return repo === undefined || newest === undefined ? undefined : { repo, commit: newest };
}
