import { type ParsedRef, parseRefWithSpans, type TemplateStyle } from "@ocuroot/engine";
import type { Expression, Span, StringLiteral } from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import type { PlacedCall } from "./facts.ts";
import type { FileView } from "./snapshot.ts";
import { type DecodedString, decodeString, indexInString, isClosed, spanInString } from "./strings.ts";
import { contentSpan } from "./tree.ts";
import { literalOf, unwrap } from "./values.ts";

/** A string that is a ref, read where it is written. Text indices count UTF-16 units of `text`. */
export interface RefString {
  readonly view: FileView;
  readonly literal: StringLiteral;
  readonly text: string;
  readonly decoded: DecodedString;
  readonly template: TemplateStyle | undefined;
  /** More text follows (`"./task/" + name`): the end of `text` is not the end of the ref. */
  readonly isOpenEnded: boolean;
  readonly parsed: ParsedRef;
  /** The `input(...)` or `ref(...)` it is an argument of. */
  readonly call: PlacedCall;
  /** The work may go on without it. */
  readonly hasDefault: boolean;
  spanOf(start: number, end: number): Span;
  indexOf(offset: number): number;
}

/** What a ref says and where: all that is kept of it when the tree of its file is not. */
export interface WrittenRef {
  readonly decoded: DecodedString;
  readonly template: TemplateStyle | undefined;
}

/** What a ref means, wherever that is known from. */
export type PlacedRef = Pick<RefString, "view" | "parsed" | "spanOf">;

export function writtenRefsOf(view: FileView): WrittenRef[] {
  return view.facts.refs.map(({ decoded, template }) => ({ decoded, template }));
}

/** Reads a ref of a file that may have no tree. */
export function placeRef(view: FileView, { decoded, template }: WrittenRef): PlacedRef {
  return {
    view,
    parsed: parseRefWithSpans(decoded.text, template === undefined ? {} : { template }),
    spanOf: (start, end) => spanInString(decoded, start, end),
  };
}

/** The refs that a file's strings hold: arguments of `input(ref=…)` and `ref(…)`, also templates and variables. */
export function findRefStrings(view: FileView, calls: readonly PlacedCall[]): RefString[] {
  const refs: RefString[] = [];
  for (const call of calls) {
    if (call.entry.name !== "input" && call.entry.name !== "ref") continue;
    const argument = argumentOf(call, "ref");
    const found = argument === undefined ? undefined : readRefString(view, argument, call);
    if (found !== undefined) refs.push(found);
  }
  return refs;
}

function readRefString(view: FileView, argument: Expression, call: PlacedCall): RefString | undefined {
  const shape = findLiteral(view, argument);
  if (shape === undefined) return undefined;
  const decoded = decodeString(view.source, shape.literal);
  return makeRefString(view, shape, decoded, call);
}

interface LiteralShape {
  readonly literal: StringLiteral;
  readonly template: TemplateStyle | undefined;
  readonly isOpenEnded: boolean;
}

function findLiteral(view: FileView, expression: Expression): LiteralShape | undefined {
  const node = unwrap(expression);
  if (node.kind === "StringLiteral") return { literal: node, template: undefined, isOpenEnded: false };
  if (node.kind === "CallExpression" && node.callee.kind === "DotExpression" && node.callee.name.name === "format") {
    const inner = findLiteral(view, node.callee.object);
    return inner && { ...inner, template: "format" };
  }
  if (node.kind === "BinaryExpression" && node.operator === "%") {
    const inner = findLiteral(view, node.left);
    return inner && { ...inner, template: "percent" };
  }
  if (node.kind === "BinaryExpression" && node.operator === "+") {
    const inner = findLiteral(view, node.left);
    return inner && { ...inner, isOpenEnded: true };
  }
  if (node.kind !== "Identifier") return undefined;
  const value = literalOf(view, node);
  return value?.view === view ? { literal: value.node, template: undefined, isOpenEnded: false } : undefined;
}

function makeRefString(view: FileView, shape: LiteralShape, decoded: DecodedString, call: PlacedCall): RefString {
  const { text } = decoded;
  const input = call.entry.name === "input" ? call : undefined;
  return {
    view,
    ...shape,
    text,
    decoded,
    call,
    hasDefault: input?.bound.has("default") ?? false,
    get parsed() {
      return parseCached(shape, text);
    },
    spanOf: (start, end) => spanInString(decoded, start, end),
    indexOf: (offset) => indexInString(decoded, offset),
  };
}

/** Statements that did not change keep their nodes, and so their refs. */
const parsed = new WeakMap<StringLiteral, { readonly template: TemplateStyle | undefined; readonly ref: ParsedRef }>();

function parseCached({ literal, template }: LiteralShape, text: string): ParsedRef {
  const known = parsed.get(literal);
  if (known !== undefined && known.template === template) return known.ref;
  const ref = parseRefWithSpans(text, template === undefined ? {} : { template });
  parsed.set(literal, { template, ref });
  return ref;
}

/** The ref string whose text holds an offset (its ends included). */
export function findRefAt(view: FileView, offset: number): RefString | undefined {
  return view.facts.refs.find((ref) => {
    const span = contentSpan(ref.literal);
    if (offset < span.start || offset > span.end) return false;
    // An unclosed string ends with its line; the cursor behind it is still inside.
    return offset < span.end || isClosed(ref.literal) || offset <= span.end;
  });
}
