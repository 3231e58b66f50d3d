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
    const rule = this.#rules.findLast((each) => (isFolder || !each.foldersOnly) && each.pattern.test(path));
    return rule === undefined ? undefined : !rule.takesBack;
  }
}

interface Rule {
  readonly pattern: RegExp;
  readonly takesBack: boolean;
  readonly foldersOnly: boolean;
}

/** Longer lines are no patterns that anybody wrote, and could take long to match. */
const maxLength = 200;

function readRule(line: string): Rule | undefined {
  const trimmed = line.replace(/(?<!\\)\s+$/, "");
  if (trimmed === "" || trimmed.startsWith("#") || trimmed.length > maxLength) return undefined;
  const takesBack = trimmed.startsWith("!");
  const glob = trimmed.slice(takesBack ? 1 : 0).replace(/^\\(?=[#!])/, "");
  const foldersOnly = glob.endsWith("/");
  const bare = foldersOnly ? glob.slice(0, -1) : glob;
  // A slash that is not the last character ties the pattern to the folder of its file.
  const isTied = bare.includes("/");
  const source = patternOf(bare.replace(/^\//, ""));
  try {
    return { pattern: new RegExp(`^${isTied ? "" : "(?:.*/)?"}${source}$`), takesBack, foldersOnly };
  } catch {
    return undefined; // A set of characters that makes no sense matches nothing.
  }
}

/** The regular expression for a glob: `*` and `?` stay in their segment, `**` between slashes does not. */
function patternOf(glob: string): string {
  const parts = glob.match(/\\.|\[!?[^\]]+\]|\*\*\/|\/\*\*$|\*+|./gsu) ?? [];
  return parts.map(partPattern).join("");
}

function partPattern(part: string): string {
  if (part === "**/") return "(?:.*/)?";
  if (part === "/**") return "/.*";
  if (part.startsWith("*")) return "[^/]*";
  if (part === "?") return "[^/]";
  if (part.length > 2 && part.startsWith("[")) return part.replace(/^\[!/, "[^").replace(/\\/g, "\\\\");
  const char = part.length === 2 ? (part[1] ?? "") : part;
  return char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
