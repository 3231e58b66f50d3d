/** Links that lead nowhere, and documents whose lists of links are wrong. */
import { lookupForm, resolveLinks } from "../refs/links.ts";
import { RefError, releaseNumber } from "../refs/ref.ts";
import type { DocumentRef, StoredDocument } from "../state/store.ts";
import type { Mend, StoreProblem } from "./problems.ts";
import { documentFile, type StoreScan } from "./scan.ts";
import { shapeOf } from "./shape.ts";

export async function checkLinks(scan: StoreScan): Promise<StoreProblem[]> {
  const problems: StoreProblem[] = [];
  const pointing = new Map<DocumentRef, DocumentRef[]>();
  for (const [ref, document] of scan.documents) {
    if (document.kind !== "link") continue;
    const problem = await checkLink(scan, ref, document.target);
    if (problem) problems.push(problem);
    const target = storedForm(scan, document.target);
    pointing.set(target, [...(pointing.get(target) ?? []), ref]);
  }
  for (const [ref, document] of scan.documents) {
    const problem = document.kind === "ref" && checkList(scan, ref, document, pointing.get(ref) ?? []);
    if (problem) problems.push(problem);
  }
  return problems;
}

async function checkLink(scan: StoreScan, ref: DocumentRef, target: DocumentRef): Promise<StoreProblem | undefined> {
  const about = { code: "broken-link", file: documentFile(scan.layout, ref), ref } as const;
  const found = (message: string): StoreProblem => ({ ...about, message, mend: newLink(scan, ref) });
  try {
    const end = await resolveLinks(target, async (at) => {
      if (scan.damaged.has(at)) return "document";
      const document = scan.documents.get(at);
      return document?.kind === "ref" ? "document" : document;
    });
    return end === undefined ? found(`is a link to ${target}, where nothing is`) : undefined;
  } catch (error) {
    if (!(error instanceof RefError)) throw error;
    return found("is a link that leads in a circle");
  }
}

/** What a broken link should be: one to the newest completed work of its name, or none. */
function newLink(scan: StoreScan, ref: DocumentRef): Mend {
  const target = newestWork(scan, ref);
  if (target !== undefined) return { kind: "link", ref, target, says: `leads to ${target} now` };
  return { kind: "unlink", ref, says: "was removed" };
}

/** The target that a link should have, where the link itself cannot be read. */
export function lostTarget(scan: StoreScan, ref: DocumentRef): DocumentRef | undefined {
  for (const [target, document] of scan.documents) {
    if (document.kind === "ref" && document.links.includes(ref)) return target;
  }
  return newestWork(scan, ref);
}

/** For `…/@/task/NAME`: the work document of the newest release that has one, unless that was a tear-down. */
function newestWork(scan: StoreScan, ref: DocumentRef): DocumentRef | undefined {
  const shape = shapeOf(ref);
  if (shape.kind !== "current") return undefined;
  const releases = (scan.children.get(shape.file) ?? [])
    .filter((name) => name.startsWith("@") && releaseNumber(name.slice(1)) !== undefined)
    .sort((a, b) => (releaseNumber(b.slice(1)) as number) - (releaseNumber(a.slice(1)) as number));
  for (const name of releases) {
    const work = `${shape.file}/${name}/${shape.work}`;
    const document = scan.documents.get(work);
    if (document?.kind !== "ref") continue;
    const isDown = (document.body as { readonly type?: unknown } | null)?.type === "down";
    return isDown ? undefined : work;
  }
  return undefined;
}

function checkList(
  scan: StoreScan,
  ref: DocumentRef,
  document: Extract<StoredDocument, { kind: "ref" }>,
  pointing: readonly DocumentRef[],
): StoreProblem | undefined {
  const listed = new Set(document.links);
  const missing = pointing.filter((link) => !listed.has(link));
  // What a damaged link says is not known; it will be looked at by itself.
  const wrong = [...listed].filter((link) => !pointing.includes(link) && !scan.damaged.has(link));
  if (missing.length === 0 && wrong.length === 0 && listed.size === document.links.length) return undefined;
  const parts = [
    ...(wrong.length > 0 ? [`lists ${named(wrong)}, which ${wrong.length === 1 ? "does" : "do"} not lead here`] : []),
    ...(missing.length > 0
      ? [`leaves out ${named(missing)}, which ${missing.length === 1 ? "leads" : "lead"} here`]
      : []),
    ...(listed.size < document.links.length ? ["lists a link twice"] : []),
  ];
  const right = [...listed].filter((link) => !wrong.includes(link));
  const mend = { kind: "list-links", ref, links: [...right, ...missing].sort(), says: "lists its links now" } as const;
  return { code: "wrong-links", file: documentFile(scan.layout, ref), ref, message: parts.join(", and "), mend };
}

function named(refs: readonly DocumentRef[]): string {
  return refs.length === 1
    ? `the link ${refs[0]}`
    : `the links ${refs.slice(0, 3).join(", ")}${refs.length > 3 ? ` and ${refs.length - 3} more` : ""}`;
}

/** The ref under which a link's target is stored: links may be written in the words of old. */
function storedForm(scan: StoreScan, target: DocumentRef): DocumentRef {
  if (scan.documents.has(target)) return target;
  const printed = lookupForm(target);
  return scan.documents.has(printed) ? printed : target;
}
