import type { GroupKind, Roles, Token } from "./tokens.ts";
import type { Writer } from "./writer.ts";

const step = 4;
const openers = new Set(["(", "[", "{"]);
const closers = new Set([")", "]", "}"]);

/** One element of a list, call, … : its tokens and the comments around it. */
interface Item {
  readonly lead: Token[];
  from: number;
  to: number;
  readonly trail: Token[];
  /** A clause of a comprehension: no comma stands before it. */
  readonly isClause: boolean;
}

/**
 * Prints tokens of expressions: blanks as the operators ask for, and what brackets hold either on the line or, as soon
 * as the source breaks a line between two elements, one element a line.
 */
export class ExpressionPrinter {
  readonly #partner: ReadonlyMap<number, number>;
  #previous: Token | undefined;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly roles: Roles,
    private readonly writer: Writer,
  ) {
    this.#partner = pairBrackets(tokens);
  }

  /** Prints the tokens of a statement, or of its head, at the start of a line. */
  print(from: number, to: number): void {
    this.#previous = undefined;
    this.#run(from, to, undefined);
  }

  /** The bracket that closes the one at an index. */
  #closeOf(index: number): number {
    return this.#partner.get(index) ?? index;
  }

  #at(index: number): Token {
    return this.tokens[index] as Token;
  }

  /** Prints tokens of one nesting depth. `base` is the indentation of the element, undefined outside of brackets. */
  #run(from: number, to: number, base: number | undefined, kind?: GroupKind): void {
    const columns = new Map<number, number>();
    let operator: Token | undefined;
    let isBreakDue = false;
    let last: Token | undefined;
    for (let index = from; index < to; index++) {
      const token = this.#at(index);
      const isBroken = base !== undefined && last !== undefined && token.line > last.endLine;
      if (last?.kind === "comment") {
        this.#breakLine((base ?? 0) + step);
      } else if (token.kind === "comment") {
        this.writer.insert("  ");
      } else if (operator !== undefined && (isBroken || isBreakDue)) {
        this.#breakLine(columns.get(this.roles.operators.get(operator.start) ?? -1) ?? (base ?? 0) + step);
        isBreakDue = false;
      } else if (isBroken && token.text === "." && token.kind === "operator") {
        this.#breakLine((base ?? 0) + step);
      } else {
        if (isBroken && this.roles.operators.has(token.start)) isBreakDue = true;
        if (this.#previous !== undefined && this.#needsBlank(this.#previous, token, kind)) this.writer.insert(" ");
      }
      columns.set(token.start, this.writer.column);
      // The `in` of `not in` goes on with the operator that the `not` began.
      const isRest: boolean = operator?.text === "not" && token.text === "in" && token.kind === "word";
      if (token.kind !== "comment" && !isRest) operator = this.roles.operators.has(token.start) ? token : undefined;
      if (token.kind === "operator" && openers.has(token.text)) {
        const close = this.#closeOf(index);
        this.#group(index, close);
        index = close;
      } else {
        this.#write(token);
      }
      last = this.#at(index);
    }
  }

  #write(token: Token): void {
    this.writer.token(token, token.kind === "literal" ? spellString(token.text) : token.text);
    this.#previous = token;
  }

  #breakLine(indent: number): void {
    this.writer.line(indent);
    this.#previous = undefined;
  }

  #needsBlank(previous: Token, token: Token, kind: GroupKind | undefined): boolean {
    if (token.kind === "operator") {
      if (token.text === "," || token.text === ":" || closers.has(token.text)) return false;
      if (token.text === ".") return previous.kind === "literal" && /^\d/.test(previous.text);
      if (this.roles.suffixes.has(token.start)) return false;
    }
    if (previous.kind === "operator") {
      if (openers.has(previous.text) || previous.text === "." || this.roles.prefixes.has(previous.start)) return false;
      if (previous.text === ":" && kind === "index") return false;
    }
    return true;
  }

  /** Prints brackets and what they hold. */
  #group(open: number, close: number): void {
    const opening = this.#at(open);
    const kind = this.roles.groups.get(opening.start) ?? "paren";
    const { items, head, rest } = this.#split(open, close, kind);
    const { indent } = this.writer;
    const hasComments = head.length + rest.length > 0 || items.some((each) => each.lead.length + each.trail.length > 0);
    this.#write(opening);
    if (hasComments || (items.length > 0 && kind !== "index" && this.#isSpread(items, open, close))) {
      this.#printLines(items, head, rest, kind, indent);
      // The `):` of a definition follows its last parameter, which is indented twice to stand out from the body.
      const isOpenEnded = kind === "parameters" && rest.length === 0 && items.at(-1)?.trail.length === 0;
      if (!isOpenEnded) this.#breakLine(indent);
    } else {
      items.forEach((item, index) => {
        if (index > 0) this.writer.insert(item.isClause ? " " : ", ");
        this.#previous = undefined;
        this.#run(item.from, item.to, indent, kind);
      });
      if (kind === "tuple" && items.length === 1) this.writer.insert(",");
    }
    this.#write(this.#at(close));
  }

  #printLines(
    items: readonly Item[],
    head: readonly Token[],
    rest: readonly Token[],
    kind: GroupKind,
    indent: number,
  ): void {
    const inner = indent + (kind === "parameters" ? 2 * step : step);
    this.#comments(head, inner, true);
    items.forEach((item, index) => {
      this.#comments(item.lead, inner, false);
      this.#newLine(inner, this.#at(item.from));
      this.#run(item.from, item.to, inner, kind);
      const next = items[index + 1];
      const isSingle = kind === "paren" || kind === "index" || kind === "comprehension";
      const hasComma = next === undefined ? kind !== "parameters" && kind !== "starCall" && !isSingle : !next.isClause;
      if (hasComma) this.writer.insert(",");
      this.#comments(item.trail, inner, true);
    });
    this.#comments(rest, inner, false);
  }

  /** Comments, the first behind what stands on the line already. */
  #comments(comments: readonly Token[], indent: number, isBehind: boolean): void {
    comments.forEach((comment, index) => {
      if (isBehind && index === 0) this.writer.insert("  ");
      else this.#newLine(indent, comment);
      this.#write(comment);
    });
  }

  /** Begins a line; one empty line of the source stays, but for the first in brackets. */
  #newLine(indent: number, token: Token): void {
    const before = this.#previous;
    const isFirst = before?.kind === "operator" && openers.has(before.text);
    const isApart = before !== undefined && !isFirst && token.line - before.endLine > 1;
    this.writer.line(indent, isApart && this.#isBlankAbove(token) ? 1 : 0);
    this.#previous = undefined;
  }

  /** Whether no token (a comma on a line of its own) stands on the line above. */
  #isBlankAbove(token: Token): boolean {
    let low = 0;
    let high = this.tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at(middle).start < token.start) low = middle + 1;
      else high = middle;
    }
    const above = this.tokens[low - 1];
    return above !== undefined && token.line - above.endLine > 1;
  }

  /** Whether the source breaks a line between two elements, or between them and the brackets. */
  #isSpread(items: readonly Item[], open: number, close: number): boolean {
    let line = this.#at(open).endLine;
    for (const item of items) {
      if (this.#at(item.from).line !== line) return true;
      line = this.#at(item.to - 1).endLine;
    }
    return this.#at(close).line !== line;
  }

  /** The elements between two brackets; `head` are comments behind the opening one, `rest` those after all elements. */
  #split(open: number, close: number, kind: GroupKind): { items: Item[]; head: Token[]; rest: Token[] } {
    const items: Item[] = [];
    const head: Token[] = [];
    let lead: Token[] = [];
    let current: Item | undefined;
    let last: Item | undefined;
    let lastLine = this.#at(open).endLine;
    const isOne = kind === "paren" || kind === "index";
    for (let index = open + 1; index < close; index++) {
      const token = this.#at(index);
      if (token.kind === "comment") {
        const isOver = current !== undefined && this.#isOver(index, close, kind);
        if (current !== undefined && !isOver) current.to = index + 1;
        else if (token.line !== lastLine || lead.length > 0) {
          if (isOver) [last, current] = [current, undefined];
          lead.push(token);
        } else if (isOver || last !== undefined) (current ?? last)?.trail.push(token);
        else head.push(token);
        continue;
      }
      lastLine = token.endLine;
      if (token.text === "," && token.kind === "operator" && !isOne) {
        last = current ?? last;
        current = undefined;
        continue;
      }
      const isClause = this.roles.clauses.has(token.start);
      if (current === undefined || isClause) {
        current = { lead, from: index, to: index + 1, trail: [], isClause };
        items.push(current);
        lead = [];
      }
      if (token.kind === "operator" && openers.has(token.text)) index = this.#closeOf(index);
      current.to = index + 1;
      lastLine = this.#at(index).endLine;
    }
    return { items, head, rest: lead };
  }

  /** Whether the element before a comment is over: a comma, a clause or the closing bracket comes next. */
  #isOver(index: number, close: number, kind: GroupKind): boolean {
    let next = index + 1;
    while (next < close && this.#at(next).kind === "comment") next++;
    if (next >= close) return true;
    const token = this.#at(next);
    if (this.roles.clauses.has(token.start)) return true;
    return token.kind === "operator" && token.text === "," && kind !== "paren" && kind !== "index";
  }
}

function pairBrackets(tokens: readonly Token[]): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== "operator") return;
    if (openers.has(text)) open.push(index);
    else if (closers.has(text)) {
      const start = open.pop();
      if (start !== undefined) partner.set(start, index);
    }
  });
  return partner;
}

/** Double quotes, where that needs no escaping. */
function spellString(text: string): string {
  const match = /^([rRbB]*)('''|')/.exec(text);
  if (match === null) return text;
  const [all, prefix = "", quote = ""] = match;
  const content = text.slice(all.length, text.length - quote.length);
  if (/["\\]/.test(content)) return text;
  return prefix + '"'.repeat(quote.length) + content + '"'.repeat(quote.length);
}
