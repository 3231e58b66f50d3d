import type { SdkCatalog, SdkEntry, SdkFunction, SdkParameter } from "./catalog.ts";

/** The catalog as text for people: signatures, and the whole reference as Markdown. */

/** `task(fn, name, annotation=None, inputs=None)`. */
export function signatureOf(fn: SdkFunction): string {
  const parts: string[] = [];
  for (const parameter of fn.parameters) {
    const isFirstKeyword = parameter.isKeywordOnly && !parts.some((part) => part.startsWith("*"));
    if (isFirstKeyword) parts.push("*");
    parts.push(parameterText(parameter));
  }
  return `${fn.name}(${parts.join(", ")})`;
}

function parameterText({ name, star, isOptional, default: text = "None" }: SdkParameter): string {
  if (star !== undefined) return star + name;
  return isOptional ? `${name}=${text}` : name;
}

/** One entry as Markdown: signature, documentation, parameters, fields of the result. */
export function describeEntry(entry: SdkEntry): string {
  if (entry.kind === "namespace") return entry.doc;
  const sections = [`\`${signatureOf(entry)}\` → ${entry.returns}`, entry.doc];
  if (entry.parameters.length > 0) sections.push(entry.parameters.map(parameterLine).join("\n"));
  if (entry.fields?.length) {
    const lines = entry.fields.map(({ name, type, doc }) => `- \`.${name}\` (${type}): ${doc}`);
    sections.push(`The result has\n\n${lines.join("\n")}`);
  }
  return sections.join("\n\n");
}

function parameterLine({ name, type, isOptional, aliases = [], doc }: SdkParameter): string {
  const also = aliases.map((alias) => `, also \`${alias}\``).join("");
  return `- \`${name}\`${also} (${type}${isOptional ? ", optional" : ""}): ${doc}`;
}

const places = {
  package: "In package files and modules.",
  repository: "Only in `repo.ocu.star`.",
  anywhere: undefined,
} as const;

/** The reference of a version: every name, in the order of the catalog. */
export function sdkReference(catalog: SdkCatalog): string {
  const sections = [...catalog.entries.values()].map((entry) => {
    const place = places[entry.place];
    const notes = [place, replacement(entry)].filter((note) => note !== undefined);
    return [`## ${entry.name}`, ...(notes.length > 0 ? [notes.join(" ")] : []), describeEntry(entry)].join("\n\n");
  });
  return `# SDK ${catalog.version}\n\n${sections.join("\n\n")}\n`;
}

function replacement(entry: SdkEntry): string | undefined {
  const name = entry.kind === "function" ? entry.replacedBy : undefined;
  return (
    name && `An older spelling of [\`${name}\`](#${name.replaceAll(/[^\w-]/g, "").toLowerCase()}), which stays valid.`
  );
}
