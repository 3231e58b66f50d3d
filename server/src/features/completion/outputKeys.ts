import type { CallExpression, DictExpression, PlacedNode, StringLiteral } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { argumentOf } from "../../analysis/calls.ts";
import { readDict } from "../../analysis/dicts.ts";
import { findOutcomes } from "../../analysis/functions.ts";
import { mayLeadTo } from "../../analysis/mentions.ts";
import { findRefTarget } from "../../analysis/refTarget.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { contentSpan } from "../../analysis/tree.ts";
import type { WorkDeclaration } from "../../analysis/work.ts";
import { makeItem } from "./items.ts";

/** `done(outputs={"`: what refs ask this work for, what its other ends put out, and names of local values. */
export function completeOutputKeys(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
): CompletionItem[] {
  const { file } = snapshot;
  const dict = path.findLast((each): each is DictExpression => each.kind === "DictExpression");
  const node = path.findLast((each): each is CallExpression => each.kind === "CallExpression");
  const call = node && file.facts.callOf(node);
  if (dict === undefined || call?.entry.name !== "done" || argumentOf(call, "outputs") !== dict) return [];
  const given = new Set(
    dict.entries.flatMap((each) => (each.key.kind === "StringLiteral" && each.key !== literal ? [each.key.value] : [])),
  );
  const work = file.facts.work.declarations.filter((each) => endsWith(each, node));
  const items = new Map<string, readonly [detail: string, order: number]>();
  for (const [key, asker] of askedKeys(snapshot, work)) items.set(key, [`asked for in ${asker}`, 0]);
  for (const each of file.facts.sdkCalls) {
    if (each.entry.name !== "done" || each.node === node) continue;
    for (const key of readDict(file, argumentOf(each, "outputs")).entries.keys())
      if (!items.has(key)) items.set(key, ["output of another `done`", 1]);
  }
  for (const binding of file.resolution.visibleAt(contentSpan(literal).start)) {
    if (binding.scope === "local" && !items.has(binding.name)) items.set(binding.name, ["a value of that name", 2]);
  }
  return [...items]
    .filter(([key]) => key !== "" && !given.has(key))
    .map(([key, [detail, order]]) =>
      makeItem(file, contentSpan(literal), key, { kind: CompletionItemKind.Property, detail, order }),
    );
}

/** Whether a piece of work can end with this `done`. */
function endsWith(work: WorkDeclaration, node: CallExpression | undefined): boolean {
  const main = work.functions.find((each) => each.role !== "down")?.target;
  return main !== undefined && findOutcomes(main).dones.some((each) => each.call.node === node);
}

/** Output keys in refs to that work, each with the file that has the ref. */
function askedKeys(snapshot: Snapshot, work: readonly WorkDeclaration[]): Map<string, string> {
  const { file } = snapshot;
  const keys = new Map<string, string>();
  for (const view of [file, ...filesThatMayAsk(file)]) {
    for (const ref of view.facts.refs) {
      const { kind, name, fragment } = ref.parsed.ref;
      const [field, key] = fragment;
      if (field !== "output" || key === undefined || key === "" || keys.has(key)) continue;
      const isMeant = work.some((each) => each.kind === kind && (each.name === undefined || each.name === name[0]));
      if (isMeant && findRefTarget({ ...snapshot, file: view }, ref)?.file === file)
        keys.set(key, view.path ?? "this file");
    }
  }
  return keys;
}

/** Other package files that name this one. */
function filesThatMayAsk(file: FileView): FileView[] {
  const { repository, path } = file;
  if (repository === undefined || path === undefined) return [];
  return repository.packagePaths().flatMap((each) => {
    const view = each === path ? undefined : repository.file(each);
    return view?.source.text.includes("#output/") === true && mayLeadTo(view, file) ? [view] : [];
  });
}
