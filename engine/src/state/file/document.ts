/** A document's text on disk (spec 3.1) and back. */
import type { JsonValue } from "../../json/json.ts";
import { parseJson, printJson } from "../../json/jsonText.ts";
import { type StoredDocument, StoreError } from "../store.ts";

/** The text of a document: two-space indented JSON with a final newline. */
export function documentText(document: StoredDocument): string {
  const value: JsonValue =
    document.kind === "link"
      ? { kind: "link", body: document.target }
      : { kind: "ref", body_type: document.bodyType, links: document.links, body: document.body };
  return `${printJson(value, 2)}\n`;
}

/** Reads a document's text. Throws StoreError naming the file for anything that is not a document. */
export function parseDocument(path: string, text: string): StoredDocument {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    const state = text.trim() === "" ? "is empty" : "is not complete JSON";
    throw new StoreError(`${path} ${state}; it is not a state document.`, "damaged", { cause: error });
  }
  const document = toDocument(value);
  if (typeof document === "string") throw new StoreError(`${path} is not a state document: ${document}.`, "damaged");
  return document;
}

/** The document, or what is wrong with it. Links may be absent or null: other writers leave them out when empty. */
function toDocument(value: JsonValue): StoredDocument | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it holds no JSON object";
  const { kind, body_type: bodyType = "", links, body } = value as { readonly [key: string]: JsonValue | undefined };
  if (kind === "link") {
    return typeof body === "string" && body !== "" ? { kind, target: body } : "a link without a target";
  }
  if (kind !== "ref") return `its kind is ${printJson(kind ?? null)}, not "ref" or "link"`;
  if (typeof bodyType !== "string") return "its body_type is not a string";
  if (body === undefined) return "it has no body";
  const list = links ?? [];
  if (!Array.isArray(list) || !list.every((link) => typeof link === "string"))
    return "its links are not a list of refs";
  return { kind, bodyType, links: list as string[], body };
}
