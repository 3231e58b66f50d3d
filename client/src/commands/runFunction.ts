import {
  type GraphCard,
  type WorkFunction,
  type WorkFunctionInput,
  type WorkFunctionParams,
  type WorkFunctionUse,
  workFunctionRequest,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { refParts } from "../model/refText.ts";
import { lookOf } from "../model/status.ts";
import { type Subject, subjectOf } from "../model/subject.ts";
import { isCareful } from "../model/waiting.ts";
import { inputsToGive, inputWords, prefill, runArguments, useTitle } from "../model/workFunctions.ts";
import { type PackageFile, packageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";
import { confirmSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { saveForRun } from "./saveForRun.ts";

const title = "Run Function";

/** A function, and the piece of work that it is run for. */
interface Chosen {
  readonly fn: WorkFunction;
  readonly use: WorkFunctionUse;
}

/** Run Function…: one piece of work, for real, with inputs that are there or typed. No release knows of it. */
export function registerRunFunction(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.runFunction", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const chosen = await choose(services, subject, placeOf(args));
    if (!chosen) return;
    const target = await packageFile(services, vscode.Uri.parse(chosen.fn.uri));
    const typed = await askInputs(chosen);
    if (!typed || !(await shallRun(services, target, chosen.use)) || !(await saveForRun())) return;
    await runAndReport(services, {
      args: runArguments(target.file, chosen.use, typed),
      title: `Run of ${chosen.fn.name} for ${useTitle(chosen.use)}`,
      repository: target.repository,
      kind: "other",
    });
  });
}

interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** The place that a lens is at: its file and position. */
function placeOf([uri, position]: readonly unknown[]): Place | undefined {
  if (typeof uri !== "string" || typeof position !== "object" || position === null) return undefined;
  const { line, character } = position as Partial<Place>;
  return typeof line === "number" && typeof character === "number" ? { uri, line, character } : undefined;
}

async function choose(services: Services, subject: Subject, given: Place | undefined): Promise<Chosen | undefined> {
  const place = given ?? subject.source ?? (subject.uri === undefined ? cursorPlace() : undefined);
  const here = place && (await functionAt(services, place.uri, place));
  // A card or a line of a view is one piece of the work that its place may stand for.
  const work = subject.runRef === undefined ? undefined : workOf(subject.runRef);
  const wanted = here?.uses.find((use) => use.work === work && use.role !== "down");
  if (here && wanted) return { fn: here, use: wanted };
  if (here && here.uses.length === 1) return { fn: here, use: here.uses[0]! };
  if (here && here.uses.length > 1) return await pickUse(here);
  const target = await pickPackage(services, subject, title);
  return target && (await pickWork(services, target));
}

/** `deploy/us` of the ref of a run. */
function workOf(runRef: string): string {
  const { kind, name } = refParts(runRef);
  return `${kind === "call" ? "task" : kind}/${name[0] ?? ""}`;
}

function cursorPlace(): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor?.document.fileName.endsWith(".star")) return undefined;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), line, character };
}

async function functionAt(
  services: Services,
  uri: string,
  { line, character }: Pick<Place, "line" | "character">,
): Promise<WorkFunction | undefined> {
  const params: WorkFunctionParams = { uri, position: { line, character } };
  return (await services.server.request<WorkFunction | null>(workFunctionRequest, params)) ?? undefined;
}

async function pickUse(fn: WorkFunction): Promise<Chosen | undefined> {
  const items = fn.uses.map((use) => ({
    label: `$(${use.status ? lookOf(use.status).icon : "circle-outline"}) ${useTitle(use)}`,
    description: use.status ? lookOf(use.status).word : "never run",
    use,
  }));
  const choice = await vscode.window.showQuickPick(items, { title, placeHolder: `${fn.name} is run for` });
  return choice && { fn, use: choice.use };
}

/** A choice among all work of a file; the graph knows where each piece is written. */
async function pickWork(services: Services, target: PackageFile): Promise<Chosen | undefined> {
  await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri)).then(undefined, () => undefined);
  const graph = services.graphs.get(target.uri) ?? (await services.graphs.load(target.uri));
  const cards = graph?.phases.flatMap((phase) => phase.cards.map((card) => ({ card, phase: phase.name }))) ?? [];
  if (cards.length === 0) {
    const reason = graph?.problem?.message ?? "It declares no work.";
    void vscode.window.showInformationMessage(`There is nothing to run in ${target.file}: ${reason}`);
    return undefined;
  }
  const items = cards.map(({ card, phase }) => ({
    label: `$(${card.status ? lookOf(card.status).icon : "circle-outline"}) ${card.id}`,
    description: [phase, card.status ? lookOf(card.status).word : ""].filter(Boolean).join(" · "),
    card,
  }));
  const placeHolder = `Work of ${target.file}`;
  const choice = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return choice && (await ofCard(services, choice.card));
}

async function ofCard(services: Services, card: GraphCard): Promise<Chosen | undefined> {
  const fn = await functionAt(services, card.uri, card.range.start);
  const use = fn?.uses.find((each) => each.work === card.id && each.role !== "down") ?? fn?.uses[0];
  if (fn && use) return { fn, use };
  void vscode.window.showInformationMessage(`The function of ${card.id} was not found where the work is written.`);
  return undefined;
}

/** Inputs with the values they would get; each can be changed before the first line runs the work. */
async function askInputs({ fn, use }: Chosen): Promise<ReadonlyMap<string, string> | undefined> {
  const typed = new Map<string, string>();
  for (;;) {
    const missing = inputsToGive(use.inputs, typed);
    const [first] = missing;
    if (first !== undefined) {
      const input = use.inputs.find((each) => each.name === first)!;
      const value = await askValue(input, undefined, missing.length);
      if (value === undefined) return undefined;
      typed.set(first, value);
      continue;
    }
    const run = { label: `$(run-below) Run ${fn.name} for ${useTitle(use)}`, input: undefined };
    const items = use.inputs.map((input) => ({
      label: `$(edit) ${input.name}`,
      description: inputWords(input, typed.get(input.name)),
      input,
    }));
    const choice = await vscode.window.showQuickPick([run, ...items], {
      title,
      placeHolder: "Commands are run for real; nothing is recorded in state",
    });
    if (!choice) return undefined;
    if (!choice.input) return typed;
    const value = await askValue(choice.input, typed.get(choice.input.name), 0);
    if (value !== undefined) typed.set(choice.input.name, value);
  }
}

async function askValue(
  input: WorkFunctionInput,
  typed: string | undefined,
  missing: number,
): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: `Input ${input.name}${missing > 1 ? ` (1 of ${missing} that are missing)` : ""}`,
    prompt: `${input.ref ? `${input.ref} · ` : ""}JSON (12, true, {…}), or plain text`,
    value: prefill(input, typed),
    ignoreFocusOut: true,
  });
}

/** Asks once more before something happens in an environment that people are careful with. */
async function shallRun(services: Services, target: PackageFile, use: WorkFunctionUse): Promise<boolean> {
  if (!use.work.startsWith("deploy/")) return true;
  const name = use.work.slice("deploy/".length);
  const repository = services.releases.repositories.find((each) => each.uri === target.repository);
  const attributes = repository?.environments.find((each) => each.name === name)?.attributes ?? {};
  if (!isCareful([name, ...Object.values(attributes)], confirmSetting())) return true;
  const answer = await vscode.window.showWarningMessage(
    `Run ${useTitle(use)} of ${target.file} for real?`,
    { modal: true, detail: `Its commands act on ${name}. No release will know of it.` },
    "Run",
  );
  return answer === "Run";
}
