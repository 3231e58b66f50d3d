import { isUnset } from "@ocuroot/engine";
import type { Diagnostic } from "@ocuroot/starlark";
import type { RefString } from "../../analysis/refStrings.ts";
import { findOwners, findProducers, findRefTarget, type RefOwner } from "../../analysis/refTarget.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import type { WorkDeclaration } from "../../analysis/work.ts";
import { findFileCycle } from "./fileCycles.ts";
import { makeProblem } from "./report.ts";

/** Refs that would keep work waiting for ever (spec 6.4.4): from the same or a later phase, from itself, in a circle. */
export function checkReadiness(snapshot: Snapshot, ref: RefString): Diagnostic[] {
  const { kind, name, hasRelease, release } = ref.parsed.ref;
  const work = name[0];
  if ((kind !== "task" && kind !== "deploy") || work === undefined) return [];
  const target = findRefTarget(snapshot, ref);
  if (target?.file === undefined) return [];
  const segment = ref.parsed.segments.find((each) => each.role === "name");
  const owners = findOwners(ref).filter((each) => !each.input.hasDefault);
  // A default (on the input or on the ref) lets the work go on.
  if (ref.hasDefault || owners.length === 0 || segment?.hasHole !== false) return [];
  const span = ref.spanOf(segment.start, segment.end);
  if (!target.isSelf) {
    const cycle = hasRelease && release !== "" ? undefined : findFileCycle(snapshot, ref, owners);
    return cycle === undefined
      ? []
      : [makeProblem("refs/cycle", ref.spanOf(0, ref.text.length), cycle, { fixes: defaultFixes(ref) })];
  }
  const producers = findProducers(target.file, kind, work).filter((each) => each.view === ref.view);
  // One owner that can be served is enough: the same text may be used in several places.
  const verdicts = owners.map((owner) => judge(owner, producers));
  const [verdict] = verdicts;
  if (verdict === undefined || verdicts.some((each) => each !== verdict)) return [];
  const isThisRelease = !hasRelease && isUnset(ref.parsed.ref.path);
  if (isThisRelease) {
    return verdict === "self"
      ? [makeProblem("refs/self", span, `\`${work}\` waits for its own output of this release: it can never be ready.`)]
      : [makeProblem("refs/later-phase", span, laterMessage(work, verdict))];
  }
  if (!hasRelease || release !== "") return [];
  const message =
    verdict === "self"
      ? `The first release has no earlier \`${work}\` to read from and would wait for ever: give the input a default.`
      : `\`${work}\` comes ${verdict === "same" ? "in the same phase" : "later"}: the first release would wait for ever. Give the input a default.`;
  return [makeProblem("refs/first-release", span, message, { fixes: defaultFixes(ref) })];
}

type Verdict = "self" | "same" | "later" | undefined;

function judge(owner: RefOwner, producers: readonly WorkDeclaration[]): Verdict {
  if (!("kind" in owner.work) || producers.length === 0) return undefined;
  const consumer = owner.work;
  if (producers.length === 1 && producers[0] === consumer && consumer.name !== undefined) return "self";
  if (consumer.orders.length === 0 || producers.some((each) => each.orders.length === 0)) return undefined;
  const latest = Math.max(...consumer.orders);
  const earliest = Math.min(...producers.flatMap((each) => each.orders));
  if (earliest < latest) return undefined;
  return earliest === latest ? "same" : "later";
}

function laterMessage(work: string, verdict: "same" | "later"): string {
  return verdict === "same"
    ? `\`${work}\` is in the same phase, and this work waits for it before the phase can end: it can never be ready. Put it into an earlier phase.`
    : `\`${work}\` only runs in a later phase: this can never be ready.`;
}

function defaultFixes(
  ref: RefString,
): { title: string; edits: { span: { start: number; end: number }; text: string }[] }[] {
  const { node, entry, bound } = ref.call;
  if (bound.has("default") || (entry.name === "ref" && node.callee.kind !== "Identifier")) return [];
  const at = node.chunk.offset + node.rparen;
  const hasComma = /,\s*$/.test(ref.view.source.text.slice(0, at));
  return [
    {
      title: "Add `default=None`",
      edits: [
        // `ref(…)` takes no default, `input(…)` is the same with one.
        ...(entry.name === "ref" ? [{ span: spanOf(node.callee), text: "input" }] : []),
        { span: { start: at, end: at }, text: hasComma ? " default=None" : ", default=None" },
      ],
    },
  ];
}
