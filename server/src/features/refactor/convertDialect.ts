import type { DefStatement, Identifier, PlacedNode, Span } from "@ocuroot/starlark";
import type { TextEdit } from "../../analysis/edits.ts";
import { type Caller, dialectOf, filesThatMayUse, findCallers } from "../../analysis/functions.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { followLoads } from "../../analysis/symbols.ts";
import { findPath, spanOf, walk } from "../../analysis/tree.ts";

/** A refactoring as the editor offers it. */
export interface Refactoring {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/**
 * The same work function in the other dialect (spec 1.4). Undefined where its meaning could change: when it is called
 * otherwise than as work, `ctx` goes elsewhere, or a name would come to mean something else.
 */
export function convertDialect(view: FileView, node: DefStatement): Refactoring | undefined {
  const callers = findCallers(view, node);
  if (callers.length === 0 || !isAllWork(view, node, callers)) return undefined;
  const edits = dialectOf(node) === "ctx" ? toParameters(view, node, callers) : toCtx(view, node);
  if (edits === undefined) return undefined;
  const what = dialectOf(node) === "ctx" ? "take its inputs as parameters" : "take its inputs from `ctx`";
  return { title: `Let \`${node.name.name}\` ${what}`, edits };
}

/** Whether each use of the function, in its file and those that load it, is as work with inputs that are known. */
function isAllWork(view: FileView, node: DefStatement, callers: readonly Caller[]): boolean {
  if (callers.some((each) => each.inputs.isOpen)) return false;
  const own = view.resolution.bindingOf(node.name);
  if (own === undefined || own.definitions.length !== 1) return false;
  return filesThatMayUse(view).every((file) => {
    const asWork = new Set<PlacedNode>();
    for (const each of [...file.facts.work.declarations, ...file.facts.work.nexts]) {
      for (const use of each.functions) asWork.add(use.expression);
    }
    const bindings =
      file === view
        ? [own]
        : [...file.resolution.fileLocals.values(), ...file.resolution.globals.values()].filter(
            (each) => each.role === "load" && followLoads(file, each).binding === own,
          );
    return bindings.every((binding) => binding.uses.every((use) => asWork.has(use)));
  });
}

function toParameters(view: FileView, node: DefStatement, callers: readonly Caller[]): TextEdit[] | undefined {
  const [parameter] = node.parameters;
  const ctx = parameter?.name && view.resolution.bindingOf(parameter.name);
  if (parameter === undefined || ctx === undefined) return undefined;
  const edits: TextEdit[] = [];
  const read = new Set<string>();
  for (const use of ctx.uses) {
    const found = readOf(view, use);
    if (found === undefined) return undefined;
    read.add(found.name);
    edits.push({ span: found.span, text: found.text });
  }
  const names = parameterNames(callers, read);
  if (names === undefined || names.some(({ name }) => isTaken(view, node, name))) return undefined;
  const list = names.map(({ name, isOptional }) => (isOptional ? `${name}=None` : name));
  return [{ span: spanOf(parameter), text: list.join(", ") }, ...withoutSelfAssignments(view, node, edits)];
}

interface Read {
  readonly name: string;
  readonly span: Span;
  readonly text: string;
}

/** What `ctx.…` around a use of `ctx` reads, and how that is written with parameters. */
function readOf(view: FileView, use: Identifier): Read | undefined {
  const path = findPath(view.module, spanOf(use).start);
  const at = path.lastIndexOf(use);
  const [member, outer] = [path[at - 1], path[at - 2]];
  if (member?.kind !== "DotExpression" || member.object !== use) return undefined;
  if (member.name.name === "inputs") {
    if (outer?.kind !== "DotExpression" || outer.object !== member || outer.name.name === "") return undefined;
    return { name: outer.name.name, span: spanOf(outer), text: outer.name.name };
  }
  if (member.name.name !== "environment") return undefined;
  const whole = (text: string, node: PlacedNode): Read => ({ name: "environment", span: spanOf(node), text });
  if (outer?.kind === "IndexExpression" && outer.object === member) return whole("environment", member);
  if (outer?.kind !== "DotExpression" || outer.object !== member) return undefined;
  const { name } = outer.name;
  return name === "name" || name === "attributes" ? whole(`environment["${name}"]`, outer) : undefined;
}

/** All that callers pass, in their order. What some do not pass has a default; undefined when that could not be. */
function parameterNames(
  callers: readonly Caller[],
  read: ReadonlySet<string>,
): readonly { readonly name: string; readonly isOptional: boolean }[] | undefined {
  const deploys = callers.filter((each) => each.kind === "deploy").length;
  const names = new Set(callers.flatMap((each) => [...each.inputs.entries.keys()]));
  for (const name of read) {
    if (!names.has(name) && name !== "environment") return undefined;
  }
  const takesEnvironment = deploys > 0 || read.has("environment");
  names.delete("environment");
  const list = [...names].map((name) => ({
    name,
    isOptional: callers.some((each) => !each.inputs.entries.has(name)),
  }));
  if (takesEnvironment) list.unshift({ name: "environment", isOptional: deploys < callers.length });
  return [...list.filter((each) => !each.isOptional), ...list.filter((each) => each.isOptional)];
}

const reserved = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda load nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Whether a name means something in the function already, other than what is read into it. */
function isTaken(view: FileView, node: DefStatement, name: string): boolean {
  if (reserved.has(name)) return true;
  let isFound = false;
  walk(node, (each) => {
    if (each.kind !== "Identifier" || each.name !== name) return;
    const binding = view.resolution.bindingOf(each);
    if (binding === undefined) return; // An attribute or the name of an argument.
    const isRead = binding.role === "variable" && binding.definitions.every((one) => assigns(view, one, name));
    if (!isRead) isFound = true;
  });
  return isFound;
}

/** Whether a variable is bound by `name = ctx.inputs.name`. */
function assigns(view: FileView, definition: Identifier, name: string): boolean {
  const path = findPath(view.module, spanOf(definition).start);
  const parent = path[path.lastIndexOf(definition) - 1];
  if (parent?.kind !== "AssignStatement" || parent.target !== definition || parent.operator !== "=") return false;
  const { start, end } = spanOf(parent.value);
  return view.source.text.slice(start, end) === `ctx.inputs.${name}`;
}

/** `tag = ctx.inputs.tag` says nothing any more: the line goes, unless it is all there is. */
function withoutSelfAssignments(view: FileView, node: DefStatement, edits: readonly TextEdit[]): TextEdit[] {
  return edits.map((edit) => {
    const statement = node.body.find(
      (each) => each.kind === "AssignStatement" && spanOf(each.value).start === edit.span.start,
    );
    const isSelf =
      statement?.kind === "AssignStatement" &&
      statement.target.kind === "Identifier" &&
      statement.target.name === edit.text;
    if (!isSelf || node.body.length === 1) return edit;
    const { start, end } = spanOf(statement);
    const { source } = view;
    const line = source.lineAt(start);
    const lineStart = source.lineStarts[line] ?? 0;
    const next = source.lineStarts[line + 1] ?? source.text.length;
    const isAlone = source.text.slice(lineStart, start).trim() === "" && source.text.slice(end, next).trim() === "";
    return isAlone ? { span: { start: lineStart, end: next }, text: "" } : edit;
  });
}

function toCtx(view: FileView, node: DefStatement): TextEdit[] | undefined {
  const { parameters } = node;
  const [first] = parameters;
  const last = parameters.at(-1);
  if (parameters.some((each) => each.star !== "" || each.name === undefined) || isTaken(view, node, "ctx"))
    return undefined;
  const edits: TextEdit[] = [];
  for (const parameter of parameters) {
    const binding = parameter.name && view.resolution.bindingOf(parameter.name);
    // One that gets other values later is a variable, too.
    if (parameter.name === undefined || binding === undefined || binding.definitions.length !== 1) return undefined;
    const fallback = parameter.default;
    for (const use of binding.uses) {
      const edit = useOfParameter(view, parameter.name.name, use, fallback && textOf(view, fallback));
      if (edit === undefined) return undefined;
      edits.push(edit);
    }
  }
  const list = first === undefined || last === undefined ? emptyList(view, node) : joined(spanOf(first), spanOf(last));
  return list && [{ span: list, text: "ctx" }, ...edits];
}

function useOfParameter(
  view: FileView,
  name: string,
  use: Identifier,
  fallback: string | undefined,
): TextEdit | undefined {
  const path = findPath(view.module, spanOf(use).start);
  const parent = path[path.lastIndexOf(use) - 1];
  if (parent?.kind === "AssignStatement" && parent.target === use) return undefined;
  if (name === "environment" && parent?.kind === "IndexExpression" && parent.object === use) {
    const key = parent.index.kind === "StringLiteral" ? parent.index.value : undefined;
    if (key === "name" || key === "attributes") return { span: spanOf(parent), text: `ctx.environment.${key}` };
  }
  const text = fallback === undefined ? `ctx.inputs.${name}` : `getattr(ctx.inputs, "${name}", ${fallback})`;
  return { span: spanOf(use), text };
}

function textOf(view: FileView, node: PlacedNode): string {
  const { start, end } = spanOf(node);
  return view.source.text.slice(start, end);
}

function joined(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

function emptyList(view: FileView, node: DefStatement): Span | undefined {
  const open = view.source.text.indexOf("(", spanOf(node.name).end);
  return open < 0 ? undefined : { start: open + 1, end: open + 1 };
}
