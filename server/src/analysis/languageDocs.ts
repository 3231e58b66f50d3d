/** What the language's own names and methods do, for hover, completion and signature help. */
export interface LanguageDoc {
  readonly signature: string;
  readonly doc: string;
}

export const universeDocs: ReadonlyMap<string, LanguageDoc> = new Map();
/** By type name, then method name. */
export const methodDocs: ReadonlyMap<string, ReadonlyMap<string, LanguageDoc>> = new Map();
