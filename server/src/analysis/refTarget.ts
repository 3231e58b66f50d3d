import { isUnset, makeAbsolute, printRef, type Ref } from "@ocuroot/engine";
import type { CallExpression } from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import { type KnownDict, readDict } from "./dicts.ts";
import type { PlacedCall } from "./facts.ts";
import { findOutcomes } from "./functions.ts";
import { findLoads, resolveLoad } from "./loads.ts";
import { perRevision } from "./memo.ts";
import type { RefString } from "./refStrings.ts";
import type { FileView, RepositoryView, Snapshot } from "./snapshot.ts";
import { spanOf } from "./tree.ts";
import { constantText, resolveValue } from "./values.ts";
import { environmentName, type InputDeclaration, type NextDeclaration, type WorkDeclaration } from "./work.ts";

/** Where a ref leads, as far as the workspace knows. */
export interface RefTarget {
  /** Repository and path filled in; the repository is `.` while its name is not known. */
  readonly absolute: Ref;
  /** Undefined when the ref names a repository that is not in the workspace. */
  readonly repository: RepositoryView | undefined;
  /** The file, when it is there. */
  readonly file: FileView | undefined;
  /** The ref means the file it is written in. */
  readonly isSelf: boolean;
}

/** Finds what a ref means; undefined for a global ref, one in a module (it means whoever loads it), or a broken path. */
export function findRefTarget(
  snapshot: Snapshot,
  ref: Pick<RefString, "view" | "parsed"> & Partial<RefString>,
): RefTarget | undefined {
  const { view } = ref;
  const parsed = ref.parsed.ref;
  if (parsed.isGlobal || (isUnset(parsed.path) && !declaresRelease(view))) return undefined;
  const pathHasHole = ref.parsed.segments.some(
    (each) => each.hasHole && (each.role === "path" || each.role === "repo"),
  );
  if (pathHasHole) return undefined;
  const own = view.repository;
  let absolute: Ref;
  try {
    absolute = makeAbsolute(parsed, { repo: own?.name ?? ".", path: view.path ?? "." });
  } catch {
    return undefined; // Leads out of the repository.
  }
  const isOwn = isUnset(absolute.repo) || absolute.repo === own?.name;
  const repository = isOwn ? own : snapshot.repositories.find((each) => each.name === absolute.repo);
  const isSelf = isOwn && (isUnset(absolute.path) || absolute.path === view.path);
  const file = isSelf ? view : repository?.file(absolute.path);
  return { absolute, repository, file, isSelf };
}

/** The ref in full, as hovers show it and as state is asked for it. */
export function absoluteText(target: RefTarget): string {
  return printRef(target.absolute);
}

/** Whether a file has releases of its own: a package file, or a module that declares work at top level. */
export function declaresRelease(view: FileView): boolean {
  if (view.role !== "module") return view.role === "package";
  return view.facts.work.declarations.some((each) => each.call.owner === undefined);
}

/** Work of a file by name. `isOpen`: there may be more than the text tells. */
export interface KnownWork {
  readonly declarations: readonly WorkDeclaration[];
  readonly isOpen: boolean;
  readonly byName: ReadonlyMap<string | undefined, readonly WorkDeclaration[]>;
}

/** The tasks or deploys that a file declares, those of modules it loads included. */
export function findKnownWork(file: FileView, kind: "task" | "deploy"): KnownWork {
  return kind === "task" ? knownTasks(file) : knownDeploys(file);
}

const knownTasks = perRevision((file) => collectWork(file, "task"));
const knownDeploys = perRevision((file) => collectWork(file, "deploy"));

function collectWork(file: FileView, kind: "task" | "deploy"): KnownWork {
  const declarations = file.facts.work.declarations.filter((each) => each.kind === kind);
  let isOpen = file.facts.isBroken || declarations.some((each) => each.name === undefined);
  const seen = new Set<FileView>([file]);
  const visit = (each: FileView): void => {
    for (const text of findLoads(each)) {
      const target = resolveLoad(each, text);
      if (target.kind !== "file") {
        isOpen = true;
      } else if (!seen.has(target.view)) {
        seen.add(target.view);
        const loaded = target.view.facts.work.declarations.filter((work) => work.kind === kind);
        declarations.push(...loaded);
        if (loaded.length > 0 || target.view.facts.isBroken) isOpen = true;
        visit(target.view);
      }
    }
  };
  visit(file);
  return { declarations, isOpen, byName: groupByName(declarations) };
}

function groupByName(declarations: readonly WorkDeclaration[]): Map<string | undefined, WorkDeclaration[]> {
  const groups = new Map<string | undefined, WorkDeclaration[]>();
  for (const each of declarations) {
    const group = groups.get(each.name);
    if (group === undefined) groups.set(each.name, [each]);
    else group.push(each);
  }
  return groups;
}

/** The declarations that a ref's kind and name can mean: those of that name, else those whose name is computed. */
export function findProducers(file: FileView, kind: "task" | "deploy", name: string): readonly WorkDeclaration[] {
  const { byName } = findKnownWork(file, kind);
  return byName.get(name) ?? byName.get(undefined) ?? [];
}

const knownOutputs = new WeakMap<WorkDeclaration, KnownDict>();

/** The outputs that a piece of work can end with. */
export function findOutputs(work: WorkDeclaration): KnownDict {
  let outputs = knownOutputs.get(work);
  if (outputs === undefined) {
    outputs = readOutputs(work);
    knownOutputs.set(work, outputs);
  }
  return outputs;
}

function readOutputs(work: WorkDeclaration): KnownDict {
  const main = work.functions.find((each) => each.role !== "down");
  if (main?.target === undefined) return { entries: new Map(), isOpen: true, literal: undefined };
  return findOutcomes(main.target).outputs;
}

/** Outputs of several declarations together. */
export function unionOutputs(producers: readonly WorkDeclaration[]): KnownDict {
  const [only, another] = producers;
  if (only !== undefined && another === undefined) return findOutputs(only);
  const all = producers.map(findOutputs);
  return {
    entries: new Map(all.flatMap((each) => [...each.entries])),
    isOpen: all.length === 0 || all.some((each) => each.isOpen),
    literal: all[0]?.literal,
  };
}

/** Names of environments. `isOpen`: there may be others. */
export interface KnownEnvironments {
  readonly names: ReadonlySet<string>;
  readonly isOpen: boolean;
}

const environmentsOf = new WeakMap<Snapshot, KnownEnvironments>();

/** Environments in state, and those that package files of the repository register. */
export function findEnvironments(snapshot: Snapshot): KnownEnvironments {
  let known = environmentsOf.get(snapshot);
  if (known === undefined) {
    known = collectEnvironments(snapshot);
    environmentsOf.set(snapshot, known);
  }
  return known;
}

function collectEnvironments(snapshot: Snapshot): KnownEnvironments {
  const names = new Set(snapshot.state.environments?.map((each) => each.name));
  const inState = names.size > 0;
  let isDynamic = false;
  for (const { name } of findRegistered(snapshot.file.repository, snapshot.file)) {
    if (name !== undefined) names.add(name);
    else isDynamic = true;
  }
  return { names, isOpen: names.size === 0 || (isDynamic && !inState) };
}

/**
 * Environments that a file, or a module it loads, makes for itself to deploy to: `environment("edge")`. They need not be
 * registered. `isOpen`: some have names that the text does not say.
 */
export const findMadeEnvironments = perRevision((file): KnownEnvironments => {
  const names = new Set<string>();
  let isOpen = false;
  const seen = new Set<FileView>([file]);
  for (const view of seen) {
    for (const call of view.facts.sdkCalls) {
      if (call.entry.name === "environment_from_dict" || call.entry.name === "environment_from_json") isOpen = true;
      if (call.entry.name !== "environment") continue;
      const name = constantText(view, argumentOf(call, "name"));
      if (name === undefined) isOpen = true;
      else names.add(name);
    }
    for (const text of findLoads(view)) {
      const target = resolveLoad(view, text);
      if (target.kind === "file") seen.add(target.view);
      else isOpen = true;
    }
  }
  return { names, isOpen };
});

/** A `register_environment` call and what it registers, as far as the text tells. */
export interface Registered {
  readonly view: FileView;
  readonly node: CallExpression;
  readonly name: string | undefined;
  readonly attributes: KnownDict | undefined;
}

/** What `register_environment` calls in the repository say. */
export function findRegistered(repository: RepositoryView | undefined, self: FileView): Registered[] {
  const files =
    repository === undefined ? [self] : repository.packagePaths().flatMap((path) => repository.file(path) ?? []);
  return files.flatMap((view) =>
    !view.source.text.includes("register_environment")
      ? []
      : view.facts.sdkCalls
          .filter((call) => call.entry.name === "register_environment")
          .map((call) => readRegistered(view, call)),
  );
}

function readRegistered(view: FileView, call: PlacedCall): Registered {
  const argument = argumentOf(call, "env");
  const value = argument === undefined ? undefined : resolveValue(view, argument);
  const made = value?.node.kind === "CallExpression" ? value.view.facts.callOf(value.node) : undefined;
  if (value === undefined || made?.entry.name !== "environment")
    return { view, node: call.node, name: undefined, attributes: undefined };
  return {
    view,
    node: call.node,
    name: environmentName(view, argument),
    attributes: readDict(value.view, argumentOf(made, "attributes")),
  };
}

/** The pieces of work and `next` calls whose inputs hold a ref string. */
export interface RefOwner {
  readonly work: WorkDeclaration | NextDeclaration;
  readonly input: InputDeclaration;
}

export function findOwners(ref: RefString): readonly RefOwner[] {
  return ownersOf(ref.view).get(ref.call.node) ?? [];
}

/** Owners by the `input(...)` or `ref(...)` call that is, or is in, an input's value. */
const ownersOf = perRevision((view) => {
  const { declarations, nexts } = view.facts.work;
  const calls = new Map<number, CallExpression>(
    view.facts.refs.map(({ call }) => [spanOf(call.node).start, call.node]),
  );
  const starts = [...calls.keys()].sort((a, b) => a - b);
  const owners = new Map<CallExpression, RefOwner[]>();
  const add = (call: CallExpression, owner: RefOwner): void => {
    const known = owners.get(call);
    if (known === undefined) owners.set(call, [owner]);
    else if (!known.includes(owner)) known.push(owner);
  };
  for (const work of [...declarations, ...nexts]) {
    for (const input of work.inputs.entries.values()) {
      const owner = { work, input };
      if (input.entry.view === view) {
        const span = spanOf(input.entry.value);
        for (let at = firstAtLeast(starts, span.start); at < starts.length && (starts[at] as number) < span.end; at++) {
          add(calls.get(starts[at] as number) as CallExpression, owner);
        }
      }
      if (input.source !== undefined) add(input.source.node, owner);
    }
  }
  return owners;
});

/** The index of the first number that is not less. */
function firstAtLeast(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
