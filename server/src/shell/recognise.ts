import { ShellCursor, type ShellFault, ShellFaultError, TooDeepError } from "./cursor.ts";
import { findName, isDeclared, type ShellCommand, type ShellName, type ShellReading } from "./reading.ts";

/**
 * Reads shell text and finds the first fault, in words a person would use. Accepts all that `sh` or `bash` accepts; where the
 * two differ, what either of them takes is no fault.
 */
export function readShell(text: string): ShellReading {
  const recogniser = new Recogniser(text);
  try {
    recogniser.readProgram();
    return recogniser.result();
  } catch (error) {
    if (error instanceof ShellFaultError) return recogniser.result(error.fault);
    if (error instanceof TooDeepError) return recogniser.result();
    throw error;
  }
}

/** Words that end a part of a compound command; anywhere else at the beginning of a command they are faults. */
const closers: ReadonlyMap<string, string> = new Map([
  ["then", "if"],
  ["elif", "if"],
  ["else", "if"],
  ["fi", "if"],
  ["do", "for` or `while"],
  ["done", "do"],
  ["esac", "case"],
  ["}", "{"],
]);

interface Opened {
  readonly word: string;
  readonly at: number;
}

class Recogniser {
  readonly commands: ShellCommand[] = [];
  readonly #names: ShellName[] = [];
  readonly #cursor: ShellCursor;

  constructor(private readonly text: string) {
    this.#cursor = new ShellCursor(text, (opened) => {
      this.#readList((stop) => stop === ")", { word: "$(", at: opened }, true);
    });
  }

  result(fault?: ShellFault): ShellReading {
    return { fault, commands: this.commands, names: this.#names };
  }

  readProgram(): void {
    this.#readList(() => false, undefined, true);
  }

  /** Commands up to a word or parenthesis that ends them, which is left. Returns what ended them; "" is the end of the text. */
  #readList(isEnd: (word: string) => boolean, opened: Opened | undefined, mayBeEmpty = false): string {
    const cursor = this.#cursor;
    let count = 0;
    for (;;) {
      this.#cursor.skipLines();
      const start = cursor.at;
      const word = this.#cursor.peekWord();
      const isCaseEnd = cursor.startsWith(";;") || cursor.startsWith(";&");
      const stop = isCaseEnd ? ";;" : word === "" ? cursor.char : word;
      if (cursor.isAtEnd || isEnd(stop)) {
        if (count === 0 && !mayBeEmpty && opened !== undefined && !cursor.isAtEnd) {
          cursor.fail(`\`${opened.word}\` needs a command before \`${stop}\`.`, start, start + stop.length);
        }
        return cursor.isAtEnd ? "" : stop;
      }
      this.#readAndOr();
      count++;
      this.#cursor.skipBlanks();
      if (cursor.startsWith(";;") || cursor.startsWith(";&")) {
        if (isEnd(";;")) return ";;";
        cursor.fail("`;;` belongs into `case … esac`.", cursor.at, cursor.at + 2);
      }
      if (cursor.char === ";" || cursor.char === "&") cursor.at++;
    }
  }

  #readAndOr(): void {
    const cursor = this.#cursor;
    this.#readPipeline();
    for (;;) {
      this.#cursor.skipBlanks();
      const operator = cursor.startsWith("&&") ? "&&" : cursor.startsWith("||") ? "||" : undefined;
      if (operator === undefined) return;
      const at = cursor.at;
      cursor.at += 2;
      this.#requireCommand(operator, at);
      this.#readPipeline();
    }
  }

  #readPipeline(): void {
    const cursor = this.#cursor;
    for (let word = this.#cursor.peekWord(); word === "!" || word === "time"; word = this.#cursor.peekWord()) {
      cursor.at += word.length;
      this.#cursor.skipBlanks();
      if (word === "time" && cursor.startsWith("-p")) cursor.at += 2;
      this.#cursor.skipBlanks();
      if (cursor.isAtEnd || "\n;&|)".includes(cursor.char)) return;
    }
    this.#readCommand();
    for (;;) {
      this.#cursor.skipBlanks();
      if (cursor.char !== "|" || cursor.startsWith("||")) return;
      const at = cursor.at;
      const operator = cursor.startsWith("|&") ? "|&" : "|";
      cursor.at += operator.length;
      this.#requireCommand(operator, at);
      if (this.#cursor.peekWord() === "!") cursor.at += 1;
      this.#cursor.skipBlanks();
      this.#readCommand();
    }
  }

  /** Behind `&&`, `||` and `|` a command follows, maybe on another line. */
  #requireCommand(operator: string, at: number): void {
    this.#cursor.skipLines();
    const { isAtEnd, char } = this.#cursor;
    if (isAtEnd || char === ")" || char === ";" || char === "&" || char === "|" || closers.has(this.#cursor.peekWord()))
      this.#cursor.fail(`\`${operator}\` needs a command behind it.`, at, at + operator.length);
  }

  #readCommand(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const { char } = cursor;
    if (char === ")" || char === "|" || char === "&" || char === ";") {
      const operator = /^(?:\)|;;|;|&&|\|\||\||&)/.exec(this.text.slice(start))?.[0] ?? char;
      const message = operator === ")" ? "This `)` closes nothing." : `\`${operator}\` needs a command before it.`;
      cursor.fail(message, start, start + operator.length);
    }
    if (char === "(") {
      cursor.within(() => this.#readParenthesis());
      return;
    }
    const word = this.#cursor.peekWord();
    const closes = closers.get(word);
    if (closes !== undefined) cursor.fail(`\`${word}\` without \`${closes}\`.`, start, start + word.length);
    cursor.within(() => this.#readNamed(word));
  }

  /** A command that begins with a word: a compound one, or a simple one. */
  #readNamed(word: string): void {
    switch (word) {
      case "if":
        this.#readIf();
        return;
      case "while":
      case "until":
        this.#readLoop(word);
        return;
      case "for":
      case "select":
        this.#readFor(word);
        return;
      case "case":
        this.#readCase();
        return;
      case "{":
        this.#readGroup();
        return;
      case "[[":
        this.#readTest();
        return;
      case "function":
        this.#readFunction();
        return;
      case "coproc":
        this.#take(word);
        this.#cursor.skipBlanks();
        if (/^\w+[ \t]+[{(]/.test(this.text.slice(this.#cursor.at))) this.#cursor.readWord();
        this.#cursor.skipBlanks();
        if (!this.#cursor.isAtEnd) this.#readCommand();
        return;
      default:
        this.#readSimple();
        return;
    }
  }

  #readParenthesis(): void {
    const cursor = this.#cursor;
    const opened = { word: "(", at: cursor.at };
    const end = cursor.startsWith("((") ? cursor.arithmeticEnd(cursor.at + 2) : undefined;
    if (end !== undefined) cursor.at = end;
    else {
      cursor.at++;
      this.#expect(
        this.#readList((stop) => stop === ")", opened),
        ")",
        opened,
      );
    }
    this.#readRedirections();
  }

  #readIf(): void {
    const opened = this.#take("if");
    let part: Opened = opened;
    this.#expect(
      this.#readList((stop) => stop === "then", part),
      "then",
      opened,
    );
    part = { word: "then", at: this.#cursor.at };
    for (;;) {
      const stop = this.#readList((each) => each === "fi" || each === "else" || each === "elif", part);
      this.#expect(stop, stop === "" ? "fi" : stop, opened);
      if (stop === "fi") break;
      part = { word: stop, at: this.#cursor.at - stop.length };
      if (stop === "elif") {
        this.#expect(
          this.#readList((each) => each === "then", part),
          "then",
          opened,
        );
        part = { word: "then", at: this.#cursor.at };
      }
    }
    this.#readRedirections();
  }

  #readLoop(word: string): void {
    const opened = this.#take(word);
    this.#expect(
      this.#readList((stop) => stop === "do", opened),
      "do",
      opened,
    );
    this.#readBody(opened);
  }

  #readBody(opened: Opened): void {
    const body = { word: "do", at: this.#cursor.at };
    this.#expect(
      this.#readList((stop) => stop === "done", body),
      "done",
      opened,
    );
    this.#readRedirections();
  }

  #readFor(word: string): void {
    const cursor = this.#cursor;
    const opened = this.#take(word);
    this.#cursor.skipBlanks();
    if (cursor.startsWith("((")) {
      const end = cursor.arithmeticEnd(cursor.at + 2);
      if (end === undefined) cursor.fail("`((` is not closed.", cursor.at, cursor.at + 2);
      cursor.at = end as number;
    } else {
      const start = cursor.at;
      this.#cursor.readWord();
      this.#name("variable", start, cursor.at);
      this.#cursor.skipLines();
      if (this.#cursor.peekWord() === "in") {
        cursor.at += 2;
        this.#cursor.readWords();
      }
    }
    this.#cursor.skipBlanks();
    if (cursor.char === ";") cursor.at++;
    this.#cursor.skipLines();
    if (cursor.peekWord() === "{") {
      this.#readGroup();
      return;
    }
    this.#expect(
      this.#cursor.peekWord() === "do" ? "do" : cursor.isAtEnd ? "" : this.#cursor.peekWord() || cursor.char,
      "do",
      opened,
    );
    this.#readBody(opened);
  }

  #readCase(): void {
    const cursor = this.#cursor;
    const opened = this.#take("case");
    this.#cursor.skipBlanks();
    this.#cursor.readWord();
    this.#cursor.skipLines();
    this.#expect(this.#cursor.peekWord(), "in", opened);
    for (;;) {
      this.#cursor.skipLines();
      if (this.#cursor.peekWord() === "esac") break;
      if (cursor.isAtEnd) this.#expect("", "esac", opened);
      if (cursor.char === "(") cursor.at++;
      for (;;) {
        this.#cursor.skipBlanks();
        const start = cursor.at;
        this.#cursor.readWord();
        this.#cursor.skipBlanks();
        if (cursor.char === "|") cursor.at++;
        else if (cursor.char === ")") break;
        else if (cursor.isAtEnd) this.#expect("", "esac", opened);
        else cursor.fail("A pattern of `case` ends with `)`.", start, Math.max(start + 1, cursor.at), spanOf(opened));
      }
      cursor.at++;
      const stop = this.#readList((each) => each === ";;" || each === "esac", undefined, true);
      if (stop === ";;") cursor.at += cursor.startsWith(";;&") ? 3 : 2;
      else this.#expect(stop, "esac", opened, false);
    }
    cursor.at += 4;
    this.#readRedirections();
  }

  #readGroup(): void {
    const opened = this.#take("{");
    this.#expect(
      this.#readList((stop) => stop === "}", opened),
      "}",
      opened,
    );
    this.#readRedirections();
  }

  /** `[[ … ]]`: only that it ends is looked at. */
  #readTest(): void {
    const cursor = this.#cursor;
    this.#take("[[");
    while (!cursor.isAtEnd) {
      if (/^\s\]\](?=$|[\s;&|)])/.test(this.text.slice(cursor.at, cursor.at + 4))) {
        cursor.at += 3;
        break;
      }
      cursor.readPart();
    }
    this.#readRedirections();
  }

  #readFunction(): void {
    const cursor = this.#cursor;
    this.#take("function");
    this.#cursor.skipBlanks();
    const start = cursor.at;
    this.#cursor.readWord();
    this.#name("function", start, cursor.at);
    this.#cursor.skipBlanks();
    if (/^\(\s*\)/.test(this.text.slice(cursor.at))) cursor.at = this.text.indexOf(")", cursor.at) + 1;
    this.#cursor.skipLines();
    if (!cursor.isAtEnd) this.#readCommand();
  }

  /** Assignments, words and redirections; `name () { … }` too. */
  #readSimple(): void {
    const cursor = this.#cursor;
    const words: { start: number; end: number }[] = [];
    if (this.#cursor.lookingAhead === 0) this.commands.push({ words });
    let count = 0;
    for (;;) {
      this.#cursor.skipBlanks();
      if (this.#readRedirection()) continue;
      const { char } = cursor;
      if (cursor.isAtEnd || char === "\n" || char === ";" || char === "&" || char === "|" || char === ")") return;
      if (char === "(") {
        if (count === 1 && /^\(\s*\)/.test(this.text.slice(cursor.at))) {
          const [name] = words;
          if (name !== undefined) this.#name("function", name.start, name.end);
          cursor.at = this.text.indexOf(")", cursor.at) + 1;
          this.#cursor.skipLines();
          if (!cursor.isAtEnd) this.#readCommand();
          return;
        }
        cursor.fail("A `(` cannot stand here: put it into quotes.", cursor.at, cursor.at + 1);
      }
      const start = cursor.at;
      this.#cursor.readWord();
      const isAssignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/.test(this.text.slice(start, cursor.at));
      if (isAssignment && cursor.char === "(") this.#readArray();
      const isValue = words.length === 0 && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(this.text.slice(start, cursor.at));
      if (!isValue) words.push({ start, end: cursor.at });
      if (isValue || isDeclared(this.text, words)) this.#name("variable", start, cursor.at);
      count++;
    }
  }

  /** Keeps the name that a word is, or begins with; what is only looked for is read again. */
  #name(kind: ShellName["kind"], start: number, end: number): void {
    const name = this.#cursor.lookingAhead > 0 ? undefined : findName(kind, this.text.slice(start, end));
    if (name !== undefined) this.#names.push({ kind, start, end: start + name.length });
  }

  #readArray(): void {
    const cursor = this.#cursor;
    const opened = cursor.at++;
    for (;;) {
      this.#cursor.skipLines();
      if (cursor.isAtEnd) cursor.fail("`(` is not closed.", opened, opened + 1);
      if (cursor.char === ")") break;
      const before = cursor.at;
      this.#cursor.readWord();
      if (cursor.at === before) cursor.at++;
    }
    cursor.at++;
  }

  #readRedirections(): void {
    this.#cursor.skipBlanks();
    while (this.#readRedirection()) this.#cursor.skipBlanks();
  }

  #readRedirection(): boolean {
    const cursor = this.#cursor;
    const rest = this.text.slice(cursor.at, cursor.at + 12);
    const match = /^(?:\d*|\{\w+\})(?:<<<|<<-?|<&|>&|<>|>>|>\||[<>](?!\())|^&>>?/.exec(rest);
    if (match === null) return false;
    const at = cursor.at;
    cursor.at += match[0].length;
    this.#cursor.skipBlanks();
    const start = cursor.at;
    this.#cursor.readWord();
    const operator = match[0].replace(/^(?:\d+|\{\w+\})/, "");
    if (cursor.at === start) cursor.fail(`\`${operator}\` needs a word behind it.`, at, at + match[0].length);
    if (operator === "<<" || operator === "<<-") {
      const end = this.text.slice(start, cursor.at).replace(/\\(.)|["']/g, "$1");
      this.#cursor.heredocs.push({ end, stripsTabs: operator === "<<-" });
    }
    return true;
  }

  #take(word: string): Opened {
    const opened = { word, at: this.#cursor.at };
    this.#cursor.at += word.length;
    return opened;
  }

  /** Goes behind the word that was found, when it is the one that is needed. */
  #expect(found: string, wanted: string, opened: Opened, takes = true): void {
    const cursor = this.#cursor;
    if (found === wanted) {
      if (takes) cursor.at += wanted.length;
      return;
    }
    const place = spanOf(opened);
    if (found === "")
      cursor.fail(`\`${opened.word}\` is not closed: \`${wanted}\` is missing.`, place.start, place.end);
    cursor.fail(`\`${wanted}\` is missing here.`, cursor.at, cursor.at + Math.max(1, found.length), place);
  }
}

function spanOf({ word, at }: Opened): { start: number; end: number } {
  return { start: at, end: at + word.length };
}
