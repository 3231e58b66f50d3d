import {
  absoluteRef,
  declaredInputs,
  documentRefs,
  type FunctionRef,
  type InputModel,
  listReleases,
  type PackageModel,
  type RunInput,
  type RunInputs,
  readRef,
  type StoreReader,
  workId,
} from "@ocuroot/engine";
import type { DefStatement } from "@ocuroot/starlark";
import { dialectOf, findFunctionAt, findInputReads } from "../analysis/functions.ts";
import { looksSecret, maskValue, secretMask } from "../analysis/secrets.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { contains, spanOf } from "../analysis/tree.ts";
import { constantText, type PlacedFunction, resolveFunction } from "../analysis/values.ts";
import type { InputDeclaration } from "../analysis/work.ts";
import type { WorkFunction, WorkFunctionInput, WorkFunctionParams, WorkFunctionUse } from "../protocol/index.ts";
import type { RepositoryStore } from "../state/repositoryStore.ts";
import { offsetAt } from "../text/convert.ts";
import { type InsightContext, placeIn } from "./context.ts";
import { loads } from "./pushEffects.ts";

/** The work function at a place, who runs it, and what it would get now (spec 6.4.8). */
export async function findWorkFunction(
  context: InsightContext,
  { uri, position }: WorkFunctionParams,
  signal: AbortSignal,
): Promise<WorkFunction | null> {
  const snapshot = context.snapshot(uri);
  const target = snapshot && findTarget(snapshot.file, offsetAt(snapshot.file.source, position));
  if (snapshot === undefined || target?.node.kind !== "DefStatement") return null;
  const { view } = target;
  const node = target.node;
  const { repository } = view;
  if (repository === undefined || view.path === undefined) return null;
  const line = view.source.lineAt(spanOf(node.name).start) + 1;
  const is = (fn: FunctionRef): boolean => fn.name === node.name.name && fn.pos.startsWith(`${view.path}:${line}:`);
  const place = placeIn(view, spanOf(node));
  const dialect = dialectOf(node);
  const packages = view.role === "package" ? [view] : usersOf(snapshot, view);
  const store = await context.stores.at(repository.root);
  for (const main of packages) {
    const about = context.snapshot(main.uri);
    const model = about && ((await context.previews.once(about, signal)).model ?? context.previews.lastModel(main.uri));
    if (about === undefined || model === undefined || main.path === undefined) continue;
    const fn = model.functions.map(({ ref }) => ref).find(is) ?? refsOf(model).find(is);
    const uses = await findUses({ about, main, model, store }, { view, node }, is);
    if (uses.length === 0 && packages.length > 1) continue;
    const pos = fn?.pos ?? `${view.path}:${line}:${spanOf(node).start - (view.source.lineStarts[line - 1] ?? 0) + 1}`;
    return { name: node.name.name, pos, file: main.path, uri: main.uri, place, dialect, uses };
  }
  return null;
}

/** The function that a call at the place names, else the one around it. */
function findTarget(view: FileView, offset: number): PlacedFunction | undefined {
  const { declarations, nexts } = view.facts.work;
  const here = [...declarations, ...nexts].findLast((each) => contains(spanOf(each.call.node), offset));
  const named = here?.functions.find((use) => contains(spanOf(use.expression), offset)) ?? here?.functions[0];
  if (named?.target !== undefined) return named.target;
  const node = findFunctionAt(view, offset);
  const top = node === undefined ? undefined : view.facts.functions.find((each) => isTopLevel(view, each, offset));
  return top && { view, node: top };
}

function isTopLevel(view: FileView, node: DefStatement, offset: number): boolean {
  return contains(spanOf(node), offset) && view.module.statements.includes(node);
}

/** Package files that load a module. */
function usersOf({ file }: Snapshot, module: FileView): FileView[] {
  const { repository } = file;
  return (repository?.packagePaths() ?? []).flatMap((path) => {
    const view = repository?.file(path);
    return view !== undefined && loads(view, module.path ?? "") ? [view] : [];
  });
}

function refsOf(model: PackageModel): FunctionRef[] {
  return model.phases.flatMap((phase) =>
    phase.work.flatMap((work) => (work.kind === "task" ? [work.fn] : [work.up, work.down])),
  );
}

interface Place {
  readonly about: Snapshot;
  readonly main: FileView;
  readonly model: PackageModel;
  readonly store: RepositoryStore | undefined;
}

async function findUses(
  { about, main, model, store }: Place,
  target: { readonly view: FileView; readonly node: DefStatement },
  is: (fn: FunctionRef) => boolean,
): Promise<WorkFunctionUse[]> {
  const repo = store?.name ?? main.repository?.name ?? ".";
  const place = { repo, file: main.path ?? "" };
  const [newest] = store?.state === undefined ? [] : await listReleases(store.state, place);
  const toAbsolute = absoluteRef(place, `${documentRefs.package(place)}/@${newest?.name ?? "r1"}`);
  const reader = new InputReader(store?.state, target);
  const uses: WorkFunctionUse[] = [];
  for (const work of model.phases.flatMap((phase) => phase.work)) {
    const id = workId(work);
    const summary = about.state.work(place.file, id);
    const known = {
      ...(summary === undefined ? {} : { status: summary.status }),
      ...(summary?.runRef === undefined ? {} : { runRef: summary.runRef }),
    };
    const parts = work.kind === "task" ? ({ task: work.fn } as const) : ({ up: work.up, down: work.down } as const);
    for (const [role, fn] of Object.entries(parts)) {
      if (is(fn)) {
        const inputs = await reader.read(declaredInputs(work, toAbsolute));
        uses.push({ work: id, role: role as WorkFunctionUse["role"], inputs, ...known });
      } else {
        const next = findNext(main, fn, target.node);
        if (next === undefined) continue;
        const inputs = await reader.read(withAbsolute(next, toAbsolute));
        uses.push({ work: id, role: "next", inputs, ...known });
      }
    }
  }
  return uses;
}

/** The inputs with which a chain that begins with a function goes on to another one. */
function findNext(
  main: FileView,
  fn: FunctionRef,
  goal: DefStatement,
): Readonly<Record<string, InputModel>> | undefined {
  const path = fn.pos.replace(/:\d+:\d+$/, "");
  const start = main.repository?.file(path)?.facts.functions.find((each) => each.name.name === fn.name);
  const seen = new Set<DefStatement>();
  const pending = start === undefined ? [] : [{ view: main.repository?.file(path) as FileView, node: start }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at.node)) continue;
    seen.add(at.node);
    const inside = spanOf(at.node);
    for (const next of at.view.facts.work.nexts) {
      if (!contains(inside, spanOf(next.call.node).start)) continue;
      const [use] = next.functions;
      const target = use && resolveFunction(at.view, use.expression);
      if (target?.node === goal) return modelsOf(next.inputs.entries.values());
      if (target?.node.kind === "DefStatement") pending.push({ view: target.view, node: target.node });
    }
  }
  return undefined;
}

/** Inputs as far as the text tells: constants that are computed while the work runs have no value here. */
function modelsOf(inputs: Iterable<InputDeclaration>): Record<string, InputModel> {
  const models = [...inputs].map(({ name, entry, source, hasDefault }): [string, InputModel] => {
    const ref = source === undefined ? undefined : constantText(entry.view, source.bound.get("ref")?.value);
    const text = constantText(entry.view, entry.value);
    return [name, ref === undefined ? (text === undefined ? {} : { value: text }) : { ref, hasDefault }];
  });
  return Object.fromEntries(models);
}

function withAbsolute(inputs: Readonly<Record<string, InputModel>>, toAbsolute: (ref: string) => string): RunInputs {
  const entries = Object.entries(inputs).map(([name, { ref, value, hasDefault }]): [string, RunInput] => {
    if (ref === undefined) return [name, value === undefined ? {} : { value }];
    try {
      return [name, { ref: toAbsolute(ref), ...(hasDefault ? { default: null } : {}) }];
    } catch {
      return [name, {}]; // No ref: its string shows the error.
    }
  });
  return Object.fromEntries(entries);
}

class InputReader {
  readonly #optional: ReadonlySet<string>;
  readonly #read: ReadonlySet<string> | undefined;

  constructor(
    private readonly state: StoreReader | undefined,
    { view, node }: { readonly view: FileView; readonly node: DefStatement },
  ) {
    const withDefault = node.parameters.filter((each) => each.default !== undefined);
    this.#optional = new Set(withDefault.map((each) => each.name?.name ?? ""));
    this.#read =
      dialectOf(node) === "ctx" ? new Set(findInputReads(view, node).reads.map((each) => each.name.name)) : undefined;
  }

  read(inputs: RunInputs): Promise<WorkFunctionInput[]> {
    return Promise.all(Object.entries(inputs).map(([name, input]) => this.#input(name, input)));
  }

  async #input(name: string, input: RunInput): Promise<WorkFunctionInput> {
    const optional = this.#optional.has(name) || this.#read?.has(name) === false;
    const about = { name, optional, ...(input.ref === undefined ? {} : { ref: input.ref }) };
    const shown = (value: NonNullable<RunInput["value"]> | null) => ({
      value: looksSecret(name) && value !== null ? secretMask : maskValue(value),
    });
    if (input.ref === undefined) {
      return "value" in input
        ? { ...about, ...shown(input.value ?? null), from: "constant" }
        : { ...about, from: "missing" };
    }
    // A damaged document is as if it were not there.
    const found = this.state && (await readRef(this.state, input.ref).catch(() => undefined));
    if (found !== undefined) return { ...about, ...shown(found.value), from: "state" };
    if ("default" in input) return { ...about, ...shown(input.default ?? null), from: "default" };
    return { ...about, from: "missing" };
  }
}
