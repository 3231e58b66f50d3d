import { parseRef, type ReleaseHistory, type RunLog, readReleases, readRunLog } from "@ocuroot/engine";
import type { FileView, RepositoryView, Snapshot } from "../analysis/snapshot.ts";
import { spanOf } from "../analysis/tree.ts";
import type {
  LastOutputParams,
  LastOutputResult,
  LineOutput,
  LogPlacesParams,
  LogPlacesResult,
} from "../protocol/index.ts";
import { readLogLines, runLines } from "../state/logText.ts";
import { breathe, type InsightContext, placeIn, repositoryAt } from "./context.ts";
import { committedSources } from "./functionText.ts";
import { loads } from "./pushEffects.ts";
import { lineOf, PrintFinder, type PrintingPlace } from "./sourceLines.ts";

/** Releases of each file that are looked through for what a line printed last. */
const recentReleases = 5;
const shownLines = 20;

/** The source lines that printed a log's lines (spec 6.4.9). */
export async function findLogPlaces(context: InsightContext, params: LogPlacesParams): Promise<LogPlacesResult> {
  const repository = repositoryAt(context, params.repository);
  const store = repository === undefined ? undefined : await context.stores.at(repository.root);
  const ref = context.stores.absolute(params.ref, store?.name);
  if (repository === undefined || store?.state === undefined || ref === undefined) return { places: [] };
  const { lines } = await readLogLines(store.state, ref);
  const commit = await commitOf(store.state, ref);
  const finder = new PrintFinder(repository, oldSources(context, repository, commit));
  const files = filesOf(repository, pathOf(ref));
  const places: LogPlacesResult["places"][number][] = [];
  for (const [line, { text, entry }] of lines.entries()) {
    if (entry === undefined) continue;
    if (line % 500 === 499) await breathe();
    const found = await printerOf(finder, entry, text, files);
    if (found !== undefined) {
      const place = placeIn(found.view, spanOf(found.node));
      places.push({ line, place, certain: found.certain });
    }
  }
  return { places };
}

/** What the lines of a file printed last, newest run first. */
export async function findLastOutput(
  context: InsightContext,
  { uri, line }: LastOutputParams,
  signal: AbortSignal,
): Promise<LastOutputResult> {
  const snapshot = context.snapshot(uri);
  const { repository, path } = snapshot?.file ?? {};
  const store = repository === undefined ? undefined : await context.stores.at(repository.root);
  if (snapshot === undefined || repository === undefined || path === undefined) return { outputs: [] };
  if (store?.state === undefined || store.name === undefined) return { outputs: [] };
  const outputs = new Map<number, LineOutput>();
  for (const file of await usersOf(repository, snapshot, path)) {
    const query = { repo: store.name, file, limit: recentReleases, signal };
    const [history] = await readReleases(store.state, query);
    for (const release of history?.releases ?? []) {
      const finder = new PrintFinder(repository, oldSources(context, repository, release.commit));
      for (const attempt of attemptsOf(release)) {
        const log = await readRunLog(store.state, attempt.ref, { signal });
        if (log === undefined) continue;
        const files = filesOf(repository, file);
        for (const output of await outputsOf(log, attempt, finder, files, path)) {
          const known = outputs.get(output.line);
          if (known === undefined || (known.at ?? 0) < (output.at ?? 0)) outputs.set(output.line, output);
        }
      }
    }
  }
  const found = [...outputs.values()].filter((each) => line === undefined || each.line === line);
  return { outputs: found.sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || a.line - b.line) };
}

interface Attempt {
  readonly ref: string;
  readonly title: string;
  readonly at: number | undefined;
}

function attemptsOf(release: ReleaseHistory): Attempt[] {
  return release.phases.flatMap((phase) =>
    phase.work.flatMap((work) =>
      work.attempts.map(({ ref, startedAt }) => ({
        ref,
        title: `${work.kind} ${work.name} · ${release.name}`,
        at: startedAt,
      })),
    ),
  );
}

/** What a run printed, by line of one source file. */
async function outputsOf(
  log: RunLog,
  attempt: Attempt,
  finder: PrintFinder,
  files: readonly FileView[],
  path: string,
): Promise<LineOutput[]> {
  const byLine = new Map<number, { texts: string[]; first: number; certain: boolean; at: number | undefined }>();
  for (const [index, { text, entry }] of runLines(log).entries()) {
    const found = entry && (await printerOf(finder, entry, text, files));
    if (entry === undefined || found === undefined || found.view.path !== path) continue;
    const line = lineOf(found.view, found.node);
    const time = Date.parse(entry.timestamp);
    const at = Number.isNaN(time) ? attempt.at : time;
    const known = byLine.get(line) ?? { texts: [], first: index, certain: true, at };
    known.texts.push(text);
    known.certain &&= found.certain;
    known.at = at;
    byLine.set(line, known);
  }
  return [...byLine].map(([line, { texts, first, certain, at }]) => ({
    line,
    runRef: log.run,
    logLine: first,
    text: texts.slice(-shownLines).join("\n"),
    lineCount: texts.length,
    ...(at === undefined ? {} : { at }),
    title: attempt.title,
    certain,
  }));
}

async function printerOf(
  finder: PrintFinder,
  entry: RunLog["entries"][number],
  text: string,
  files: readonly FileView[],
): Promise<PrintingPlace | undefined> {
  const { pos, source } = entry.attributes;
  if (pos !== undefined) return finder.recorded(pos);
  // What the runner says itself is written nowhere; what a command prints cannot be told from the source.
  return source === undefined && entry.stream === "print" ? finder.guessed(text, files) : undefined;
}

/** Package files whose work may run what a file holds. */
async function usersOf(repository: RepositoryView, { file }: Snapshot, path: string): Promise<string[]> {
  if (file.role === "package") return [path];
  const found: string[] = [];
  for (const each of repository.packagePaths()) {
    await breathe();
    const view = repository.file(each);
    if (view !== undefined && loads(view, path)) found.push(each);
  }
  return found;
}

/** A package file and what it loads. */
function filesOf(repository: RepositoryView, path: string): FileView[] {
  const main = repository.file(path);
  if (main === undefined) return [];
  const others = [...repository.paths()].flatMap((each) =>
    each.endsWith(".star") && each !== path && loads(main, each) ? (repository.file(each) ?? []) : [],
  );
  return [main, ...others];
}

function oldSources(context: InsightContext, repository: RepositoryView, commit: string | undefined) {
  return commit === undefined || !context.previews.isTrusted
    ? undefined
    : committedSources(context.parser, repository.root, commit);
}

async function commitOf(state: Parameters<typeof readLogLines>[0], ref: string): Promise<string | undefined> {
  const release = await state.resolve(/^.*?\/-\/.*?\/@[^/]*/.exec(ref)?.[0] ?? ref);
  const stored = release === undefined ? undefined : await state.read(release);
  const commit = stored?.kind === "ref" ? (stored.body as { readonly commit?: unknown } | null)?.commit : undefined;
  return typeof commit === "string" ? commit : undefined;
}

function pathOf(ref: string): string {
  const parsed = parseRef(ref);
  return parsed.ok ? parsed.ref.path : "";
}
