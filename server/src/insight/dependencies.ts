import { listPackageFiles, listReleases, listRepositories, parseRef, readReleaseBody } from "@ocuroot/engine";
import type { RefString } from "../analysis/refStrings.ts";
import { findOwners, findRefTarget } from "../analysis/refTarget.ts";
import type { FileView, RepositoryView, Snapshot } from "../analysis/snapshot.ts";
import { contains, spanOf } from "../analysis/tree.ts";
import type { InputDeclaration, NextDeclaration, WorkDeclaration } from "../analysis/work.ts";
import { findCycle } from "../features/diagnostics/fileCycles.ts";
import type { DependencyEdge, DependencyFile, DependencyGraph, DependencyGraphParams } from "../protocol/index.ts";
import { breathe, type InsightContext, placeIn } from "./context.ts";

/** Releases of repositories that are not in the workspace that are read: a store of more must not take for ever. */
const stateLimit = 500;

type EdgeInput = DependencyEdge["inputs"][number];

interface OpenEdge extends Omit<DependencyEdge, "inputs" | "blocking"> {
  blocking: boolean;
  readonly inputs: EdgeInput[];
}

/** Who waits for whose outputs, from refs in the workspace and from what releases of other repositories read. */
export async function findDependencies(
  context: InsightContext,
  params: DependencyGraphParams,
  signal: AbortSignal,
): Promise<DependencyGraph> {
  const builder = new GraphBuilder();
  for (const repository of context.repositories()) {
    for (const path of repository.packagePaths()) {
      await breathe();
      if (signal.aborted) break;
      const uri = repository.file(path)?.uri;
      const snapshot = uri === undefined ? undefined : context.snapshot(uri);
      if (snapshot !== undefined) builder.addSource(snapshot);
    }
    await builder.addState(context, repository, signal);
  }
  const own = params.uri === undefined ? undefined : context.snapshot(params.uri)?.file;
  return builder.finish(own === undefined ? undefined : fileId(own.repository, own.path ?? ""));
}

/** `shop/-/backend/release.ocu.star`. */
export function fileId(repository: Pick<RepositoryView, "name"> | undefined, path: string): string {
  return `${repository?.name ?? "."}/-/${path}`;
}

/** An input of a piece of work, or of what it goes on to, that reads something. */
export interface ReadInput {
  readonly work: WorkDeclaration | NextDeclaration;
  readonly input: InputDeclaration;
  readonly ref: RefString;
}

/** The inputs of a file's work that are refs. */
export function readsOf(file: FileView): ReadInput[] {
  const { declarations, nexts } = file.facts.work;
  return [...declarations, ...nexts].flatMap((work) =>
    [...work.inputs.entries.values()].flatMap((input) => {
      const { view, value } = input.entry;
      const ref = view.facts.refs.find(
        (each) =>
          each.call === input.source || (!input.source && contains(spanOf(value), spanOf(each.call.node).start)),
      );
      return ref === undefined ? [] : [{ work, input, ref }];
    }),
  );
}

class GraphBuilder {
  readonly #files = new Map<string, DependencyFile>();
  readonly #edges = new Map<string, OpenEdge>();
  readonly #cycles = new Map<string, readonly string[]>();

  addSource(snapshot: Snapshot): void {
    const { file, state } = snapshot;
    const id = fileId(file.repository, file.path ?? "");
    const [newest] = file.path === undefined ? [] : state.releases(file.path);
    this.#files.set(id, {
      id,
      repository: file.repository?.name ?? ".",
      file: file.path ?? "",
      uri: file.uri,
      ...(newest === undefined ? {} : { status: newest.status, release: newest.name }),
    });
    for (const read of readsOf(file)) this.#addRead(snapshot, id, read);
  }

  /** What releases of repositories outside of the workspace read from it. */
  async addState(context: InsightContext, repository: RepositoryView, signal: AbortSignal): Promise<void> {
    const store = await context.stores.at(repository.root);
    const state = store?.state;
    if (state === undefined) return;
    const inWorkspace = new Set(context.repositories().map((each) => each.name));
    let budget = stateLimit;
    for (const other of await listRepositories(state, { signal })) {
      if (inWorkspace.has(other)) continue;
      for (const path of await listPackageFiles(state, other, { signal })) {
        if (budget-- <= 0) return;
        const [newest] = await listReleases(state, { repo: other, file: path }, { signal });
        if (newest === undefined) continue;
        const ref = `${other}/-/${path}/@${newest.name}`;
        // A damaged document of somebody else is not ours to report.
        const stored = await state.read(ref, { signal }).catch(() => undefined);
        if (stored?.kind !== "ref") continue;
        const work = readReleaseBody(ref, stored.body).phases.flatMap((phase) => phase.work);
        for (const each of work) {
          for (const [name, input] of Object.entries(each.inputs)) {
            if (input.ref === undefined) continue;
            const read = { work: `${each.kind}/${each.name}`, name, ref: input.ref, blocking: !("default" in input) };
            this.#addStored(`${other}/-/${path}`, read);
          }
        }
      }
    }
  }

  finish(about: string | undefined): DependencyGraph {
    const edges = [...this.#edges.values()];
    for (const { from, to } of edges) for (const id of [from, to]) this.#ensure(id);
    const wanted = about === undefined ? undefined : connected(about, edges);
    const isWanted = (id: string): boolean => wanted?.has(id) ?? true;
    return {
      files: [...this.#files.values()].filter(({ id }) => isWanted(id)).sort(byId),
      edges: edges.filter(({ from, to }) => isWanted(from) && isWanted(to)),
      cycles: [...this.#cycles.values()].filter((cycle) => cycle.some(isWanted)),
    };
  }

  #addRead(snapshot: Snapshot, from: string, { work, input, ref }: ReadInput): void {
    const { view } = input.entry;
    const target = findRefTarget({ ...snapshot, file: view }, ref);
    if (target === undefined || target.isSelf) return;
    const { absolute } = target;
    const to = fileId({ name: target.repository?.name ?? absolute.repo ?? "." }, absolute.path);
    if (to === from || absolute.path === "") return;
    const blocking = !input.hasDefault && !ref.hasDefault;
    const name = "kind" in work ? `${work.kind}/${work.name ?? "…"}` : "next";
    const place = placeIn(view, ref.spanOf(0, ref.text.length));
    this.#addEdge(from, to, "refs", blocking, { work: name, name: input.name, ref: ref.text, place });
    if (!blocking || view !== snapshot.file) return;
    const cycle = findCycle(snapshot, ref, findOwners(ref))?.map((each) =>
      fileId(each.view.repository, each.view.path ?? ""),
    );
    if (cycle !== undefined) this.#addCycle([...new Set(cycle)]);
  }

  #addStored(from: string, { blocking, ...input }: EdgeInput & { readonly blocking: boolean }): void {
    const parsed = parseRef(input.ref);
    if (!parsed.ok || parsed.ref.isGlobal || parsed.ref.repo === undefined) return;
    const to = `${parsed.ref.repo}/-/${parsed.ref.path}`;
    if (to !== from) this.#addEdge(from, to, "state", blocking, input);
  }

  #addEdge(from: string, to: string, source: DependencyEdge["source"], blocking: boolean, input: EdgeInput): void {
    const key = `${from}\n${to}`;
    const edge = this.#edges.get(key) ?? { from, to, source, blocking, inputs: [] };
    this.#edges.set(key, edge);
    edge.blocking ||= blocking;
    edge.inputs.push(input);
  }

  /** The same circle is found from each of its files: it is written from its least one on. */
  #addCycle(files: readonly string[]): void {
    const first = files.indexOf([...files].sort()[0] as string);
    const turned = [...files.slice(first), ...files.slice(0, first)];
    this.#cycles.set(turned.join("\n"), turned);
  }

  #ensure(id: string): void {
    if (this.#files.has(id)) return;
    const at = id.indexOf("/-/");
    this.#files.set(id, { id, repository: id.slice(0, at), file: id.slice(at + 3) });
  }
}

/** What leads to a file or from it, over any number of edges. */
function connected(start: string, edges: readonly DependencyEdge[]): Set<string> {
  const found = new Set([start]);
  for (const [from, to] of [["from", "to"] as const, ["to", "from"] as const]) {
    const seen = new Set([start]);
    const pending = [start];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      for (const edge of edges) {
        if (edge[from] !== id || seen.has(edge[to])) continue;
        seen.add(edge[to]);
        pending.push(edge[to]);
      }
    }
    for (const id of seen) found.add(id);
  }
  return found;
}

function byId(a: DependencyFile, b: DependencyFile): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
