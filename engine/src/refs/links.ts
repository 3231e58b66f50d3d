/** Following links (spec 2.4), pure over whatever reads them. */
import { parseRef } from "./parse.ts";
import { printDocumentRef, printedRelease, RefError } from "./ref.ts";

/** What lies at a ref: a document, a link with its target, or nothing. */
export type AtRef = "document" | { readonly target: string } | undefined;

/** Longer chains than any sensible one: a tag of a release, the most recent run of it, and some moves. */
const maxLinks = 32;

/**
 * The ref of the document that `ref` leads to, or undefined when there is none. The longest prefix that is a link is
 * replaced by its target, again and again; a fragment is left out. Throws RefError for a circle of links.
 */
export async function resolveLinks(ref: string, read: (ref: string) => Promise<AtRef>): Promise<string | undefined> {
  const written = withoutFragment(ref);
  const found = await followLinks(written, read);
  if (found !== undefined) return found;
  const printed = lookupForm(written);
  return printed === written ? undefined : followLinks(printed, read);
}

async function followLinks(start: string, read: (ref: string) => Promise<AtRef>): Promise<string | undefined> {
  let current = start;
  for (let step = 0; step < maxLinks; step++) {
    const here = await read(current);
    if (here === "document") return current;
    const next = here ? here.target : await replaceLinkedPrefix(current, read);
    if (next === undefined) return undefined;
    current = withoutFragment(next);
  }
  throw new RefError(`${start} leads through a circle of links.`);
}

/** Replaces the longest proper prefix that is a link. Links stand at or below the release, so nothing above is read. */
async function replaceLinkedPrefix(ref: string, read: (ref: string) => Promise<AtRef>): Promise<string | undefined> {
  const release = ref.startsWith("@") ? 0 : ref.indexOf("/@") + 1;
  if (release === 0 && !ref.startsWith("@")) return undefined;
  for (let end = ref.lastIndexOf("/"); end > release; end = ref.lastIndexOf("/", end - 1)) {
    const at = await read(ref.slice(0, end));
    if (at !== undefined && at !== "document") return at.target + ref.slice(end);
  }
  return undefined;
}

/** A document ref as look-ups use it: no trailing `/`, `task` for `call`, `@r1` for `@1`. Unreadable text stays. */
export function lookupForm(ref: string): string {
  const parsed = parseRef(ref);
  if (!parsed.ok) return ref;
  return printDocumentRef({ ...parsed.ref, release: printedRelease(parsed.ref.release) });
}

/** A ref without `#…` and without a trailing `/`. */
export function withoutFragment(ref: string): string {
  const hash = ref.indexOf("#");
  return (hash < 0 ? ref : ref.slice(0, hash)).replace(/\/+$/, "");
}
