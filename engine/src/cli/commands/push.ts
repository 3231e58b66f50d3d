import { type PackagePlace, refs } from "../../release/documents.ts";
import { changedFiles, committedFiles, hasCommit, isCommitName, uncommittedFiles } from "../../work/git.ts";
import { findIntents } from "../../work/identify.ts";
import type { ReleaseItem } from "../../work/items.ts";
import { lastPushedCommit, type PushedFile, recordPush, selectFiles, watchedPaths } from "../../work/push.ts";
import { fetchCommit } from "../../work/sources.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { FilePush, type SourcePlace } from "../pushFiles.ts";
import type { Ui } from "../ui.ts";
import {
  cascade,
  intentScope,
  printItems,
  tellNothing,
  type WorkOptions,
  type WorkPlace,
  withSession,
  withWorkPlace,
} from "../work.ts";

/** `push`: releases what changed since the last push, then does the work that follows (spec 4.7). */
export function push(ui: Ui, _args: readonly string[], options: WorkOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    if (place.commit === undefined) return await pushIntent(context, place, options);
    const source = { ...place, commit: place.commit };
    await requireCommitted(source);
    const files = await filesToPush(source);
    if (options.dryrun)
      return printItems(
        ui,
        files.map(({ file }) => releaseItem(source, file)),
      );
    return await pushFiles(context, source, files, options.parallel);
  });
}

/** Where there is no source, what can be pushed is intent. */
async function pushIntent(context: CliContext, place: WorkPlace, options: WorkOptions): Promise<number> {
  const scope = intentScope(place);
  if (options.dryrun) return printItems(context.ui, await findIntents(place.repository, scope));
  return await withSession(context, place, { parallel: options.parallel, takesCheckout: true }, async (session) => {
    tellNothing(context.ui, await session.applyIntents(scope), "in intent");
    return session.exitCode;
  });
}

async function requireCommitted({ repository }: SourcePlace): Promise<void> {
  const files = await uncommittedFiles(repository);
  if (files.length === 0) return;
  const shown = files.slice(0, 5);
  const more = files.length > shown.length ? [`and ${files.length - shown.length} more`] : [];
  throw new CliError("there are uncommitted changes; commit them first, so that what is released can be found again", {
    details: [...shown, ...more],
  });
}

async function filesToPush({ repository, commit }: SourcePlace): Promise<PushedFile[]> {
  const { root, name, state, model } = repository;
  // A commit that was named from outside need not be one of git's: then it is what is checked out.
  const head = (await hasCommit(root, commit)) ? commit : "HEAD";
  const last = await lastPushedCommit(state, name);
  // Of a last push that cannot be found, as from a checkout with little history, nobody can say what changed since.
  const changed =
    last !== undefined && (await isThere(root, last, model.remotes)) ? await changedFiles(root, last, head) : undefined;
  return await selectFiles({
    files: await committedFiles(root, head),
    changed,
    ignore: model.releaseIgnore,
    watched: (file) => watchedPaths(state, { repo: name, file }),
  });
}

async function isThere(root: string, commit: string, remotes: readonly string[]): Promise<boolean> {
  return isCommitName(commit) && ((await hasCommit(root, commit)) || (await fetchCommit(root, commit, remotes)));
}

function releaseItem({ repository, commit }: SourcePlace, file: string): ReleaseItem {
  const place: PackagePlace = { repo: repository.name, file };
  return { workType: "release", ref: refs.package(place), place, commit };
}

async function pushFiles(
  context: CliContext,
  place: SourcePlace,
  files: readonly PushedFile[],
  parallel: number,
): Promise<number> {
  const { repository, commit } = place;
  const push = new FilePush(context, place, parallel);
  await push.release(files);
  if (push.exitCode === 130) return 130;
  if (files.length === 0) context.ui.note("Nothing changed since the last push.");
  // The next push starts from here, unless something of this one could not even begin.
  const isNews = files.length > 0 || (await lastPushedCommit(repository.state, repository.name)) !== commit;
  if (!push.hasUnusable && isNews) {
    await repository.state.transact(`Push of ${commit}`, (tx) => recordPush(repository, tx, commit, push.releases));
  }
  const code = await cascade(context, place, parallel);
  return code === 130 ? code : Math.max(push.exitCode, code);
}
