import type { SdkEntry } from "../catalog.ts";
import { optional, required, sdkFunction, sdkNamespace } from "./entries.ts";

/** What is predeclared beside the Starlark specification (spec 1.1). The interpreter implements it. */

const struct = sdkFunction({
  name: "struct",
  parameters: [optional("fields", "any", "The fields, by keyword.", { star: "**" })],
  returns: "struct",
  place: "anywhere",
  language: "predeclared",
  doc: `
Makes an immutable value with the given fields.

\`\`\`starlark
image = struct(name="myapp", tag="v1")
print(image.name + ":" + image.tag)
\`\`\``,
});

const json = sdkNamespace("json", "anywhere", "JSON text to values, and back.");

const encode = sdkFunction({
  name: "json.encode",
  parameters: [required("x", "any", "None, bool, int, float, string, list, tuple, dict with string keys, or struct.")],
  returns: "string",
  place: "anywhere",
  language: "predeclared",
  doc: `
The value as JSON text, on one line, keys sorted.

\`\`\`starlark
body = json.encode({"tag": tag})
\`\`\``,
});

const decode = sdkFunction({
  name: "json.decode",
  parameters: [
    required("x", "string", "JSON text."),
    optional("default", "any", "Returned when the text is not JSON, instead of an error."),
  ],
  returns: "any",
  place: "anywhere",
  language: "predeclared",
  doc: `
The value that JSON text describes.

\`\`\`starlark
config = json.decode(host.read_file("config.json"))
\`\`\``,
});

const prefix = optional("prefix", "string", "Stands before each line but the first.", {
  default: '""',
  isKeywordOnly: true,
});
const indentBy = optional("indent", "string", "One level of indentation.", { default: '"\\t"', isKeywordOnly: true });

const encodeIndent = sdkFunction({
  name: "json.encode_indent",
  parameters: [required("x", "any", "As for `json.encode`."), prefix, indentBy],
  returns: "string",
  place: "anywhere",
  language: "predeclared",
  doc: `
The value as JSON text over several lines.

\`\`\`starlark
host.write_file("config.json", json.encode_indent(config, indent="  "))
\`\`\``,
});

const indent = sdkFunction({
  name: "json.indent",
  parameters: [required("str", "string", "JSON text."), prefix, indentBy],
  returns: "string",
  place: "anywhere",
  language: "predeclared",
  doc: `
The same JSON text, laid out over several lines.

\`\`\`starlark
print(json.indent(response.body, indent="  "))
\`\`\``,
});

export const languageEntries: readonly SdkEntry[] = [struct, json, encode, decode, encodeIndent, indent];
