/**
 * What a `.gitignore` says of paths, for one question: may a file be missing here because it is made and never committed? The
 * rules are git's own (later lines win, `!` takes back, a folder takes along what is in it); what git configures elsewhere is
 * not read.
 */
export class GitIgnore {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/).flatMap((line) => readRule(line) ?? []);
  }

  /** Whether a path, relative to the file's folder, is ignored: true, false, or undefined where no rule is about it. */
  ignores(path: string): boolean | undefined {
    const segments = path.split("/");
    for (let length = 1; length <= segments.length; length++) {
      const verdict = this.#verdict(segments.slice(0, length).join("/"), length < segments.length);
      // What is in an ignored folder cannot be taken back.
      if (verdict === true || (verdict === false && length === segments.length)) return verdict;
    }
    return undefined;
  }

  #verdict(path: string, isFolder: boolean): boolean | undefined {
    const segments = path.split("/");
    const rule = this.#rules.findLast((each) => (isFolder || !each.foldersOnly) && fits(each.segments, segments));
    return rule === undefined ? undefined : !rule.takesBack;
  }
}

interface Rule {
  readonly segments: readonly Segment[];
  readonly takesBack: boolean;
  readonly foldersOnly: boolean;
}

/** What one segment of a path must be; `**`: any number of segments. */
type Segment = "**" | readonly Wildcard[];

/** What one character must be; `*`: any number of characters. */
type Wildcard = "*" | ((char: string) => boolean);

/** Longer lines are no patterns that anybody wrote. */
const maxLength = 200;

function readRule(line: string): Rule | undefined {
  if (line.length > maxLength) return undefined;
  const trimmed = line.replace(/(?<!\\)\s+$/, "");
  if (trimmed === "" || trimmed.startsWith("#")) return undefined;
  const takesBack = trimmed.startsWith("!");
  const glob = trimmed.slice(takesBack ? 1 : 0).replace(/^\\(?=[#!])/, "");
  const foldersOnly = glob.endsWith("/");
  const bare = foldersOnly ? glob.slice(0, -1) : glob;
  // A slash that is not the last character ties the pattern to the folder of its file.
  const isTied = bare.includes("/");
  try {
    const segments = bare.replace(/^\//, "").split("/").map(readSegment);
    return { segments: isTied ? segments : ["**", ...segments], takesBack, foldersOnly };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // A set of characters that makes no sense matches nothing.
    throw error;
  }
}

function readSegment(text: string): Segment {
  if (text === "**") return text;
  const parts = text.match(/\\.|\[!?[^\]]+\]|\*+|./gsu) ?? [];
  return parts.map(readWildcard);
}

function readWildcard(part: string): Wildcard {
  if (part.startsWith("*")) return "*";
  if (part === "?") return () => true;
  if (part.length > 2 && part.startsWith("[")) {
    const set = new RegExp(`^${part.replace(/^\[!/, "[^").replace(/\\/g, "\\\\")}$`, "su");
    return (char) => set.test(char);
  }
  const wanted = part.startsWith("\\") ? part.slice(1) : part;
  return (char) => char === wanted;
}

/** Whether segments fit a path: by a table rather than by trying, which with many `**` would take for ever. */
function fits(wanted: readonly Segment[], path: readonly string[]): boolean {
  // For each number of segments of the path: whether what was looked at of the pattern fits them.
  let reached = path.map(() => false);
  reached.unshift(true);
  for (const [index, segment] of wanted.entries()) {
    const next = reached.map(() => false);
    // At its end a pattern with `**` means what is in a folder, not the folder.
    const least = segment === "**" && index === wanted.length - 1 ? 1 : 0;
    let first = -1;
    for (let count = 0; count <= path.length; count++) {
      if (segment !== "**")
        next[count] = count > 0 && reached[count - 1] === true && fitsName(segment, path[count - 1]);
      else {
        if (first < 0 && reached[count]) first = count;
        next[count] = first >= 0 && count - first >= least;
      }
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

/** Whether wildcards fit a name. Only the last `*` is ever tried again, so it takes no longer than both are long. */
function fitsName(wanted: readonly Wildcard[], name = ""): boolean {
  const chars = [...name];
  let [at, next] = [0, 0];
  let again: { readonly next: number; at: number } | undefined;
  while (at < chars.length) {
    const wildcard = wanted[next];
    if (wildcard === "*") again = { next: ++next, at };
    else if (wildcard?.(chars[at] ?? "")) {
      at++;
      next++;
    } else if (again !== undefined) {
      again.at++;
      [at, next] = [again.at, again.next];
    } else return false;
  }
  while (wanted[next] === "*") next++;
  return next === wanted.length;
}
