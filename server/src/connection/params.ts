import { own } from "../own.ts";

/**
 * What params of the protocol's messages must look like, as far as handlers rely on it. What a client sends is text from
 * outside: it is looked at once, before any handler sees it.
 */
interface Shape {
  /** What it must be, for a sentence. */
  readonly wanted: string;
  fits(value: unknown): boolean;
  /** For an object: the shapes of its fields. */
  readonly fields?: Readonly<Record<string, Shape>>;
}

const text: Shape = { wanted: "a string", fits: (value) => typeof value === "string" };
const count: Shape = {
  wanted: "a whole number from 0",
  fits: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0,
};
const position = object({ line: count, character: count });
const range = object({ start: position, end: position });
const textDocument = object({ uri: text });
const document = object({ textDocument });
const place = object({ textDocument, position });
const part = object({ textDocument, range });
const item = object({ item: object({ uri: text, range, selectionRange: range }) });
const change = object({ text, range: optional(range) });

const about = object({ uri: text });
const whatIf = object({
  environments: listOf(object({ name: text, attributes: object({}) })),
  without: optional(listOf(text)),
});

const shapes: Readonly<Record<string, Shape>> = {
  "textDocument/didOpen": object({ textDocument: object({ uri: text, text }) }),
  "textDocument/didChange": object({ textDocument, contentChanges: listOf(change) }),
  "textDocument/hover": place,
  "textDocument/completion": place,
  "textDocument/signatureHelp": place,
  "textDocument/definition": place,
  "textDocument/references": place,
  "textDocument/documentHighlight": place,
  "textDocument/prepareRename": place,
  "textDocument/rename": object({ textDocument, position, newName: text }),
  "textDocument/prepareCallHierarchy": place,
  "textDocument/onTypeFormatting": object({ textDocument, position, ch: text }),
  "textDocument/rangeFormatting": part,
  "textDocument/inlayHint": part,
  "textDocument/codeAction": part,
  "textDocument/semanticTokens/range": part,
  "textDocument/semanticTokens/full/delta": object({ textDocument, previousResultId: text }),
  "textDocument/selectionRange": object({ textDocument, positions: listOf(position) }),
  "callHierarchy/incomingCalls": item,
  "callHierarchy/outgoingCalls": item,
  "workspace/symbol": object({ query: text }),
  "workspace/didChangeWatchedFiles": object({ changes: listOf(object({ uri: text })) }),
  "workspace/didChangeWorkspaceFolders": object({
    event: object({ added: listOf(object({ uri: text })), removed: listOf(object({ uri: text })) }),
  }),
  "ocuroot/phaseGraph": object({ uri: text, whatIf: optional(whatIf) }),
  "ocuroot/releaseChanges": about,
  "ocuroot/previewEnvironments": about,
  "ocuroot/whereIsCommit": object({ uri: text, commit: optional(text) }),
  "ocuroot/pushEffects": about,
  "ocuroot/logPlaces": object({ repository: text, ref: text }),
  "ocuroot/lastOutput": object({ uri: text, line: optional(count) }),
  "ocuroot/workFunction": object({ uri: text, position }),
  "ocuroot/dependencyGraph": object({ uri: optional(text) }),
  "ocuroot/convertSpellings": object({ uri: optional(text) }),
  "ocuroot/releases": object({ repository: optional(text), file: optional(text) }),
  "ocuroot/stateDocument": object({ repository: text, ref: text }),
  "ocuroot/runLog": object({ repository: text, ref: text }),
  "$/cancelRequest": object({
    id: { wanted: "a number or a string", fits: (value) => typeof value === "number" || typeof value === "string" },
  }),
};

/** What is wrong with a message's params, as a sentence; undefined when handlers can work with them. */
export function problemOf(method: string, params: unknown): string | undefined {
  const shape = own(shapes, method) ?? (method.startsWith("textDocument/") ? document : undefined);
  return shape === undefined ? undefined : mismatch(shape, params, "");
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function mismatch(shape: Shape, value: unknown, path: string): string | undefined {
  if (!shape.fits(value)) return `${path === "" ? "The params" : `\`${path}\``} must be ${shape.wanted}.`;
  for (const [name, field] of Object.entries(shape.fields ?? {})) {
    const found = mismatch(field, recordOf(value)?.[name], path === "" ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function object(fields: Readonly<Record<string, Shape>>): Shape {
  return { wanted: "an object", fits: (value) => recordOf(value) !== undefined, fields };
}

function listOf(shape: Shape): Shape {
  const fits = (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => mismatch(shape, each, "") === undefined);
  return { wanted: "a list of what the protocol says", fits };
}

function optional(shape: Shape): Shape {
  const fits = (value: unknown): boolean =>
    value === undefined || value === null || mismatch(shape, value, "") === undefined;
  return { wanted: shape.wanted, fits };
}
