/**
 * Reading refs (spec 2.1, 2.2). One parser serves everybody: `parseRef` refuses what is not right, `parseRefWithSpans`
 * returns as much as it understands, with the place of every piece, also for half-typed refs and templates.
 *
 * Outline: cut the text at `#` and `/`; find where the repository ends (`/-/`); find the release (`@…`) or else the kind,
 * which ends the path; what follows the kind is the name. Nothing in a ref is quoted, so that a folder called `deploy` and
 * the kind `deploy` look alike: a path ends with a file name (`.star`), at `.`, or where an `@` follows.
 */
import { nearest } from "../nearest.ts";
import { emptyRef, kindOf, type Ref, type RefKind, refKinds } from "./ref.ts";
import { cutPieces, type Piece, type RefRole, type RefSegment, type TemplateStyle } from "./spans.ts";

export type { RefRole, RefSegment, TemplateStyle } from "./spans.ts";

/** Stable names of what can be wrong with a ref. */
export type RefProblemCode =
  | "empty"
  | "unknown-kind"
  | "fragment-before-kind"
  | "equals-in-name"
  | "at-in-path"
  | "release-in-name"
  | "text-after-separator"
  | "global-with-path"
  | "leading-slash"
  | "bad-repository"
  | "bad-character";

/** A fault in the text of a ref, at 0-based UTF-16 offsets. */
export interface RefProblem {
  readonly code: RefProblemCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** The word that was probably meant in place of the offending text. */
  readonly suggestion?: string;
}

export interface ParseOptions {
  /** The text is a command-line argument: a path needs no `.star` ending and `./deploy/x.ocu.star` is a file. */
  readonly commandLine?: boolean;
  /** The text is a template; its placeholders stand for anything that holds no `/` or `#`. */
  readonly template?: TemplateStyle;
}

export interface ParsedRef {
  /** As much as could be understood. */
  readonly ref: Ref;
  /** Every piece in order; also the empty one after a trailing `/`, with the role it would have. */
  readonly segments: readonly RefSegment[];
  readonly errors: readonly RefProblem[];
  readonly hasHoles: boolean;
}

export type ParseResult =
  | { readonly ok: true; readonly ref: Ref }
  | { readonly ok: false; readonly errors: readonly RefProblem[] };

/** Parses a ref; errors carry the offending position. */
export function parseRef(text: string, options: ParseOptions = {}): ParseResult {
  const parsed = parseRefWithSpans(text, options);
  return parsed.errors.length === 0 ? { ok: true, ref: parsed.ref } : { ok: false, errors: parsed.errors };
}

/** Parses a ref, keeping the place of every piece and going on after errors. Never throws. */
export function parseRefWithSpans(text: string, options: ParseOptions = {}): ParsedRef {
  return new RefParser(text, options).parse();
}

class RefParser {
  private readonly segments: RefSegment[] = [];
  private readonly errors: RefProblem[] = [];
  private readonly head: readonly Piece[];
  private readonly fragmentPieces: readonly Piece[] | undefined;
  private readonly hash: number;

  private repo: string | undefined;
  private path = "";
  private release: string | undefined;
  private kind: RefKind | undefined;
  private isGlobal = false;
  /** Something before the `#` may hold a kind that we cannot see. */
  private mayHaveKind = false;

  constructor(
    private readonly text: string,
    private readonly options: ParseOptions,
  ) {
    const pieces = cutPieces(text, options.template);
    this.head = pieces.head;
    this.fragmentPieces = pieces.fragment;
    this.hash = pieces.hash;
  }

  parse(): ParsedRef {
    if (this.text === "") {
      this.report("empty", "A ref is empty.", 0, 0);
      return { ref: emptyRef, segments: [], errors: this.errors, hasHoles: false };
    }
    const nul = this.text.indexOf("\0");
    if (nul >= 0) this.report("bad-character", "A ref cannot hold a NUL character.", nul, nul + 1);

    const afterRepo = this.readRepository();
    const afterPath = this.readPath(afterRepo);
    const nameAt = this.readKind(afterPath);
    const name = this.readName(nameAt);
    const fragment = this.readFragment();
    this.errors.sort((a, b) => a.start - b.start);
    return {
      ref: {
        repo: this.repo,
        path: this.path,
        hasRelease: this.release !== undefined,
        release: this.release ?? "",
        kind: this.kind,
        name,
        fragment,
        isGlobal: this.isGlobal,
      },
      segments: this.segments,
      errors: this.errors,
      hasHoles: this.segments.some((segment) => segment.hasHole),
    };
  }

  /** Reads `repo/-/`, `/-/` and `//`; returns the index of the first piece after it. */
  private readRepository(): number {
    const { head } = this;
    if (head[0]!.text === "" && head.length > 1) {
      if (head[1]!.text === "") {
        this.repo = ".";
        return 2;
      }
      if (head[1]!.text !== "-") {
        this.report("leading-slash", "A ref starts with one `/`; write `//` for the repository's root.", 0, 1);
        return 1;
      }
    }
    const separator = this.findSeparator();
    if (separator < 0) return 0;
    const pieces = head.slice(0, separator).filter((piece) => piece.text !== "");
    for (const piece of pieces) {
      this.add("repo", piece);
      this.reportAt(piece);
    }
    this.add("separator", head[separator]!);
    this.repo = pieces.map((piece) => piece.text).join("/") || ".";
    const dots = pieces.find((piece) => piece.text === ".." || (piece.text === "." && pieces.length > 1));
    if (dots) {
      this.report("bad-repository", `A repository's name cannot hold \`${dots.text}\`.`, dots.start, dots.end);
    }
    return separator + 1;
  }

  /** Index of the `-` piece that ends the repository, or -1. */
  private findSeparator(): number {
    const { head } = this;
    for (let index = 0; index < head.length; index++) {
      const piece = head[index]!;
      if (piece.text === "-") return index;
      if (piece.text.startsWith("@")) return -1;
      if (this.isKindPlace(index) && kindOf(piece.text) !== undefined) return -1;
      if (index > 0 && piece.text.startsWith("-") && !piece.hasHole) {
        this.report(
          "text-after-separator",
          "`/-` ends the repository's name and must be followed by `/`.",
          piece.start + 1,
          piece.end,
        );
      }
    }
    return -1;
  }

  /** Reads the path and the release; returns the index of the piece where the kind belongs. */
  private readPath(from: number): number {
    const { head } = this;
    const first = head[from];
    if (first === undefined) return from;

    const releaseAt = head.findIndex((piece, index) => index >= from && piece.text.startsWith("@"));
    if (releaseAt === 0) return this.readLeadingRelease();

    const kindAt = this.findKind(from, releaseAt);
    const isInName = releaseAt >= 0 && kindAt >= 0;
    const pathEnd = kindAt >= 0 ? kindAt : releaseAt >= 0 ? releaseAt : head.length;
    this.readPathPieces(from, pathEnd);
    if (releaseAt < 0 || isInName) return pathEnd;
    this.readRelease(head[releaseAt]!);
    return releaseAt + 1;
  }

  /** A ref that starts with `@` is global (`@/…`), or says only the release of the base's file (`@r3/…`). */
  private readLeadingRelease(): number {
    const { head } = this;
    this.isGlobal = head[0]!.text === "@";
    this.readRelease(head[0]!);
    if (!this.isGlobal) return 1;
    const next = head[1];
    const pathLike = head
      .slice(1)
      .find((piece) => piece.text.startsWith("@") || isFileName(piece.text) || piece.text === "-");
    if (next !== undefined && pathLike !== undefined && kindOf(next.text) === undefined && !next.hasHole) {
      this.report(
        "global-with-path",
        "A global ref (`@/…`) belongs to no file and cannot have a path.",
        next.start,
        pathLike.end,
      );
      for (const piece of head.slice(1)) this.add("path", piece);
      this.mayHaveKind = true;
      return head.length;
    }
    return 1;
  }

  /**
   * Index of the kind when no release comes before it, else -1. With a release further on (`releaseAt`) a kind is found
   * only where it cannot be a folder, which makes the release part of a name.
   */
  private findKind(from: number, releaseAt: number): number {
    const { head } = this;
    const hasRepo = this.repo !== undefined;
    if (releaseAt >= 0) {
      if (releaseAt > from && isFileName(head[releaseAt - 1]!.text)) return -1;
      return head.findIndex((piece, index) => {
        if (index < from || index >= releaseAt || kindOf(piece.text) === undefined) return false;
        return index === from ? !hasRepo : this.isKindPlace(index);
      });
    }
    const file = head.findIndex((piece, index) => index >= from && isFileName(piece.text));
    const kind = head.findIndex((piece, index) => index >= from && kindOf(piece.text) !== undefined);
    const end = head.findLastIndex((piece) => piece.text !== "") + 1;
    if (file >= 0 && (kind < 0 || file < kind || this.isFileAfterKind(file, kind, from))) {
      return file + 1 < end ? file + 1 : -1;
    }
    if (kind >= 0) return kind;
    // `./approvl/x`: after `.` comes a kind. On the command line it is a folder, and a hole may hold anything.
    if (head[from]!.text === "." && !hasRepo && from + 1 < end && !this.options.commandLine) return from + 1;
    return -1;
  }

  /** Whether in `…/deploy/…/x.ocu.star…` the word `deploy` is a folder on the way to a file. */
  private isFileAfterKind(file: number, kind: number, from: number): boolean {
    const { head } = this;
    if (kindOf(head[file + 1]?.text ?? "") !== undefined) return true;
    return kind === from || this.options.commandLine === true;
  }

  /** Where a word can be nothing but a kind: after a leading `.`, or after a file's name. */
  private isKindPlace(index: number): boolean {
    const before = this.head[index - 1];
    return before !== undefined && ((index === 1 && before.text === ".") || isFileName(before.text));
  }

  private readPathPieces(from: number, to: number): void {
    const pieces = this.head.slice(from, to);
    const isTyped = to === this.head.length;
    pieces.forEach((piece, index) => {
      const isLast = isTyped && index === pieces.length - 1;
      if (piece.text === "" && !isLast) return;
      const followsFile = index > 0 && (isFileName(pieces[index - 1]!.text) || this.isBareDot(pieces, index));
      this.add(piece.text === "" && followsFile ? "kind" : "path", piece);
      this.reportAt(piece);
    });
    const named = pieces.filter((piece) => piece.text !== "");
    const words = named.map((piece) => piece.text).filter((word) => word !== ".");
    this.path = words.length > 0 ? words.join("/") : named.length > 0 ? "." : "";
    if (isTyped && named.some((piece) => piece.hasHole)) this.mayHaveKind = true;
  }

  private isBareDot(pieces: readonly Piece[], index: number): boolean {
    return this.repo === undefined && index === 1 && pieces[0]!.text === ".";
  }

  private readRelease(piece: Piece): void {
    this.release = piece.text.slice(1);
    this.segments.push({
      role: "release",
      start: piece.start,
      end: piece.end,
      text: this.release,
      hasHole: piece.hasHole,
    });
    const second = piece.text.indexOf("@", 1);
    if (second > 0) {
      const at = piece.start + second;
      this.report("at-in-path", "`@` can only start a release.", at, at + 1);
    }
  }

  /** Reads the kind; returns the index of the first piece of the name. */
  private readKind(index: number): number {
    const piece = this.head[index];
    if (piece === undefined) return index;
    this.add("kind", piece);
    if (piece.text === "") {
      const rest = this.head.slice(index + 1).findIndex((later) => later.text !== "");
      if (rest < 0) return this.head.length;
      this.segments.pop();
      return this.readKind(index + 1 + rest);
    }
    this.kind = kindOf(piece.text);
    if (piece.hasHole) {
      this.mayHaveKind = true;
    } else if (this.kind === undefined) {
      this.mayHaveKind = true;
      this.reportUnknownKind(piece);
    } else if (this.kind === "environment" && (this.repo !== undefined || this.path !== "" || !this.isGlobal)) {
      this.report(
        "global-with-path",
        "An environment belongs to no repository or file; write `@/environment/…`.",
        0,
        piece.end,
      );
    }
    return index + 1;
  }

  private reportUnknownKind(piece: Piece): void {
    if (piece.text.startsWith("@")) {
      this.report("release-in-name", "A ref has one release, before the kind.", piece.start, piece.end);
      return;
    }
    const suggestion = nearest(piece.text, [...refKinds, "call"]);
    const hint = suggestion ? `; did you mean \`${suggestion}\`?` : `; the kinds are ${refKinds.join(", ")}.`;
    this.report("unknown-kind", `\`${piece.text}\` is not a kind of ref${hint}`, piece.start, piece.end, suggestion);
  }

  private readName(from: number): string[] {
    const name: string[] = [];
    for (let index = from; index < this.head.length; index++) {
      const piece = this.head[index]!;
      const isLast = index === this.head.length - 1;
      if (piece.text === "" && !isLast) continue;
      this.add("name", piece);
      if (piece.text === "") continue;
      name.push(piece.text);
      this.reportRelease(piece, "name");
      const equals = piece.text.indexOf("=");
      if (equals >= 0 && !piece.hasHole) {
        const at = piece.start + equals;
        this.report("equals-in-name", "A name in a ref cannot hold `=`.", at, at + 1);
      }
    }
    return this.kind === undefined ? [] : name;
  }

  private readFragment(): string[] {
    if (this.fragmentPieces === undefined) return [];
    if (this.kind === undefined && !this.mayHaveKind) {
      this.report("fragment-before-kind", "`#` needs a kind and a name before it.", this.hash, this.hash + 1);
    }
    const keys: string[] = [];
    this.fragmentPieces.forEach((piece, index) => {
      const isLast = index === this.fragmentPieces!.length - 1;
      if (piece.text === "" && !isLast) return;
      this.add("fragment", piece);
      if (piece.text === "") return;
      keys.push(piece.text);
      this.reportRelease(piece, "fragment");
    });
    return keys;
  }

  private add(role: RefRole, piece: Piece): void {
    this.segments.push({ role, start: piece.start, end: piece.end, text: piece.text, hasHole: piece.hasHole });
  }

  /** Reports an `@` inside a path segment. */
  private reportAt(piece: Piece): void {
    const at = piece.text.indexOf("@");
    if (at < 0 || piece.hasHole) return;
    this.report(
      "at-in-path",
      "`@` inside a path; a release is a segment of its own: `/@…`.",
      piece.start + at,
      piece.start + at + 1,
    );
  }

  private reportRelease(piece: Piece, where: "name" | "fragment"): void {
    if (!piece.text.startsWith("@")) return;
    this.report("release-in-name", `A release cannot stand in a ${where}.`, piece.start, piece.end);
  }

  private report(code: RefProblemCode, message: string, start: number, end: number, suggestion?: string): void {
    this.errors.push({ code, message, start, end, ...(suggestion === undefined ? {} : { suggestion }) });
  }
}

/** Package files and modules end in `.star`: there a path ends. */
function isFileName(text: string): boolean {
  return text.endsWith(".star") && text !== ".star";
}
