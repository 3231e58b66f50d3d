import { deployedReleases, documentRefs, parseRef, readRun, type StoreReader } from "@ocuroot/engine";
import type { DependencyGraph, DownstreamWork } from "../protocol/index.ts";
import type { InsightContext } from "./context.ts";

/** Live deployments that are read; beyond it the picture is not complete. */
const limit = 5_000;

interface Deployment {
  readonly id: string;
  readonly environment: string;
  readonly release: string;
  /** Refs that it read, by what they read from: `shop/-/a.ocu.star task/build`. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

/**
 * Live deployments of other files that read, maybe over others, what a file's work gives: those run again when a value that
 * they read is another one after the release.
 */
export async function findDownstream(
  context: InsightContext,
  state: StoreReader,
  own: string,
  graph: DependencyGraph,
  signal: AbortSignal,
): Promise<DownstreamWork[]> {
  const deployments = await readDeployments(state, candidates(own, graph), signal);
  const found: DownstreamWork[] = [];
  const seen = new Set<Deployment>();
  let frontier: readonly { readonly id: string; readonly work: string | undefined }[] = [{ id: own, work: undefined }];
  while (frontier.length > 0) {
    const next: { id: string; work: string }[] = [];
    for (const source of frontier) {
      for (const each of deployments) {
        if (seen.has(each)) continue;
        const hit = [...each.reads].find(
          ([from]) =>
            from.startsWith(`${source.id} `) && (source.work === undefined || from === `${source.id} ${source.work}`),
        );
        if (hit === undefined) continue;
        seen.add(each);
        const work = `deploy/${each.environment}`;
        next.push({ id: each.id, work });
        const after = source.id === own ? hit[0].slice(own.length + 1) : hit[0];
        found.push(describe(context, graph, each, { work, after, because: hit[1] }));
      }
    }
    frontier = next;
  }
  return found;
}

/** Files that read from a file, over any number of steps. */
function candidates(own: string, graph: DependencyGraph): Set<string> {
  const found = new Set<string>();
  const pending = [own];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const edge of graph.edges) {
      if (edge.to !== id || found.has(edge.from) || edge.from === own) continue;
      found.add(edge.from);
      pending.push(edge.from);
    }
  }
  return found;
}

async function readDeployments(state: StoreReader, files: ReadonlySet<string>, signal: AbortSignal) {
  const found: Deployment[] = [];
  for (const id of files) {
    const at = id.indexOf("/-/");
    const place = { repo: id.slice(0, at), file: id.slice(at + 3) };
    for (const { environment, ref, release } of await deployedReleases(state, place)) {
      if (signal.aborted || found.length >= limit) return found;
      // A damaged document is reported where it is opened.
      const stored = await state.read(ref, { signal }).catch(() => undefined);
      const runRef = stored?.kind === "ref" ? (stored.body as { readonly run_ref?: string }).run_ref : undefined;
      const run = runRef === undefined ? undefined : await readRun(state, runRef).catch(() => undefined);
      const reads = new Map<string, string[]>();
      for (const { inputs } of run?.functions ?? []) {
        for (const input of Object.values(inputs)) {
          const from = input.ref === undefined ? undefined : producerOf(input.ref);
          if (from !== undefined) reads.set(from, [...(reads.get(from) ?? []), input.ref as string]);
        }
      }
      found.push({ id, environment, release, reads });
    }
  }
  return found;
}

function producerOf(text: string): string | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok || parsed.ref.isGlobal) return undefined;
  const { repo, path, kind, name } = parsed.ref;
  return kind === undefined || name[0] === undefined ? undefined : `${repo}/-/${path} ${kind}/${name[0]}`;
}

function describe(
  context: InsightContext,
  graph: DependencyGraph,
  deployment: Deployment,
  about: { readonly work: string; readonly after: string; readonly because: readonly string[] },
): DownstreamWork {
  const at = deployment.id.indexOf("/-/");
  const repository = deployment.id.slice(0, at);
  const file = deployment.id.slice(at + 3);
  const from = /^(.*?\/-\/.*?) /.exec(about.after)?.[1];
  const edge = graph.edges.find((each) => each.from === deployment.id && (from === undefined || each.to === from));
  const input =
    edge?.inputs.find((each) => each.work === about.work && each.place) ?? edge?.inputs.find((each) => each.place);
  const own = context
    .repositories()
    .find((each) => each.name === repository)
    ?.file(file);
  const start = { line: 0, character: 0 };
  const place = input?.place ?? (own === undefined ? undefined : { uri: own.uri, range: { start, end: start } });
  return {
    repository,
    file,
    ...about,
    ...(place === undefined ? {} : { place }),
    release: deployment.release.slice(documentRefs.package({ repo: repository, file }).length + 2),
  };
}
