import type { SdkFunction, SdkNamespace, SdkParameter, SdkPlace } from "../catalog.ts";

/** Short forms for writing catalog entries; every group file uses them. */

type ParameterOptions = Partial<Pick<SdkParameter, "default" | "aliases" | "star" | "isKeywordOnly">>;

export function required(name: string, type: string, doc: string, options: ParameterOptions = {}): SdkParameter {
  return { name, type, isOptional: false, doc, ...options };
}

export function optional(name: string, type: string, doc: string, options: ParameterOptions = {}): SdkParameter {
  return { name, type, isOptional: true, doc, ...options };
}

export function sdkFunction(entry: Omit<SdkFunction, "kind">): SdkFunction {
  return { kind: "function", ...entry, doc: entry.doc.trim() };
}

export function sdkNamespace(name: string, place: SdkPlace, doc: string): SdkNamespace {
  return { kind: "namespace", name, place, doc: doc.trim() };
}

/** The same function under a second name. */
export function alsoNamed(original: SdkFunction, name: string, doc: string, replacedBy?: string): SdkFunction {
  return { ...original, name, doc: doc.trim(), ...(replacedBy === undefined ? {} : { replacedBy }) };
}
