import {
  changedFiles,
  committedFiles,
  compileGlob,
  lastPushedCommit,
  selectFiles,
  watchedPaths,
  watchesFile,
} from "@ocuroot/engine";
import { argumentOf } from "../analysis/calls.ts";
import { findLoads, resolveLoad } from "../analysis/loads.ts";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { textOfLiteral } from "../analysis/strings.ts";
import { contentSpan } from "../analysis/tree.ts";
import { literalOf, unwrap } from "../analysis/values.ts";
import type { ProtocolPlace, PushEffectsParams, PushEffectsResult, PushedRelease } from "../protocol/index.ts";
import type { RepositoryStore } from "../state/repositoryStore.ts";
import { breathe, type InsightContext, pathIn, placeIn, repositoryAt } from "./context.ts";

/** Which releases a push would make because of a file, or because of all that changed, and why (spec 6.4.14). */
export async function findPushEffects(
  context: InsightContext,
  { uri }: PushEffectsParams,
  signal: AbortSignal,
): Promise<PushEffectsResult> {
  const repository = repositoryAt(context, uri);
  if (repository === undefined) return { problem: "The file is in no repository of the workspace.", releases: [] };
  const store = await context.stores.at(repository.root);
  if (store?.state === undefined || store.name === undefined) {
    return { problem: store?.problem ?? "There is no state yet.", releases: [] };
  }
  const lastPushed = await lastPushedCommit(store.state, store.name);
  const path = pathIn(repository, uri);
  const ignore = context.stores.modelOf(repository.root)?.releaseIgnore ?? [];
  const finder = new EffectFinder(repository, store, ignore, lastPushed !== undefined);
  const known = lastPushed === undefined ? {} : { lastPushed };
  if (path !== "") return { ...known, releases: await finder.ofFile(path, signal) };
  if (!context.previews.isTrusted) return { problem: "The workspace is not trusted, so git is not run.", releases: [] };
  try {
    return { ...known, releases: await finder.ofRepository(lastPushed) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...known, problem: error instanceof Error ? error.message : String(error), releases: [] };
  }
}

class EffectFinder {
  readonly #ignored: readonly { matches(path: string): boolean }[];

  constructor(
    private readonly repository: RepositoryView,
    private readonly store: RepositoryStore,
    private readonly ignore: readonly string[],
    private readonly wasPushed: boolean,
  ) {
    this.#ignored = ignore.map(compileGlob);
  }

  async ofFile(path: string, signal: AbortSignal): Promise<PushedRelease[]> {
    const found: PushedRelease[] = [];
    for (const file of this.repository.packagePaths()) {
      await breathe();
      if (signal.aborted) break;
      const view = this.repository.file(file);
      const effect = view === undefined ? undefined : await this.#effect(view, file, path);
      if (effect !== undefined) found.push(effect);
    }
    if (this.wasPushed) return found;
    // The first push releases everything, whatever changed.
    const related = new Set(found.map((each) => each.file));
    const others = this.repository.packagePaths().filter((file) => !related.has(file));
    return [
      ...found.map((each) => ({ ...each, causes: !each.ignored })),
      ...others.flatMap((file) => this.#release(file, { reason: "first", because: firstPush, causes: true })),
    ];
  }

  async ofRepository(lastPushed: string | undefined): Promise<PushedRelease[]> {
    const { root } = this.repository;
    const state = this.store.state;
    const repo = this.store.name;
    if (state === undefined || repo === undefined) return [];
    const changed = lastPushed === undefined ? undefined : await changedFiles(root, lastPushed, "HEAD");
    const files = await committedFiles(root, "HEAD");
    const watched = (file: string): Promise<string[]> => watchedPaths(state, { repo, file });
    const selected = await selectFiles({ files, changed, ignore: this.ignore, watched });
    return selected.flatMap(({ file, because }) => {
      if (changed === undefined) return this.#release(file, { reason: "first", because: firstPush, causes: true });
      const isOwn = because === file;
      const said = isOwn ? `\`${file}\` changed since the last push.` : `\`${because}\`, which it watches, changed.`;
      const about = { reason: isOwn ? "package" : "watch", because: said, causes: true } as const;
      return this.#release(file, isOwn ? about : { ...about, path: because });
    });
  }

  async #effect(view: FileView, file: string, path: string): Promise<PushedRelease | undefined> {
    if (file === path) {
      return this.#release(file, { reason: "package", because: "It is the package file itself.", causes: true })[0];
    }
    const { state, name: repo } = this.store;
    const recorded = state === undefined || repo === undefined ? [] : await watchedPaths(state, { repo, file });
    const written = findWatches(view);
    const hit = recorded.find((each) => watchesFile(file, each, path));
    const source =
      written.find((each) => each.text === hit) ?? written.find((each) => watchesFile(file, each.text, path));
    const place = source === undefined ? {} : { place: source.place };
    if (hit !== undefined) {
      const because = `Its newest work watches \`${hit}\`.`;
      return this.#release(file, { reason: "watch", path: hit, because, causes: true, ...place })[0];
    }
    if (source !== undefined) {
      const because = `It watches \`${source.text}\`, but no release says so yet: a push looks at what the newest work watched.`;
      return this.#release(file, { reason: "watch", path: source.text, because, causes: false, ...place })[0];
    }
    if (!loads(view, path)) return undefined;
    const because = `It loads \`${path}\`, but a push looks at watched paths only: add it to \`done(watch=[…])\`.`;
    return this.#release(file, { reason: "module", path, because, causes: false })[0];
  }

  #release(
    file: string,
    about: Pick<PushedRelease, "reason" | "because" | "causes" | "path" | "place">,
  ): PushedRelease[] {
    const ignored = this.#ignored.some((glob) => glob.matches(file));
    const uri = this.repository.file(file)?.uri;
    if (uri === undefined) return [];
    const because = ignored ? `${about.because} But \`release_ignore\` leaves the file alone.` : about.because;
    return [{ file, uri, ...about, because, ignored, causes: about.causes && !ignored }];
  }
}

const firstPush = "Nothing was pushed yet: the first push releases every package file.";

/** The literals of `done(watch=[…])`. */
function findWatches(view: FileView): { readonly text: string; readonly place: ProtocolPlace }[] {
  return view.facts.sdkCalls.flatMap((call) => {
    const argument = call.entry.name === "done" ? argumentOf(call, "watch") : undefined;
    const list = argument === undefined ? undefined : unwrap(argument);
    if (list?.kind !== "ListExpression" && list?.kind !== "TupleExpression") return [];
    return list.elements.flatMap((element) => {
      const literal = literalOf(view, element);
      if (literal === undefined) return [];
      const place = placeIn(literal.view, contentSpan(literal.node));
      return [{ text: textOfLiteral(literal.view.source, literal.node), place }];
    });
  });
}

/** Whether a file loads another one, maybe through others. */
export function loads(view: FileView, path: string): boolean {
  const seen = new Set<FileView>();
  const pending = [view];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const text of findLoads(file)) {
      const target = resolveLoad(file, text);
      if (target.kind !== "file") continue;
      if (target.path === path) return true;
      pending.push(target.view);
    }
  }
  return false;
}
