import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkStores, type StoreCheck, type StoreFolder } from "../../check/check.ts";
import type { StoreProblem } from "../../check/problems.ts";
import { type Repair, type RepairOptions, repairStores } from "../../check/repair.ts";
import { storeOptions } from "../../release/repository.ts";
import { layoutOf, markerName, readMarker } from "../../state/file/layout.ts";
import { openFileStore } from "../../state/fileStore.ts";
import { findStoreFolders, openStateStores, refreshClones } from "../../state/stores.ts";
import { plural } from "../../terminal/text.ts";
import { findStoreCheckout } from "../../work/storeCheckout.ts";
import { type CliContext, withContext } from "../context.ts";
import type { Ui } from "../ui.ts";

/** `state check`: what is wrong in the stores, file by file; with `--repair` it mends what it can. Exit 1 while something is wrong. */
export function stateCheck(ui: Ui, _args: readonly string[], options: { readonly repair?: boolean }): Promise<number> {
  return withContext(ui, async (context) => {
    const { stores, open } = await findStores(context);
    let checks = await checkStores(stores);
    if (options.repair && checks.some((check) => check.problems.some((problem) => canBeMended(check, problem)))) {
      for (const repair of await repairStores(stores, { open, now: new Date() })) showRepair(ui, repair);
      checks = await checkStores(stores);
    }
    for (const check of checks) for (const problem of check.problems) showProblem(ui, check, problem);
    conclude(ui, checks, options.repair ?? false);
    return checks.some(({ problems }) => problems.length > 0) ? 1 : 0;
  });
}

interface Found {
  readonly stores: readonly StoreFolder[];
  readonly open: RepairOptions["open"];
}

/** The stores of the repository; in a checkout of a store's branch that one, and the one beside it. */
async function findStores(context: CliContext): Promise<Found> {
  const checkout = findStoreCheckout(context.ui.cwd);
  if (checkout !== undefined) return await storesInCheckout(checkout);
  const { root, model, env } = await context.configuration();
  // What others have done since is no fault, and a run that they ended is none that was left behind.
  for (const error of await refreshClones(model.stores, root, storeOptions(env))) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    context.ui.note(`${message} What this machine saw last is looked at.`);
  }
  const places = await findStoreFolders(model.stores, root, storeOptions(env));
  const stores: StoreFolder[] = [
    { kind: "state", ...places.state },
    { kind: "intent", ...places.intent },
  ];
  return { stores, open: () => openStateStores(model.stores, root, storeOptions(env)) };
}

async function storesInCheckout(folder: string): Promise<Found> {
  const isIntent = await readMarker(layoutOf(folder), "intent").then(
    () => true,
    () => false,
  );
  const own: StoreFolder = { kind: isIntent ? "intent" : "state", folder };
  const otherKind = isIntent ? "state" : "intent";
  const other: StoreFolder = { kind: otherKind, folder: join(dirname(folder), otherKind) };
  const isBeside = basename(folder) === own.kind && existsSync(join(other.folder, markerName));
  const open = async () => {
    const opened = await openFileStore(folder, { kind: own.kind });
    const beside = isBeside ? await openFileStore(other.folder, { kind: otherKind }) : opened;
    const [state, intent] = isIntent ? [beside, opened] : [opened, beside];
    return { state, intent, close: async () => void (await Promise.all([opened.close(), beside.close()])) };
  };
  return { stores: isBeside ? [own, other] : [own], open };
}

/** A clone is put right from its branch, whatever is wrong in it. */
function canBeMended({ clone }: StoreCheck, { mend }: StoreProblem): boolean {
  return mend !== undefined || clone !== undefined;
}

function showProblem(ui: Ui, check: StoreCheck, problem: StoreProblem): void {
  const { code, file, ref, message } = problem;
  if (ui.options.json) {
    const about = { store: check.kind, problem: code, file, ...(ref === undefined ? {} : { ref }) };
    ui.outJson({ ...about, message, mendable: canBeMended(check, problem) });
    return;
  }
  const { colors } = ui;
  ui.out(`${colors.red("✗")} ${ui.shownPath(file)} ${colors.dim("—")} ${message}`);
}

function showRepair(ui: Ui, { kind, mended, backup }: Repair): void {
  const { colors } = ui;
  for (const { code, file, ref, message, mend } of mended) {
    const says = mend?.says ?? "";
    if (ui.options.json) {
      ui.outJson({ store: kind, mended: code, file, ...(ref === undefined ? {} : { ref }), message, done: says });
    } else ui.out(`${colors.green("✓")} ${ui.shownPath(file)} ${says} ${colors.dim(`(it ${said(message)})`)}`);
  }
  if (backup !== undefined) ui.note(`The files as they were are in ${ui.shownPath(backup)}.`);
}

/** What a message says now that it is over. */
function said(message: string): string {
  return message
    .replace(/^is /, "was ")
    .replace(/^(says|lists|holds|leaves|leads) /, (_, verb: string) => `${past[verb]} `);
}

const past: Readonly<Record<string, string>> = {
  says: "said",
  lists: "listed",
  holds: "held",
  leaves: "left",
  leads: "led",
};

function conclude(ui: Ui, checks: readonly StoreCheck[], hasRepaired: boolean): void {
  const problems = checks.flatMap((check) => check.problems);
  const documents = checks.reduce((sum, check) => sum + check.documents, 0);
  const looked = checks.every(({ isAbsent }) => isAbsent)
    ? "There is no store yet"
    : `Looked at ${plural(documents, "document")} of state and intent`;
  if (problems.length === 0) {
    ui.note(`${looked}: nothing is wrong.`);
    return;
  }
  const mendable = checks.flatMap((check) => check.problems.filter((each) => canBeMended(check, each))).length;
  ui.note("", `${looked}: ${plural(problems.length, "problem")}.`);
  if (mendable > 0 && !hasRepaired) {
    const which = mendable === problems.length ? (mendable === 1 ? "It" : "All") : `${mendable} of them`;
    ui.note(`${which} can be mended: ocuroot state check --repair (makes a backup first)`);
  } else ui.note("These need a person who knows what was there: restore the files from a backup, or remove them.");
}
