import * as vscode from "vscode";
import { missingName } from "../model/refText.ts";
import { subjectOf } from "../model/subject.ts";
import {
  carefulWork,
  findWaiting,
  isApproval,
  setStateArguments,
  type WaitingInput,
  type WaitingRelease,
} from "../model/waiting.ts";
import type { Services } from "../services.ts";
import { confirmSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { repositoryOf } from "./pickRun.ts";

/** What is set, where, and which release waits for it. */
interface Wanted {
  readonly repository: string;
  readonly ref: string;
  readonly release?: WaitingRelease;
  readonly waiting?: WaitingInput;
}

/** Set State and Approve: gives the value that a release waits for, then lets the release go on. */
export function registerSetState(services: Services): vscode.Disposable {
  const set = async (args: readonly unknown[], approve: boolean) => {
    const subject = subjectOf(args);
    const ref = subject.missingRef ?? subject.ref;
    const { repository } = subject;
    const wanted = ref
      ? findWanted(services, ref, repository)
      : approve
        ? await askApproval(services)
        : await askWhat(services);
    if (!wanted) return;
    const answer = approve ? "true" : await askValue(wanted);
    if (answer === undefined || !(await confirmCareful(services, wanted, approve))) return;
    await give(services, wanted, answer);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("ocuroot.setState", (...args: unknown[]) => set(args, false)),
    vscode.commands.registerCommand("ocuroot.approve", (...args: unknown[]) => set(args, true)),
  );
}

/** Sets the value; then the release goes on, or, where none waits, whatever else follows from the value. */
async function give(services: Services, { repository, ref, release }: Wanted, answer: string): Promise<void> {
  const set = { args: setStateArguments(ref, answer), title: `Setting ${ref}`, repository, kind: "other" } as const;
  const outcome = await runAndReport(services, set);
  if (outcome.kind !== "done") return;
  // Going on with a release applies the custom state that it waits for.
  if (release) await vscode.commands.executeCommand("ocuroot.continueRelease", release.ref, repository);
  else await runAndReport(services, { ...set, args: ["state", "apply", ref], title: `Applying ${ref}` });
}

/** Asks once more before work goes on in an environment that people are careful with (a setting says which). */
async function confirmCareful(services: Services, wanted: Wanted, approve: boolean): Promise<boolean> {
  const { release, waiting, repository } = wanted;
  if (!release || !waiting) return true;
  const environments = services.releases.repositories.find((each) => each.uri === repository)?.environments ?? [];
  const work = carefulWork(waiting, environments, confirmSetting());
  if (work.length === 0) return true;
  const action = approve ? "Approve" : "Set Value";
  const message = `${action === "Approve" ? "Approve" : "Set a value for"} ${release.name} of ${release.file}?`;
  const detail = `It then goes on to ${[...waiting.phases, work.join(", ")].join(": ")}.`;
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

function findWanted(services: Services, ref: string, repository: string | undefined): Wanted {
  return (
    waitingInputs(services).find((each) => each.ref === ref) ?? {
      ref,
      repository: repositoryOf(services, ref, repository),
    }
  );
}

function waitingInputs(services: Services): (Wanted & { readonly label: string })[] {
  return findWaiting(services.releases.repositories).flatMap((waiting) =>
    waiting.inputs
      .filter(({ input }) => input.canBeSet)
      .map((each) => ({
        label: missingName(each.input),
        ref: each.input.ref,
        repository: waiting.repository,
        release: waiting,
        waiting: each,
      })),
  );
}

/** The approval that is asked for, or a choice where there are more. */
async function askApproval(services: Services): Promise<Wanted | undefined> {
  const items = waitingItems(services).filter((each) => isApproval(each.ref));
  return items.length === 1
    ? items[0]
    : await vscode.window.showQuickPick(items, { title: "Approve", placeHolder: "What waits for approval" });
}

function waitingItems(services: Services) {
  return waitingInputs(services).map((each) => ({
    ...each,
    label: `$(watch) ${each.label}`,
    description: each.release && `${each.release.file} ${each.release.name}`,
    detail: each.ref,
  }));
}

async function askWhat(services: Services): Promise<Wanted | undefined> {
  const items = waitingItems(services);
  const other = { label: "$(edit) Another ref…", description: "", detail: undefined, ref: "", repository: "" };
  const choice = await vscode.window.showQuickPick([...items, other], {
    title: "Set State",
    placeHolder: "What waits for a value",
  });
  if (!choice) return undefined;
  if (choice.ref !== "") return choice;
  const ref = await vscode.window.showInputBox({
    title: "Set State",
    prompt: "Ref of custom state",
    placeHolder: "@/custom/NAME",
  });
  return ref ? findWanted(services, ref.trim(), undefined) : undefined;
}

/** A yes is one click for an approval; any other value is typed: JSON, or text as it is. */
async function askValue({ ref }: Wanted): Promise<string | undefined> {
  const ask = () =>
    vscode.window.showInputBox({
      title: `Value of ${ref}`,
      prompt: 'JSON (true, 12, "text", {…}), or plain text',
      ignoreFocusOut: true,
    });
  if (!isApproval(ref)) return await ask();
  const approve = "$(verified) Approve";
  const choice = await vscode.window.showQuickPick([approve, "$(edit) Enter another value…"], {
    title: ref,
    placeHolder: "Approve?",
  });
  if (choice === undefined) return undefined;
  return choice === approve ? "true" : await ask();
}
