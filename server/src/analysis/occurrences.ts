import type { Binding, DefStatement, LambdaExpression, Span, StringLiteral } from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import { findContextCallers, findGivers, findHelpers } from "./contextHelpers.ts";
import { type KnownEntry, readDict } from "./dicts.ts";
import { dialectOf, filesThatMayUse, findInputReads } from "./functions.ts";
import { resolveLoad } from "./loads.ts";
import { mayHold, mayLeadTo } from "./mentions.ts";
import { reachedDones } from "./reached.ts";
import { type PlacedRef, placeRef, type RefString } from "./refStrings.ts";
import { findOutputs, findProducers, findRefTarget, unionOutputs } from "./refTarget.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";
import { type CodeSymbol, findSymbol, followLoads } from "./symbols.ts";
import { contentSpan, spanOf } from "./tree.ts";
import { literalOf, type PlacedFunction, resolveFunction } from "./values.ts";
import type { NextDeclaration, WorkDeclaration } from "./work.ts";

/** A place that names a thing. */
export interface Occurrence {
  readonly view: FileView;
  readonly span: Span;
  readonly isDefinition: boolean;
  readonly isWrite?: boolean;
}

/** A thing with a name, and every place of the workspace that names it. */
export interface Occurrences {
  readonly kind: "variable" | "task" | "input" | "output";
  readonly name: string;
  /** The span under the cursor. */
  readonly span: Span;
  readonly places: readonly Occurrence[];
  /** Names of the things beside it, which it cannot have as well. */
  readonly taken?: ReadonlySet<string>;
  /** Why its name cannot be another one (a sentence). */
  readonly fixed?: string;
}

/** Everything that names what stands at an offset; undefined for things that have no definition of ours. */
export function findOccurrences(snapshot: Snapshot, offset: number): Occurrences | undefined {
  const symbol = findSymbol(snapshot, offset);
  if (symbol === undefined) return undefined;
  const found = collect(snapshot, symbol);
  return found && { ...found, span: symbol.span, places: distinct(found.places) };
}

type Found = Omit<Occurrences, "span">;

function collect(snapshot: Snapshot, symbol: CodeSymbol): Found | undefined {
  const { file } = snapshot;
  switch (symbol.kind) {
    case "binding":
    case "parameter":
      return collectParameter(snapshot, symbol.view, symbol.binding) ?? collectVariable(symbol.view, symbol.binding);
    case "loadSymbol": {
      const binding = file.resolution.bindingOf(symbol.node.local);
      return binding && collectVariable(file, binding);
    }
    case "workName":
      return symbol.work.name === undefined ? undefined : collectTask(snapshot, file, symbol.work.name);
    case "output":
      return collectOutput(snapshot, file, symbol.name, [symbol.entry]);
    case "input":
      return collectInput(snapshot, symbol.input.entry.view, symbol.input.name, symbol.work);
    case "inputRead":
      return collectInputOf(snapshot, symbol.fn, symbol.name);
    case "ref":
      return collectRef(snapshot, symbol.ref, symbol.segment?.role);
    default:
      return undefined;
  }
}

/** A parameter that work gives a value: its name is that of the input. */
function collectParameter(snapshot: Snapshot, view: FileView, binding: Binding): Found | undefined {
  const owner = binding.role === "parameter" ? binding.owner?.node : undefined;
  const callers = owner === undefined ? [] : findContextCallers(view, owner);
  if (owner === undefined || callers.length === 0) return undefined;
  const isContext = dialectOf(owner) === "ctx";
  const isInput = callers.some((each) => each.inputs.entries.has(binding.name));
  const isGiven = binding.name === "environment" && !isInput && callers.some((each) => each.kind !== "task");
  if (isContext || isGiven) {
    const fixed = isContext ? contextIsFixed : environmentIsFixed;
    return { kind: "variable", name: binding.name, places: placesOf(view, binding), fixed };
  }
  // What is computed may give it, too.
  const isPassed = isInput || callers.some((each) => each.inputs.isOpen);
  return isPassed ? collectInputs(snapshot, view, binding.name, [owner]) : undefined;
}

const contextIsFixed = "`ctx` is the name by which a work function asks for its inputs: any other is that of an input.";
const computedIsFixed = "Some work computes its inputs, and would go on to pass this one under its old name.";
const environmentIsFixed = "`environment` is given by the deployment, under that name.";

/** A variable: in its file, and for a global in the files that load it (under its own name there). */
function collectVariable(from: FileView, start: Binding): Found | undefined {
  if (start.scope === "universal" || start.scope === "predeclared") return undefined;
  const { view, binding } = followLoads(from, start);
  const places = placesOf(view, binding);
  if (binding.scope === "global") {
    for (const user of filesThatMayUse(view)) if (user !== view) places.push(...loadedPlaces(user, view, binding.name));
  }
  return { kind: "variable", name: binding.name, places };
}

function placesOf(view: FileView, binding: Binding): Occurrence[] {
  const definitions = new Set(binding.definitions);
  return [
    ...binding.definitions.map((each) => ({ view, span: spanOf(each), isDefinition: true, isWrite: true })),
    ...binding.uses
      .filter((each) => !definitions.has(each))
      .map((each) => ({ view, span: spanOf(each), isDefinition: false })),
    ...keywordPlaces(view, binding),
  ];
}

/** `f(name=…)` for a parameter of `f`. */
function keywordPlaces(view: FileView, binding: Binding): Occurrence[] {
  const owner = binding.role === "parameter" ? binding.owner?.node : undefined;
  if (owner?.kind !== "DefStatement") return [];
  // Functions may go on to other files as values: under another name, or as fields of a struct.
  const users = new Set([view]);
  for (const user of users) for (const each of filesThatMayUse(user)) users.add(each);
  return [...users].flatMap((user) =>
    user.facts.otherCalls.flatMap(({ node }) => {
      const name = node.arguments.find((each) => each.name?.name === binding.name)?.name;
      if (name === undefined || resolveFunction(user, node.callee)?.node !== owner) return [];
      return [{ view: user, span: spanOf(name), isDefinition: false }];
    }),
  );
}

function loadedPlaces(user: FileView, module: FileView, name: string): Occurrence[] {
  return user.module.statements.flatMap((statement) => {
    if (statement.kind !== "LoadStatement" || statement.module === undefined) return [];
    const target = resolveLoad(user, textOfLiteral(user.source, statement.module));
    if (target.kind !== "file" || target.view !== module) return [];
    return statement.symbols.flatMap((symbol): Occurrence[] => {
      if (textOfLiteral(user.source, symbol.remote) !== name) return [];
      const remote = { view: user, span: contentSpan(symbol.remote), isDefinition: false };
      // `load(m, local="name")`: only the string names it, the rest of the file says `local`.
      if (symbol.local.name !== name || spanOf(symbol.local).start !== remote.span.start) return [remote];
      const binding = user.resolution.bindingOf(symbol.local);
      const uses = binding?.uses.map((each) => ({ view: user, span: spanOf(each), isDefinition: false })) ?? [];
      return [remote, ...uses];
    });
  });
}

/** A task of a file: where it is declared, and refs to it in every file of the workspace. */
function collectTask(snapshot: Snapshot, file: FileView, name: string): Found | undefined {
  const places: Occurrence[] = [];
  for (const work of file.facts.work.declarations) {
    const literal = work.kind === "task" && work.name === name ? literalOf(work.view, work.nameNode) : undefined;
    if (literal !== undefined)
      places.push({ view: literal.view, span: contentSpan(literal.node), isDefinition: true, isWrite: true });
  }
  for (const ref of refsTo(snapshot, file, name)) {
    if (ref.parsed.ref.kind !== "task" || ref.parsed.ref.name[0] !== name) continue;
    const span = segmentSpan(ref, "name", 0);
    if (span !== undefined) places.push({ view: ref.view, span, isDefinition: false });
  }
  const taken = new Set(
    file.facts.work.declarations.flatMap((work) => (work.kind === "task" ? (work.name ?? []) : [])),
  );
  return places.length === 0 ? undefined : { kind: "task", name, places, taken };
}

/**
 * An output key in a file: the same key wherever the work that gives it says it, and refs to it. Work that shares a
 * function shares the key; other work may have an output of the same name, which is another one.
 */
function collectOutput(
  snapshot: Snapshot,
  file: FileView,
  name: string,
  starts: readonly KnownEntry[],
): Found | undefined {
  const candidates = filesThatMayUse(file).flatMap((user) =>
    user.facts.work.declarations
      .filter((work) => findOutputs(work).entries.get(name)?.view === file)
      .map((work) => ({ user, work, keys: findOutputKeys(user, work, name) })),
  );
  const keys = new Set<unknown>(starts.map((each) => each.key));
  const meant = new Set<(typeof candidates)[number]>();
  for (let count = -1; count < meant.size; ) {
    count = meant.size;
    for (const each of candidates) {
      if (meant.has(each) || !each.keys.some(({ node }) => keys.has(node))) continue;
      meant.add(each);
      for (const { node } of each.keys) keys.add(node);
    }
  }
  const keyPlaces = [...meant].flatMap((each) => each.keys);
  // No work uses the function yet: the key itself is all there is.
  if (meant.size === 0)
    for (const { key, view } of starts) if (key.kind === "StringLiteral") keyPlaces.push({ view, node: key });
  const places: Occurrence[] = keyPlaces.map(({ view, node }) => ({
    view,
    span: contentSpan(node),
    isDefinition: true,
    isWrite: true,
  }));
  for (const user of new Set([...meant].map((each) => each.user))) {
    // Looked for once: every file of the workspace may have some.
    const refs = refsTo(snapshot, user, name);
    for (const each of meant) if (each.user === user) places.push(...outputRefs(refs, user, each.work, name));
  }
  const taken = new Set([...meant].flatMap(({ work }) => [...findOutputs(work).entries.keys()]));
  return places.length === 0 ? undefined : { kind: "output", name, places, taken };
}

/** The keys of that name in all `done(...)` that a piece of work can reach, in the order of their files. */
function findOutputKeys(
  file: FileView,
  work: WorkDeclaration,
  name: string,
): { readonly view: FileView; readonly node: StringLiteral }[] {
  const keys: { view: FileView; node: StringLiteral }[] = [];
  for (const fn of work.functions.filter((each) => each.role !== "down")) {
    for (const view of fn.target === undefined ? [] : new Set([fn.target.view, file])) {
      const reached = reachedDones(view, work).sort((a, b) => spanOf(a.node).start - spanOf(b.node).start);
      for (const call of reached) {
        const entry = readDict(view, argumentOf(call, "outputs")).entries.get(name);
        if (entry?.key.kind === "StringLiteral" && entry.view === view) keys.push({ view, node: entry.key });
      }
    }
  }
  return keys;
}

/** Refs to an output of one declaration, among refs to its file. */
function outputRefs(refs: readonly PlacedRef[], file: FileView, work: WorkDeclaration, name: string): Occurrence[] {
  const places: Occurrence[] = [];
  for (const ref of refs) {
    const { kind, name: names, fragment } = ref.parsed.ref;
    if (kind !== work.kind || fragment[0] !== "output" || fragment[1] !== name || names[0] === undefined) continue;
    const hasHole = ref.parsed.segments.some((each) => each.role === "name" && each.hasHole);
    const means =
      work.name === undefined
        ? hasHole || findProducers(file, work.kind, names[0]).includes(work)
        : work.name === names[0] || hasHole;
    const span = means ? segmentSpan(ref, "fragment", 1) : undefined;
    if (span !== undefined) places.push({ view: ref.view, span, isDefinition: false });
  }
  return places;
}

/** An input: keys in `inputs={…}`, and the reads or parameters of every function that gets it. */
function collectInput(
  snapshot: Snapshot,
  file: FileView,
  name: string,
  work: WorkDeclaration | NextDeclaration,
): Found | undefined {
  const fn = work.functions[0]?.target;
  if (fn === undefined) return undefined;
  return collectInputs(
    snapshot,
    file,
    name,
    work.functions.flatMap((each) => each.target?.node ?? []),
  );
}

function collectInputOf(snapshot: Snapshot, fn: DefStatement | LambdaExpression, name: string): Found | undefined {
  const found = collectInputs(snapshot, snapshot.file, name, [fn]);
  return found === undefined || name !== "environment" ? found : { ...found, fixed: environmentIsFixed };
}

/** Functions that share callers share their input names: `up` and `down` of one deploy, in every phase. */
function collectInputs(
  _snapshot: Snapshot,
  file: FileView,
  name: string,
  start: readonly (DefStatement | LambdaExpression)[],
): Found | undefined {
  const functions = new Map<DefStatement | LambdaExpression, FileView>();
  const pending: PlacedFunction[] = start.map((node) => ({ view: file, node }));
  const places: Occurrence[] = [];
  const taken = new Set<string>();
  let isComputed = false;
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    const { view, node: fn } = each;
    if (functions.has(fn)) continue;
    functions.set(fn, view);
    pending.push(...findHelpers(view, fn), ...findGivers(view, fn));
    for (const user of filesThatMayUse(view)) {
      for (const work of [...user.facts.work.declarations, ...user.facts.work.nexts]) {
        const use = work.functions.find((each) => each.target?.node === fn);
        const input = use === undefined ? undefined : work.inputs.entries.get(name);
        if (use !== undefined && input === undefined) isComputed ||= work.inputs.isOpen;
        if (use?.target === undefined || input === undefined) continue;
        functions.set(fn, use.target.view);
        const { key } = input.entry;
        const span = key.kind === "StringLiteral" ? contentSpan(key) : spanOf(key);
        places.push({ view: input.entry.view, span, isDefinition: true, isWrite: true });
        for (const other of work.inputs.entries.keys()) taken.add(other);
        pending.push(...work.functions.flatMap((other) => other.target ?? []));
      }
    }
  }
  for (const [fn, view] of functions) places.push(...receivedPlaces(view, fn, name));
  if (places.length === 0) return undefined;
  return { kind: "input", name, places, taken, ...(isComputed ? { fixed: computedIsFixed } : {}) };
}

function receivedPlaces(view: FileView, fn: DefStatement | LambdaExpression, name: string): Occurrence[] {
  if (dialectOf(fn) === "ctx") {
    const { reads, asked } = findInputReads(view, fn);
    const spans = [
      ...reads.flatMap((each) => (each.name.name === name ? [spanOf(each.name)] : [])),
      ...asked.flatMap((each) => (each.value === name ? [contentSpan(each)] : [])),
    ];
    return spans.map((span) => ({ view, span, isDefinition: false }));
  }
  const parameter = fn.parameters.find((each) => each.name?.name === name)?.name;
  const binding = parameter && view.resolution.bindingOf(parameter);
  return binding === undefined ? [] : placesOf(view, binding).map((each) => ({ ...each, isDefinition: false }));
}

function collectRef(snapshot: Snapshot, ref: RefString, role: string | undefined): Found | undefined {
  const target = findRefTarget(snapshot, ref);
  const { kind, name, fragment } = ref.parsed.ref;
  if (target?.file === undefined || name[0] === undefined) return undefined;
  if (role === "name" && kind === "task") return collectTask(snapshot, target.file, name[0]);
  if (
    role !== "fragment" ||
    (kind !== "task" && kind !== "deploy") ||
    fragment[0] !== "output" ||
    fragment[1] === undefined
  )
    return undefined;
  const producers = findProducers(target.file, kind, name[0]);
  const entry = unionOutputs(producers).entries.get(fragment[1]);
  const starts = producers.flatMap((each) => findOutputs(each).entries.get(fragment[1] ?? "") ?? []);
  return entry === undefined ? undefined : collectOutput(snapshot, entry.view, fragment[1], starts);
}

/** Refs anywhere in the workspace that hold a name and lead to a file; only files whose text may hold it are looked at. */
function refsTo(snapshot: Snapshot, file: FileView, name: string): PlacedRef[] {
  const found: PlacedRef[] = [];
  const views = new Set<FileView>([file]);
  for (const repository of snapshot.repositories) {
    for (const path of repository.paths()) {
      const view = path.endsWith(".star") ? repository.file(path) : undefined;
      if (view !== undefined && mayHold(view.source.text, name) && mayLeadTo(view, file)) views.add(view);
    }
  }
  for (const view of views) {
    for (const written of view.writtenRefs) {
      if (!written.decoded.text.includes(name)) continue;
      const ref = placeRef(view, written);
      if (findRefTarget({ ...snapshot, file: view }, ref)?.file === file) found.push(ref);
    }
  }
  return found;
}

function segmentSpan(ref: PlacedRef, role: string, index: number): Span | undefined {
  const segment = ref.parsed.segments.filter((each) => each.role === role && each.text !== "")[index];
  return segment === undefined || segment.hasHole ? undefined : ref.spanOf(segment.start, segment.end);
}

function distinct(places: readonly Occurrence[]): Occurrence[] {
  const seen = new Set<string>();
  return places.filter(({ view, span }) => {
    const key = `${view.uri}:${span.start}:${span.end}`;
    return !seen.has(key) && seen.add(key);
  });
}
