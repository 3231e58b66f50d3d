import { makeAbsolute } from "../refs/absolute.ts";
import { parseRef } from "../refs/parse.ts";
import { printRef, RefError, withPrintedRelease } from "../refs/ref.ts";
import type { PackagePlace } from "./documents.ts";

/** Makes refs of a package file absolute: `./` is this release of this file, `./@/` the most recent one. */
export function absoluteRef({ repo, file }: PackagePlace, releaseRef: string): (ref: string) => string {
  const base = { repo, path: file, release: releaseRef.slice(releaseRef.lastIndexOf("/@") + 2) };
  return (text) => {
    const parsed = parseRef(text);
    if (!parsed.ok) throw new RefError(`${JSON.stringify(text)}: ${parsed.errors[0]?.message ?? "not a ref"}`);
    return printRef(withPrintedRelease(makeAbsolute(parsed.ref, base)));
  };
}
