/**
 * What a command is about. Commands are called from the palette (nothing), the explorer and editor menus (a URI), tree views
 * (a node), webview menus (a context object) and code lenses (strings): all of them come down to this.
 */
export interface Subject {
  /** Package file (URI). */
  readonly uri?: string;
  /** Repository root (URI). */
  readonly repository?: string;
  /** Repository-relative package file. */
  readonly file?: string;
  readonly releaseRef?: string;
  /** Ref of a run of work, with or without its number. */
  readonly runRef?: string;
  /** Ref of a missing input or of any state document. */
  readonly ref?: string;
  /** Ref of the value that it waits for and that a person can give. */
  readonly missingRef?: string;
  /** Place in the source: 0-based line and UTF-16 column. */
  readonly source?: { readonly uri: string; readonly line: number; readonly character: number };
}

/** A tree node offers its subject to commands. */
export interface HasSubject {
  readonly subject: Subject;
}

/** The subject of a command's arguments; empty when they say nothing. */
export function subjectOf(args: readonly unknown[]): Subject {
  const [first, second] = args;
  if (typeof first === "string") return textSubject(first, typeof second === "string" ? second : undefined);
  if (typeof first !== "object" || first === null) return {};
  if (hasSubject(first)) return first.subject;
  if (isUri(first)) return { uri: first.toString() };
  return contextSubject(first as Record<string, unknown>);
}

/** A file, and maybe a ref in it (as code lenses say it); or a ref, and maybe its repository. */
function textSubject(text: string, second: string | undefined): Subject {
  if (isUriText(text)) return { uri: text, ...(second && !isUriText(second) ? { runRef: second, ref: second } : {}) };
  return { ref: text, runRef: text, releaseRef: text, ...(second ? { repository: second } : {}) };
}

function isUriText(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\//.test(text);
}

/** What `data-vscode-context` of the phase graph carries: plain strings only. */
function contextSubject(context: Record<string, unknown>): Subject {
  const text = (name: string) => (typeof context[name] === "string" ? (context[name] as string) : undefined);
  const line = context.line;
  const character = context.character;
  const sourceUri = text("sourceUri");
  const source =
    sourceUri !== undefined && typeof line === "number" && typeof character === "number"
      ? { uri: sourceUri, line, character }
      : undefined;
  const found: Record<string, unknown> = {
    uri: text("uri"),
    repository: text("repository"),
    runRef: text("runRef"),
    releaseRef: text("releaseRef"),
    ref: text("ref") ?? text("runRef") ?? text("releaseRef"),
    source,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Subject;
}

function hasSubject(value: object): value is HasSubject {
  return "subject" in value && typeof value.subject === "object" && value.subject !== null;
}

function isUri(value: object): boolean {
  return "scheme" in value && "path" in value && typeof value.scheme === "string";
}
