import {
  type InputModel,
  isUnset,
  type JsonValue,
  makeAbsolute,
  type PackageModel,
  type PhaseModel,
  parseRef,
  printRef,
  type Ref,
  type SourcePosition,
  type WorkModel,
} from "@ocuroot/engine";
import { looksSecret, maskAt, maskValue, secretMask } from "../analysis/secrets.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import type { WorkSummary } from "../analysis/stateView.ts";
import { findPath, spanOf } from "../analysis/tree.ts";
import { own } from "../own.ts";
import type { GraphCard, GraphInput, GraphPhase, PhaseGraph, ProtocolRange } from "../protocol/index.ts";
import { shortValue } from "../state/words.ts";
import { rangeOf } from "../text/convert.ts";
import { offsetOf } from "./problems.ts";

export interface GraphParts {
  readonly snapshot: Snapshot;
  readonly model: PackageModel | undefined;
  readonly version: number | null;
  readonly stale: boolean;
  readonly problem: PhaseGraph["problem"];
  readonly environmentsNotReleased: boolean;
}

/** The phase graph of a file: its last good model, with the statuses of its newest release. */
export function buildGraph(parts: GraphParts): PhaseGraph {
  const { snapshot, model, stale, problem, environmentsNotReleased } = parts;
  const { file, state } = snapshot;
  const [newest] = file.path === undefined ? [] : state.releases(file.path);
  const ids =
    model === undefined ? new Set<string>() : new Set(model.phases.flatMap((phase) => phase.work.map(cardId)));
  return {
    uri: file.uri,
    version: parts.version,
    stale,
    ...(problem === undefined ? {} : { problem }),
    environmentsNotReleased,
    phases: model === undefined ? [] : makePhases(snapshot, model, ids),
    ...(newest === undefined || file.path === undefined
      ? {}
      : { release: { ref: newest.ref, name: newest.name, status: newest.status } }),
  };
}

/** `task/build`, `deploy/staging`: unique within a file, and the same after every edit that keeps the name. */
export function cardId(work: WorkModel): string {
  return work.kind === "task" ? `task/${work.name}` : `deploy/${work.environment.name}`;
}

function makePhases(snapshot: Snapshot, model: PackageModel, ids: ReadonlySet<string>): GraphPhase[] {
  const taken = new Map<string, number>();
  return model.phases.map((phase) => {
    const base =
      phase.name === "" ? (phase.work[0] === undefined ? "phase" : cardId(phase.work[0])) : `phase/${phase.name}`;
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return {
      id: count === 1 ? base : `${base}#${count}`,
      name: phase.name,
      range: placeOf(snapshot, phase.position).range,
      cards: makeCards(snapshot, phase, ids),
    };
  });
}

function makeCards(snapshot: Snapshot, phase: PhaseModel, ids: ReadonlySet<string>): GraphCard[] {
  const { file, state } = snapshot;
  return phase.work.map((work) => {
    const id = cardId(work);
    const summary = file.path === undefined ? undefined : state.work(file.path, id);
    return {
      id,
      kind: work.kind,
      title: work.kind === "task" ? work.name : work.environment.name,
      ...placeOf(snapshot, work.position),
      inputs: Object.entries(work.inputs).map(([name, input]) => makeInput(snapshot, name, input, ids, summary)),
      ...(summary === undefined
        ? {}
        : {
            status: summary.status,
            ...(summary.durationMs === undefined ? {} : { durationMs: summary.durationMs }),
            ...(summary.news === undefined ? {} : { news: summary.news }),
            ...(summary.runRef === undefined ? {} : { runRef: summary.runRef }),
          }),
    };
  });
}

function makeInput(
  snapshot: Snapshot,
  name: string,
  input: InputModel,
  ids: ReadonlySet<string>,
  summary: WorkSummary | undefined,
): GraphInput {
  if (input.ref === undefined) {
    const value = input.value ?? input.default;
    return { name, blocked: false, ...(value === undefined ? {} : { value: shownInput(name, value, undefined) }) };
  }
  const producer = findProducer(snapshot, input.ref, ids);
  const now = producer === undefined ? undefined : snapshot.state.value(producer.absolute);
  const hasDefault = input.hasDefault === true || input.default !== undefined;
  // What the run got says why it ended as it did; what is there now may come from the run itself.
  const recorded = own(summary?.inputs, name);
  const value = recorded ?? now?.value ?? (hasDefault ? input.default : undefined);
  const isWaiting = summary?.status === "blocked" || summary?.status === "paused";
  return {
    name,
    ref: input.ref,
    ...(producer?.from === undefined ? {} : { from: producer.from }),
    ...(producer?.fromUri === undefined ? {} : { fromUri: producer.fromUri }),
    ...(value === undefined ? {} : { value: shownInput(name, value, producer) }),
    ...(recorded === undefined || summary === undefined ? {} : { recordedBy: summary.release }),
    blocked: now === undefined && !hasDefault && isWaiting,
    ...(producer !== undefined && producer.from === undefined && now === undefined && !hasDefault
      ? { missing: true }
      : {}),
  };
}

/** A value as the card shows it; secrets masked. */
function shownInput(name: string, value: JsonValue, producer: Producer | undefined): string {
  if (looksSecret(name)) return secretMask;
  return shortValue(producer === undefined ? maskValue(value) : maskAt(producer.file, producer.ref, value), 60);
}

interface Producer {
  readonly absolute: string;
  readonly ref: Ref;
  /** The file that it is in, when that is in the workspace. */
  readonly file: FileView | undefined;
  readonly from?: string;
  readonly fromUri?: string;
}

function findProducer(snapshot: Snapshot, text: string, ids: ReadonlySet<string>): Producer | undefined {
  const { file } = snapshot;
  const parsed = parseRef(text);
  if (!parsed.ok) return undefined;
  const absolute = absoluteOf(file, parsed.ref);
  if (absolute === undefined) return undefined;
  const print = printRef(absolute);
  const { kind, name } = absolute;
  const isSelf = !absolute.isGlobal && (isUnset(absolute.path) || absolute.path === file.path);
  if (isSelf) {
    const id = `${kind}/${name[0] ?? ""}`;
    return { absolute: print, ref: absolute, file, ...(ids.has(id) ? { from: id } : {}) };
  }
  const isOwn = isUnset(absolute.repo) || absolute.repo === file.repository?.name;
  const repository = isOwn ? file.repository : snapshot.repositories.find((each) => each.name === absolute.repo);
  const other = absolute.isGlobal ? undefined : repository?.file(absolute.path);
  return { absolute: print, ref: absolute, file: other, ...(other === undefined ? {} : { fromUri: other.uri }) };
}

function absoluteOf(file: FileView, ref: Ref): Ref | undefined {
  try {
    return makeAbsolute(ref, { repo: file.repository?.name ?? ".", path: file.path ?? "." });
  } catch {
    return undefined; // The path leads out of the repository.
  }
}

/** The call at a position, in whichever file it is; an empty range at the position when the text has moved on. */
export function placeOf(snapshot: Snapshot, position: SourcePosition): { uri: string; range: ProtocolRange } {
  const { file } = snapshot;
  const at = position.file === file.path ? file : file.repository?.file(position.file);
  if (at === undefined) {
    const start = { line: position.line - 1, character: position.column - 1 };
    return { uri: file.uri, range: { start, end: start } };
  }
  const offset = offsetOf(at.source, position);
  const call = findPath(at.module, offset).findLast((each) => each.kind === "CallExpression");
  return { uri: at.uri, range: rangeOf(at.source, call === undefined ? { start: offset, end: offset } : spanOf(call)) };
}
