/** What `help(x)` says: the same documentation as in an editor's hover, as plain text. */
import {
  attributeNames,
  BuiltinFunction,
  methodDocs,
  NativeModule,
  predeclaredDocs,
  StarlarkFunction,
  textOf,
  typeOf,
  universeDocs,
  type Value,
} from "@ocuroot/starlark";
import type { SdkCatalog, SdkEntry } from "../sdk/catalog.ts";
import { describeEntry, signatureOf } from "../sdk/reference.ts";

const overview = `Type expressions and statements; the names of the file and of the SDK are there.
  _           the last value that was shown
  help(x)     about a function, a method, a module or a value: help(host.shell), help("".join)
  Tab         completes names, attributes and arguments
  Ctrl-C      ends what runs, or empties the line; Ctrl-D leaves`;

/** The help on a value; without one, on the prompt itself. */
export function helpText(value: Value | undefined, catalog: SdkCatalog): string {
  if (value === undefined) return `${overview}\n\nSDK ${catalog.version}: ${topLevelNames(catalog).join(", ")}`;
  if (value instanceof StarlarkFunction) return functionHelp(value);
  if (value instanceof BuiltinFunction) return builtinHelp(value, catalog);
  if (value instanceof NativeModule) return moduleHelp(value, catalog);
  if (typeof value === "string") {
    const entry = catalog.entries.get(value);
    const text = entry ? entryHelp(entry, catalog) : languageHelp(value);
    if (text !== undefined) return text;
  }
  return valueHelp(value);
}

function functionHelp(fn: StarlarkFunction): string {
  const parameters = fn.parameters.map(({ name, kind, hasDefault }) => {
    const star = kind === "args" ? "*" : kind === "kwargs" ? "**" : "";
    return `${star}${textOf(name)}${hasDefault ? "=…" : ""}`;
  });
  const { file, line } = fn.position;
  const doc = textOf(fn.code.doc).trim();
  return [
    `${textOf(fn.name)}(${parameters.join(", ")})`,
    `defined in ${file}:${line}`,
    ...(doc ? ["", dedent(doc)] : []),
  ].join("\n");
}

function builtinHelp(fn: BuiltinFunction, catalog: SdkCatalog): string {
  const entry = catalog.entries.get(fn.name);
  if (entry && fn.receiver === undefined) return entryHelp(entry, catalog);
  const type = fn.receiver === undefined ? undefined : typeOf(fn.receiver);
  const doc = type === undefined ? undefined : methodDocs[type]?.get(fn.name);
  if (doc) return `${type}.${doc.signature}\n\n${plain(doc.doc)}`;
  return languageHelp(fn.name) ?? `${fn.name}: a built-in function`;
}

function moduleHelp(module: NativeModule, catalog: SdkCatalog): string {
  const entry = catalog.entries.get(module.name);
  if (entry?.kind === "namespace") return entryHelp(entry, catalog);
  const docs = methodDocs[module.name];
  const lines = attributeNames(module).map((name) => `  ${module.name}.${docs?.get(name)?.signature ?? name}`);
  return [plain(predeclaredDocs.get(module.name)?.doc ?? module.name), "", ...lines].join("\n");
}

function entryHelp(entry: SdkEntry, catalog: SdkCatalog): string {
  if (entry.kind === "function") return plain(describeEntry(entry));
  const members = catalog.members(entry.name).map((member) => `  ${signatureOf(member)}`);
  return [plain(entry.doc), "", ...members].join("\n");
}

function languageHelp(name: string): string | undefined {
  const doc = universeDocs.get(name) ?? predeclaredDocs.get(name);
  return doc && `${doc.signature}\n\n${plain(doc.doc)}`;
}

function valueHelp(value: Value): string {
  const name = value === null ? "NoneType" : typeOf(value);
  const type = /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
  const docs = methodDocs[name];
  if (docs)
    return [`${type}; its methods:`, "", ...[...docs.values()].map(({ signature }) => `  ${signature}`)].join("\n");
  const names = value === null ? [] : attributeNames(value);
  return names.length > 0 ? [`${type}; its attributes:`, "", ...names.map((name) => `  ${name}`)].join("\n") : type;
}

function topLevelNames(catalog: SdkCatalog): string[] {
  return [...catalog.entries.values()]
    .filter(({ name }) => !name.includes(".") && !universeDocs.has(name))
    .map(({ name }) => name);
}

/** Markdown as people read it on a terminal. */
function plain(markdown: string): string {
  return markdown
    .replace(/^```[a-z]*\n([\s\S]*?)^```$/gm, (_, code: string) => code.replace(/^(?=.)/gm, "    ").trimEnd())
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "")
    .replaceAll("`", "");
}

function dedent(doc: string): string {
  const indents = doc
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = indents.length > 0 ? Math.min(...indents) : 0;
  return doc
    .split("\n")
    .map((line, index) => (index === 0 ? line : line.slice(indent)))
    .join("\n");
}
