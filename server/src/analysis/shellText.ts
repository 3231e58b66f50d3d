import type { Expression, Span, StringLiteral } from "@ocuroot/starlark";
import type { ShellReading } from "../shell/reading.ts";
import { readShell } from "../shell/recognise.ts";
import { argumentOf } from "./calls.ts";
import { type KnownDict, readDict } from "./dicts.ts";
import type { PlacedCall, StatementPart } from "./facts.ts";
import type { FileView } from "./snapshot.ts";
import { decodeString } from "./strings.ts";
import { contentSpan, spanOf } from "./tree.ts";
import { constantText, resolveValue, unwrap } from "./values.ts";

/** The command of a `host.shell(...)` as text, with the way back to the file. */
export interface ShellText {
  readonly view: FileView;
  readonly call: PlacedCall;
  /** Stays the same object while the command's statement does not change, wherever it moves. */
  readonly body: ShellBody;
  /** Holes (`{}`, `%s`, what is added with `+`) hold a word. */
  readonly text: string;
  /** Indices in `text`. */
  readonly holes: readonly Span[];
  readonly literals: readonly StringLiteral[];
  /** What `env=` gives. */
  readonly env: KnownDict;
  /** The folder as written, when the text tells; "" is the package file's own. */
  readonly folder: string | undefined;
  readonly reading: ShellReading;
  /** By how much the statement has moved since the body was read. */
  readonly moved: number;
  /** The place in the file of a piece of the text. */
  spanOf(start: number, end: number): Span;
  /** The index in the text of an offset in the file; undefined outside of it. */
  indexOf(offset: number): number | undefined;
}

/** What does not depend on where the command stands. */
export interface ShellBody {
  readonly text: string;
  readonly holes: readonly Span[];
  readonly literals: readonly StringLiteral[];
  /** Offsets in the file of each char, as they were when the text was read. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where the statement was then. */
  readonly base: number;
  readonly reading: ShellReading;
}

/** Stands for what is filled in: a word is what fits in most places. */
const hole = "hole";

const known = new WeakMap<FileView, readonly ShellText[]>();

/** The shell text of a file. */
export function findShellTexts(view: FileView): readonly ShellText[] {
  let found = known.get(view);
  if (found === undefined) {
    found = findShellTextsIn(view, view.facts);
    known.set(view, found);
  }
  return found;
}

/** The shell text of a statement of a file. */
export function findShellTextsIn(view: FileView, { sdkCalls }: Pick<StatementPart, "sdkCalls">): ShellText[] {
  return sdkCalls.flatMap((call) => readShellText(view, call) ?? []);
}

/** The shell text that holds an offset of the file. */
export function findShellTextAt(view: FileView, offset: number): ShellText | undefined {
  return findShellTexts(view).find((each) =>
    each.literals.some((literal) => {
      const { start, end } = contentSpan(literal);
      return start <= offset && offset <= end;
    }),
  );
}

/** Longer text is data. */
const maxLength = 20_000;

const shells = /(?:^|\/)(?:sh|bash|dash|ash|ksh)$/;

function readShellText(view: FileView, call: PlacedCall): ShellText | undefined {
  if (call.entry.name !== "host.shell" && call.entry.name !== "shell") return undefined;
  const program = argumentOf(call, "shell");
  if (program !== undefined && !shells.test(constantText(view, program) ?? "")) return undefined;
  const command = argumentOf(call, "command");
  const body = command === undefined ? undefined : readBody(view, call, command);
  if (command === undefined || body === undefined) return undefined;
  const { text, starts, ends, holes, literals } = body;
  const moved = call.node.chunk.offset - body.base;
  return {
    view,
    call,
    body,
    text,
    holes,
    literals,
    moved,
    get env() {
      return readDict(view, argumentOf(call, "env"));
    },
    get folder() {
      const dir = argumentOf(call, "dir");
      return dir === undefined ? (call.hasSpread ? undefined : "") : constantText(view, dir);
    },
    get reading() {
      return body.reading;
    },
    spanOf: (start, end) => {
      const last = starts.length - 1;
      if (last < 0) return spanOf(command);
      const from = (starts[Math.min(start, last)] as number) + moved;
      return { start: from, end: Math.max(from, (ends[Math.min(Math.max(end - 1, start), last)] as number) + moved) };
    },
    indexOf: (offset) => {
      const at = offset - moved;
      const index = starts.findIndex((start, each) => start <= at && at < Math.max(start + 1, ends[each] as number));
      if (index >= 0) return index;
      const behind = ends.lastIndexOf(at);
      return behind < 0 ? (text === "" ? 0 : undefined) : behind + 1;
    },
  };
}

/** Bodies of commands that say all in their own statement. */
const bodies = new WeakMap<PlacedCall, ShellBody | null>();

function readBody(view: FileView, call: PlacedCall, command: Expression): ShellBody | undefined {
  const known = bodies.get(call);
  if (known !== undefined) return known ?? undefined;
  const builder = new Builder(view);
  const isText = builder.add(command) && builder.text.length <= maxLength;
  const { text, starts, ends, holes, literals } = builder;
  const memo: { reading?: ShellReading } = {};
  const body: ShellBody | undefined = isText
    ? {
        text,
        starts,
        ends,
        holes,
        literals,
        base: call.node.chunk.offset,
        get reading() {
          memo.reading ??= readWithHoles(text, holes);
          return memo.reading;
        },
      }
    : undefined;
  if (!builder.usesNames) bodies.set(call, body ?? null);
  return body;
}

/** Puts the text of an expression together, char by char with its place in the file. */
class Builder {
  text = "";
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly holes: Span[] = [];
  readonly literals: StringLiteral[] = [];
  /** Names stand for what other statements say. */
  usesNames = false;

  constructor(private readonly view: FileView) {}

  /** Adds what an expression says; false when it says nothing of itself. */
  add(expression: Expression): boolean {
    const node = unwrap(expression);
    if (node.kind === "StringLiteral") return this.#addLiteral(node, undefined);
    if (node.kind === "BinaryExpression" && node.operator === "+") {
      const left = this.add(node.left);
      return this.add(node.right) || left;
    }
    if (node.kind === "BinaryExpression" && node.operator === "%") {
      const literal = this.#literal(node.left);
      if (literal !== undefined) return this.#addLiteral(literal, /%(?:%|(?:\([^)]*\))?[sdrxoXcefgEFG])/g);
    }
    if (node.kind === "CallExpression" && node.callee.kind === "DotExpression") {
      const literal = this.#literal(node.callee.object);
      const [items] = node.arguments;
      if (literal !== undefined && node.callee.name.name === "format") {
        return this.#addLiteral(literal, /\{\{|\}\}|\{[^{}]*\}/g);
      }
      const list = items === undefined ? undefined : unwrap(items.value);
      if (literal !== undefined && node.callee.name.name === "join" && list?.kind === "ListExpression") {
        return this.#addJoined(literal, list.elements);
      }
    }
    if (node.kind === "Identifier") {
      const value = resolveValue(this.view, node);
      this.usesNames = true;
      if (value.view === this.view && value.node !== node && value.node.kind !== "Identifier")
        return this.add(value.node);
    }
    this.#addHole(spanOf(node));
    return false;
  }

  #literal(expression: Expression): StringLiteral | undefined {
    const value = resolveValue(this.view, expression);
    if (unwrap(expression).kind === "Identifier") this.usesNames = true;
    return value.view === this.view && value.node.kind === "StringLiteral" ? value.node : undefined;
  }

  #addLiteral(literal: StringLiteral, holes: RegExp | undefined): true {
    this.literals.push(literal);
    if (literal.value.length > maxLength) {
      this.text = literal.value;
      return true;
    }
    const decoded = decodeString(this.view.source, literal);
    const { text, offsets, start } = decoded;
    const end = contentSpan(literal).end;
    const placeOf = (index: number): number => (offsets === undefined ? start + index : (offsets[index] as number));
    const copy = (from: number, to: number): void => {
      for (let index = from; index < to; index++) this.#push(text[index] as string, placeOf(index), placeOf(index + 1));
    };
    let done = 0;
    for (const match of holes === undefined ? [] : text.matchAll(holes)) {
      copy(done, match.index);
      done = match.index + match[0].length;
      const span = { start: placeOf(match.index), end: Math.min(placeOf(done), end) };
      // `{{` and `%%` stand for one char.
      if (match[0] === "{{" || match[0] === "}}" || match[0] === "%%")
        this.#push(match[0].charAt(0), span.start, span.end);
      else this.#addHole(span);
    }
    copy(done, text.length);
    return true;
  }

  #addJoined(separator: StringLiteral, elements: readonly Expression[]): boolean {
    const between = decodeString(this.view.source, separator).text;
    let says = false;
    for (const [index, element] of elements.entries()) {
      const at = spanOf(element).start;
      if (index > 0) for (const char of between) this.#push(char, at, at);
      says = this.add(element) || says;
    }
    return says;
  }

  #addHole(span: Span): void {
    const start = this.text.length;
    for (const char of hole) this.#push(char, span.start, span.end);
    this.holes.push({ start, end: this.text.length });
  }

  #push(char: string, start: number, end: number): void {
    this.text += char;
    this.starts.push(start);
    this.ends.push(end);
  }
}

/** What is filled in may be several words, or nothing: a fault counts when it is there in both cases. */
function readWithHoles(text: string, holes: readonly Span[]): ShellReading {
  const reading = readShell(text);
  if (reading.fault === undefined || holes.length === 0) return reading;
  let bare = "";
  let done = 0;
  for (const each of holes) {
    bare += text.slice(done, each.start);
    done = each.end;
  }
  bare += text.slice(done);
  return readShell(bare).fault === undefined ? { ...reading, fault: undefined } : reading;
}
