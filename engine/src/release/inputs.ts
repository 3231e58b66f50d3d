/** Reading inputs: what a ref says in the store, at the moment a run is ready. */

import type { JsonValue } from "../json/json.ts";
import { withoutFragment } from "../refs/links.ts";
import type { StoredDocument, StoreReader } from "../state/store.ts";
import type { RunInputs } from "./documents.ts";

export type InputReading =
  | { readonly ok: true; readonly inputs: RunInputs }
  | { readonly ok: false; readonly missing: readonly { readonly input: string; readonly ref: string }[] };

/** Gives every input its value: the one recorded before, else what its ref says, else its default. */
export async function readInputs(store: StoreReader, inputs: RunInputs): Promise<InputReading> {
  const missing: { input: string; ref: string }[] = [];
  const entries = await Promise.all(
    Object.entries(inputs).map(async ([name, input]) => {
      const { value = input.default ?? null } = input;
      if ("value" in input || input.ref === undefined) return [name, { ...input, value }] as const;
      const found = await readRef(store, input.ref);
      if (found) return [name, { ...input, value: found.value }] as const;
      if (!("default" in input)) missing.push({ input: name, ref: input.ref });
      return [name, { ...input, value }] as const;
    }),
  );
  if (missing.length > 0) return { ok: false, missing };
  return { ok: true, inputs: Object.fromEntries(entries) };
}

/** What a ref says, links followed: a document's body, or the field that the fragment names. */
export async function readRef(store: StoreReader, ref: string): Promise<{ readonly value: JsonValue } | undefined> {
  const stored = await readLinked(store, ref);
  if (stored?.kind !== "ref") return undefined;
  const fragment = ref.includes("#") ? ref.slice(ref.indexOf("#") + 1) : "";
  return field(
    stored.body,
    fragment.split("/").filter((key) => key !== ""),
  );
}

/** Most refs name their document as it is stored: then reading it is all there is to do. */
async function readLinked(store: StoreReader, ref: string): Promise<StoredDocument | undefined> {
  const document = withoutFragment(ref);
  const here = document === "" ? undefined : await store.read(document);
  if (here?.kind === "ref") return here;
  const target = await store.resolve(ref);
  return target === undefined ? undefined : await store.read(target);
}

function field(value: JsonValue, path: readonly string[]): { readonly value: JsonValue } | undefined {
  let current: JsonValue = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    if (Array.isArray(current) && !/^\d+$/.test(key)) return undefined;
    current = (current as Readonly<Record<string, JsonValue>>)[key] as JsonValue;
  }
  return { value: current };
}
