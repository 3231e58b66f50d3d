/**
 * Globs over refs (spec 2.5): `*` within a segment, `**` across segments, `?`, `[abc]`, `{a,b}`. All other characters are
 * plain. A glob also says which folders can lead to a match, so that a store is read no further than that.
 */
import picomatch from "picomatch";

export interface RefGlob {
  /** Leading segments without wildcards: everything that matches lies at or below this ref. "" for the whole store. */
  readonly prefix: string;
  matches(ref: string): boolean;
  /** Whether something below this ref, given by its segments, could match. */
  mayMatchBelow(segments: readonly string[]): boolean;
}

/** Compiles a glob. `call` also finds `task`, and `@1` finds `@r1`, as refs do. Never throws: odd globs match themselves. */
export function compileGlob(glob: string): RefGlob {
  const segments = splitGlob(glob.replace(/\/+$/, "")).map(asLookedUp);
  const fixed = segments.findIndex((segment) => !isPlain(segment));
  const prefix = (fixed < 0 ? segments : segments.slice(0, fixed)).map(withoutEscapes);
  const matchers = segmentMatchers(segments);
  const whole = matcher(segments.join("/"));
  const release = releaseAfterAny(segments, matchers);
  return {
    prefix: prefix.join("/"),
    matches: whole,
    mayMatchBelow(path) {
      const start = release && path.findIndex((each, index) => index >= matchers.length - 1 && each.startsWith("@"));
      if (release === undefined || start === undefined || start < 0) return mayLeadOn(matchers, path);
      return mayLeadOn(matchers, path.slice(0, start)) && mayLeadOn(release, path.slice(start));
    },
  };
}

type SegmentMatcher = ((segment: string) => boolean) | "any";

/** Whether something that begins with these segments, and goes on, could match. */
function mayLeadOn(matchers: readonly SegmentMatcher[], path: readonly string[]): boolean {
  for (let index = 0; index < path.length; index++) {
    const match = matchers[index];
    if (match === "any") return true;
    if (match === undefined || !match(path[index]!)) return false;
  }
  return path.length < matchers.length;
}

/**
 * Of a glob such as `**` followed by `/@r3/deploy/eu`: matchers from the `@` on. A ref has one segment that begins with `@`
 * (spec 2), so what is below another one cannot match, and need not be read: most of a store is below releases.
 */
function releaseAfterAny(
  segments: readonly string[],
  matchers: readonly SegmentMatcher[],
): readonly SegmentMatcher[] | undefined {
  const any = matchers.indexOf("any");
  if (any < 0 || segments[any] !== "**" || !segments[any + 1]?.startsWith("@")) return undefined;
  return segmentMatchers(segments.slice(any + 1));
}

/** What is wrong with a glob, with its place: something is opened and never closed. Undefined for a good one. */
export interface GlobProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export function globProblem(glob: string): GlobProblem | undefined {
  const braces: number[] = [];
  for (let index = 0; index < glob.length; index++) {
    const char = glob[index];
    if (char === "\\") {
      if (index + 1 === glob.length) return problemAt(index, "`\\` at the end escapes nothing");
      index++;
    } else if (char === "[") {
      if (!closesInSegment(glob, index))
        return problemAt(index, "`[` has no `]` in its segment; write `\\[` for the character");
      index = glob.indexOf("]", index + 2);
    } else if (char === "{") braces.push(index);
    else if (char === "}") braces.pop();
  }
  const open = braces.at(-1);
  return open === undefined ? undefined : problemAt(open, "`{` has no `}`; write `\\{` for the character");
}

function problemAt(start: number, message: string): GlobProblem {
  return { message, start, end: start + 1 };
}

/** A glob, or a part of one, that matches this text and nothing else. */
export function literalGlob(text: string): string {
  return text.replace(/[\\*?[\]{}]/g, "\\$&");
}

/** A matcher for each segment, up to the first that can span several: from there on anything may follow. */
function segmentMatchers(segments: readonly string[]): SegmentMatcher[] {
  const matchers: SegmentMatcher[] = [];
  for (const segment of segments) {
    if (segment.includes("**") || segment.includes("/")) {
      matchers.push("any");
      break;
    }
    matchers.push(matcher(segment));
  }
  return matchers;
}

function matcher(pattern: string): (text: string) => boolean {
  const plain = { noextglob: true, nonegate: true, keepQuotes: true, regex: false, windows: false };
  // `s`: a name may hold an end of a line, too.
  const matches = picomatch(escapePlain(pattern), { ...plain, dot: true, flags: "s" });
  return (text) => text === pattern || matches(text);
}

/** Characters that are plain in our globs but mean something to the matcher. */
function escapePlain(pattern: string): string {
  let inClass = false;
  let out = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (char === "\\" && index + 1 < pattern.length) {
      out += char + pattern[++index];
      continue;
    }
    if (char === "[" && !inClass) {
      inClass = closesInSegment(pattern, index);
      const isNegated = inClass && pattern[index + 1] === "!";
      if (isNegated) index++;
      out += isNegated ? "[^" : inClass ? "[" : "\\[";
      continue;
    }
    if (char === "]") inClass = false;
    out += !inClass && "()|+@!\"$^'".includes(char) ? `\\${char}` : char;
  }
  return out;
}

/** Whether the `[` there has its `]` before the next `/`: a class stands for one character of a segment. */
function closesInSegment(pattern: string, open: number): boolean {
  const close = pattern.indexOf("]", open + 2);
  const slash = pattern.indexOf("/", open);
  return close > 0 && (slash < 0 || close < slash);
}

/** Splits at `/`, but not within braces. */
function splitGlob(glob: string): string[] {
  const segments: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < glob.length; index++) {
    const char = glob[index];
    if (char === "\\") index++;
    else if (char === "{" && glob.includes("}", index)) depth++;
    else if (char === "}" && depth > 0) depth--;
    else if (char === "/" && depth === 0) {
      segments.push(glob.slice(start, index));
      start = index + 1;
    }
  }
  segments.push(glob.slice(start));
  return segments;
}

/** `call` is the old name of `task`; `@1` is how releases used to be written. Only below a release. */
function asLookedUp(segment: string, index: number, segments: readonly string[]): string {
  if (segment === "call" && index > 0 && /^(?:@|\*\*?$)/.test(segments[index - 1]!)) return "{call,task}";
  if (/^@\d+$/.test(segment)) return `@{${segment.slice(1)},r${segment.slice(1)}}`;
  return segment;
}

function isPlain(segment: string): boolean {
  return !/[*?[\]{}]/.test(segment.replace(/\\./g, ""));
}

function withoutEscapes(segment: string): string {
  return segment.replace(/\\(.)/g, "$1");
}
