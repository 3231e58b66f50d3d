import { type FileHistory, type ReleaseHistory, readReleases } from "../../history/index.ts";
import type { JsonValue } from "../../json/json.ts";
import type { StoreReader } from "../../state/store.ts";
import { statusSign, statusWords } from "../../terminal/statusWords.ts";
import { ago, padded } from "../../terminal/text.ts";
import { withContext } from "../context.ts";
import { findFileTarget, requireFile } from "../target.ts";
import type { Ui } from "../ui.ts";

/**
 * `release list`: releases of a file, or of every file of the repository, newest first. A damaged release is shown as one
 * among the others; the exit code tells of it.
 */
export function releaseList(ui: Ui, args: readonly string[], { limit }: { readonly limit: number }): Promise<number> {
  return withContext(ui, async (context) => {
    const argument = args[0] ?? ui.options.package;
    const target = argument === undefined ? undefined : await findFileTarget(context, argument);
    const repository = target?.repository ?? (await context.repository());
    const place = target?.place ?? { repo: repository.name };
    const files = await readReleases(repository.state, { ...place, limit });
    const isKnown = files.some(({ releases }) => releases.length > 0);
    // A file that is gone may have releases; one that never had any is probably misspelled.
    if (target && !isKnown) requireFile(context, target);
    for (const file of files) {
      if (ui.options.json) for (const release of file.releases) ui.outJson(releaseJson(release));
      else ui.out(...fileLines(ui, file, ui.places(repository.root).shown(file.file)));
    }
    if (files.length === 0) ui.note("No releases yet. Start one: ocuroot release new FILE");
    return files.some(({ releases }) => releases.some(({ problem }) => problem !== undefined)) ? 1 : 0;
  });
}

function fileLines({ colors }: Ui, { releases, moreReleases }: FileHistory, title: string): string[] {
  const lines = releases.map((release) => {
    const { name, status, commit, startedAt, tags, problem } = release;
    const when = startedAt === undefined ? "" : ago(startedAt, Date.now());
    const columns = [
      name.padEnd(5),
      problem === undefined ? padded(statusWords[status], 12) : `damaged: ${problem}`,
      commit.slice(0, 7),
      padded(when, 12),
      tags.join(" "),
    ];
    return `  ${statusSign(colors, status)} ${columns.join(" ")}`.trimEnd();
  });
  const more = moreReleases > 0 ? [colors.dim(`  ${moreReleases} more`)] : [];
  const none = releases.length === 0 ? ["  no releases yet"] : [];
  return [colors.bold(title), ...lines, ...more, ...none];
}

function releaseJson({ ref, file, name, status, commit, tags, startedAt, problem }: ReleaseHistory): JsonValue {
  const time = startedAt === undefined ? null : new Date(startedAt).toISOString();
  return { ref, file, name, status, commit, tags: [...tags], time, ...(problem === undefined ? {} : { problem }) };
}

/** Tags that link to the release, in the order of their names. */
export async function tagsOf(state: StoreReader, release: string): Promise<string[]> {
  const stored = await state.read(release);
  const links = stored?.kind === "ref" ? stored.links : [];
  return links.flatMap((link) => /\/@([^/]+)$/.exec(link)?.[1] ?? []).sort();
}
