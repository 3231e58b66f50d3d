/** Keeps secrets out of everything that is shown or stored (spec 1.4, `secret`). */

const mask = "<secret>";

/** Shorter values are masked only where they stand as a word of their own: else `secret("a")` would blot out all text. */
const shortestFreelyMasked = 4;

const wordCharacter = /[\p{L}\p{N}_]/u;

/** Stands for a letter beyond the text at hand; secrets do not hold it. */
const wordMark = "\u{a66e}";

/**
 * The secrets known so far. Values of several lines are masked line by line, since output comes in lines; the longest
 * secret wins where several begin.
 */
export class SecretMask {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  /** Masks the value from now on. Blank values are ignored. Returns whether there was anything new. */
  register(value: string): boolean {
    const before = this.#secrets.size;
    for (const line of value.split(/\r\n|\r|\n/)) {
      const text = line.trim();
      if (!isMaskable(text)) continue;
      for (const form of [text, JSON.stringify(text).slice(1, -1), encodeUrl(text)]) this.#secrets.add(form);
    }
    if (this.#secrets.size === before) return false;
    this.#pattern = undefined;
    return true;
  }

  get isEmpty(): boolean {
    return this.#secrets.size === 0;
  }

  mask(text: string): string {
    let masked = "";
    let end = 0;
    for (const span of this.#findIn(text)) {
      masked += text.slice(end, span.start) + mask;
      end = span.end;
    }
    return end === 0 ? text : masked + text.slice(end);
  }

  /** The same value with every string in it masked, keys included. */
  maskDeep<T>(value: T): T {
    return this.isEmpty ? value : (this.#maskAny(value) as T);
  }

  #maskAny(value: unknown): unknown {
    if (typeof value === "string") return this.mask(value);
    if (Array.isArray(value)) return value.map((each) => this.#maskAny(each));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.mask(key), this.#maskAny(each)]));
  }

  /** For text that comes in pieces: a secret is found although it is spread over several of them. */
  stream(): SecretStream {
    return new SecretStream(this);
  }

  /** Where the text must be cut so that nothing before the cut can turn out to belong to a secret. */
  safeLength(text: string): number {
    if (this.isEmpty) return text.length;
    let cut = text.length - this.#longestOpenEnd(text);
    for (const { start, end } of this.#findIn(text)) if (start < cut && end > cut) cut = start;
    return cut;
  }

  /** Where secrets stand, in order. Those that overlap are one: what is left of the second could still be read. */
  #findIn(text: string): { readonly start: number; readonly end: number }[] {
    const spans: { start: number; end: number }[] = [];
    if (this.isEmpty) return spans;
    const matcher = this.#matcher();
    matcher.lastIndex = 0;
    for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
      const start = match.index;
      const end = start + match[0].length;
      const last = spans.at(-1);
      if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
      else spans.push({ start, end });
      // Another may begin within this one.
      matcher.lastIndex = start + ((text.codePointAt(start) as number) > 0xffff ? 2 : 1);
    }
    return spans;
  }

  /** Length of the longest end of the text with which a secret, or the word that a short one must be, may go on. */
  #longestOpenEnd(text: string): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      const isWord = secret.length < shortestFreelyMasked;
      for (let length = Math.min(secret.length - (isWord ? 0 : 1), text.length); length > longest; length--) {
        if (text.endsWith(secret.slice(0, length))) longest = length;
      }
    }
    return longest;
  }

  #matcher(): RegExp {
    this.#pattern ??= new RegExp(
      [...this.#secrets]
        .sort((a, b) => b.length - a.length)
        .map(patternOf)
        .join("|"),
      "gu",
    );
    return this.#pattern;
  }
}

/** Masks text piece by piece. What `push` holds back comes with a later `push`, or with `flush`. */
export class SecretStream {
  readonly #secrets: SecretMask;
  #held = "";
  /** Whether a letter or digit stands before the held text: a short secret is masked only as a word of its own. */
  #previousIsWord = false;

  constructor(secrets: SecretMask) {
    this.#secrets = secrets;
  }

  push(text: string): string {
    const all = this.#held + text;
    // A secret never spans lines, so all complete lines can go.
    const lines = all.lastIndexOf("\n") + 1;
    const cut = Math.max(lines, lines + this.#secrets.safeLength(all.slice(lines)));
    this.#held = all.slice(cut);
    return this.#emit(all.slice(0, cut), this.#held);
  }

  flush(): string {
    const rest = this.#held;
    this.#held = "";
    return this.#emit(rest, "");
  }

  #emit(text: string, following: string): string {
    if (text === "") return "";
    const before = this.#previousIsWord ? wordMark : "";
    const after = wordCharacter.test(firstCharacter(following)) ? wordMark : "";
    this.#previousIsWord = wordCharacter.test(lastCharacter(text));
    const masked = this.#secrets.mask(before + text + after);
    return masked.slice(before.length, masked.length - after.length);
  }
}

function isMaskable(text: string): boolean {
  return text.length >= shortestFreelyMasked || wordCharacter.test(text);
}

function patternOf(secret: string): string {
  const literal = secret.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return secret.length >= shortestFreelyMasked ? literal : `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`;
}

function encodeUrl(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // Lone surrogates have no URL form.
  }
}

function firstCharacter(text: string): string {
  return [...text.slice(0, 2)][0] ?? "";
}

function lastCharacter(text: string): string {
  return [...text.slice(-2)].at(-1) ?? "";
}
