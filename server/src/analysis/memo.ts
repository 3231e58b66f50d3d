import type { FileView } from "./snapshot.ts";

/**
 * Remembers what is computed from a file and the files it loads: as long as the file is the same version and no loaded
 * file of its repository has changed.
 */
export function perRevision<Result>(compute: (view: FileView) => Result): (view: FileView) => Result {
  const known = new WeakMap<FileView, { readonly revision: number; readonly result: Result }>();
  return (view) => {
    const revision = view.repository?.revision ?? 0;
    const found = known.get(view);
    if (found?.revision === revision) return found.result;
    const result = compute(view);
    known.set(view, { revision, result });
    return result;
  };
}
