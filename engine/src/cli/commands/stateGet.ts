import type { JsonValue } from "../../json/json.ts";
import { nearest } from "../../nearest.ts";
import { repositoryFile } from "../../package/repository.ts";
import { refs } from "../../release/documents.ts";
import { readRef } from "../../release/inputs.ts";
import { listReleases } from "../../release/readRelease.ts";
import type { StoreReader } from "../../state/store.ts";
import { quoted } from "../../terminal/summary.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { findDocumentTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

/** `state get`: the document, or the field that the fragment names, as indented JSON. */
export function stateGet(ui: Ui, args: readonly string[]): Promise<number> {
  return withContext(ui, async (context) => {
    const { repository, document, fragment } = await findDocumentTarget(context, args[0] as string);
    const ref = fragment.length > 0 ? `${document}#${fragment.join("/")}` : document;
    const found = (await readRef(repository.state, ref)) ?? (await newestRelease(repository.state, document));
    if (!found) throw await notFound(repository.state, document, fragment);
    ui.outJson(found.value);
    return 0;
  });
}

/** `FILE/@` is the most recent release of the file: no document is stored there. */
async function newestRelease(state: StoreReader, document: string): Promise<{ readonly value: JsonValue } | undefined> {
  const [, repo, file] = /^(.+?)\/-\/(.+)\/@$/.exec(document) ?? [];
  if (repo === undefined || file === undefined) return undefined;
  const newest = (await listReleases(state, { repo, file })).at(-1);
  return newest === undefined ? undefined : await readRef(state, refs.release({ repo, file }, newest));
}

async function notFound(state: StoreReader, document: string, fragment: readonly string[]): Promise<CliError> {
  if (fragment.length > 0) {
    const whole = await readRef(state, document);
    if (whole) {
      const details = [fieldHint(whole.value, fragment)];
      return new CliError(`${document} has no field ${fragment.join("/")}`, { details });
    }
  }
  // A piece of work that was never done has attempts, and no result of its own.
  if ((await state.children(document)).length > 0) {
    const details = [`see what is below it: ocuroot state match ${quoted(`${document}/**`)}`];
    return new CliError(`there is nothing at ${document} itself`, { details });
  }
  const near = await nearestRef(state, document);
  return new CliError(`there is nothing at ${document}`, { details: near ? [`did you mean ${near}?`] : [] });
}

/** The field that was probably meant, else what there is where the way ends. */
function fieldHint(value: JsonValue, fragment: readonly string[]): string {
  let current: unknown = value;
  let index = 0;
  while (typeof current === "object" && current !== null && Object.hasOwn(current, fragment[index] as string)) {
    current = (current as Readonly<Record<string, unknown>>)[fragment[index++] as string];
  }
  const keys = typeof current === "object" && current !== null ? Object.keys(current) : [];
  const near = nearest(fragment[index] as string, keys);
  if (near) return `did you mean #${[...fragment.slice(0, index), near, ...fragment.slice(index + 1)].join("/")}?`;
  const where = index === 0 ? "it" : `#${fragment.slice(0, index).join("/")}`;
  return `${where} has: ${keys.join(", ") || "no fields"}`;
}

/** The ref that was probably meant: one segment, the first that leads nowhere, replaced by its nearest neighbour; something must be there. */
async function nearestRef(state: StoreReader, ref: string): Promise<string | undefined> {
  const segments = ref.split("/");
  for (let index = 0; index < segments.length; index++) {
    const parent = segments.slice(0, index).join("/");
    const names = await state.children(parent);
    if (names.includes(segments[index] as string)) continue;
    // What state knows of the repository's configuration is no package file that somebody mistyped.
    const known = names.filter((name) => name !== repositoryFile);
    const near = nearest(segments[index] as string, known);
    if (near === undefined) return undefined;
    const meant = [...segments.slice(0, index), near, ...segments.slice(index + 1)].join("/");
    return (await state.resolve(meant)) === undefined ? undefined : meant;
  }
  return undefined;
}
