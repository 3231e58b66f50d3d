import type { JsonValue } from "../../json/json.ts";
import { parseJson } from "../../json/jsonText.ts";
import { bodyTypes } from "../../release/documents.ts";
import { environmentProblem } from "../../release/environments.ts";
import { intentKind } from "../../release/intents.ts";
import { shortRef } from "../../release/runWrites.ts";
import type { StoreReader } from "../../state/store.ts";
import { quoted } from "../../terminal/summary.ts";
import { withContext } from "../context.ts";
import { CliError, usageError } from "../errors.ts";
import { commandRef } from "../runRelease.ts";
import { type DocumentTarget, findDocumentTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

export interface SetOptions {
  readonly format: "string" | "json" | "starlark";
}

/** `state set`: writes intent. `-` reads the value from stdin. */
export function stateSet(ui: Ui, args: readonly string[], options: SetOptions): Promise<number> {
  return withContext(ui, async (context) => {
    const [argument, given] = args as readonly [string, string];
    const text = given === "-" ? await readAll(ui) : given;
    const target = await findDocumentTarget(context, argument);
    const ref = await intentRef(target);
    const value = await readValue(text, options.format);
    if (intentKind(ref) === "environment") {
      const problem = environmentProblem(ref.slice("@/environment/".length), value);
      if (problem) throw new CliError(`${ref}: ${problem}`);
    }
    const { repository } = target;
    await repository.intent.transact(`${shortRef(ref)} set`, (tx) => tx.set(ref, bodyTypeOf(ref), value));
    context.tellOfDefaultStore(repository);
    const missing = await missingRelease(repository.state, ref);
    if (missing !== undefined) ui.note(`note: there is no release ${shortRef(missing)}; what is set waits for one`);
    ui.note(`Intent is set. To make it so: ocuroot state apply ${quoted(commandRef(ui, repository, ref))}`);
    return 0;
  });
}

/** The ref of an intent, with the release for its tag; throws CliError for refs that people do not set. */
export async function intentRef({ repository, document, fragment }: DocumentTarget): Promise<string> {
  if (fragment.length > 0) throw usageError("a field of a document cannot be set or removed; name the whole document");
  if (!intentKind(document)) {
    throw new CliError(`${document} is not something to set; intent holds custom state, environments and deployments`, {
      details: ["for example FILE/@/custom/approval or @/environment/staging"],
    });
  }
  const [, release, rest] = /^(.+\/@[^/]+)(\/custom\/.*)$/.exec(document) ?? [];
  if (release === undefined) return document;
  const found = await repository.state.resolve(release);
  return found === undefined ? document : `${found}${rest}`;
}

/** The release that a ref is below, when it is not there. */
async function missingRelease(state: StoreReader, ref: string): Promise<string | undefined> {
  const release = /^(.+\/-\/.+?\/@[^/]+)\/custom\//.exec(ref)?.[1];
  if (release === undefined || (await state.resolve(release)) !== undefined) return undefined;
  return release;
}

function bodyTypeOf(ref: string): string {
  return bodyTypes[intentKind(ref) ?? "custom"];
}

async function readValue(text: string, format: SetOptions["format"]): Promise<JsonValue> {
  if (format === "string") return text;
  if (format === "starlark") return await (await import("../starlarkValue.ts")).starlarkValue(text);
  try {
    return parseJson(text);
  } catch (error) {
    throw usageError(`the value is not JSON: ${(error as Error).message}`);
  }
}

async function readAll(ui: Ui): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of ui.io.stdin) chunks.push(Buffer.from(chunk));
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    // What `echo` adds is not part of the value.
    return decoder.decode(Buffer.concat(chunks)).replace(/\r?\n$/, "");
  } catch {
    throw new CliError("what stdin has is not UTF-8 text, which a value must be");
  }
}
