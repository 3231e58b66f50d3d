/** What work commands share: where they are, what does the work, and how they tell of it. */
import { currentCommit, type Repository, RepositoryError } from "../release/repository.ts";
import { Slots } from "../runner/slots.ts";
import type { IntentScope } from "../work/identify.ts";
import { itemsJson, type WorkItem } from "../work/items.ts";
import { WorkSession } from "../work/session.ts";
import { Sources } from "../work/sources.ts";
import type { Scope } from "../work/survey.ts";
import { type CliContext, withContext } from "./context.ts";
import { DamageReport } from "./damageReport.ts";
import { CliError } from "./errors.ts";
import { runRelease } from "./runRelease.ts";
import type { Ui } from "./ui.ts";

export interface WorkOptions {
  readonly dryrun?: boolean;
  readonly parallel: number;
}

/** The place that a work command runs in. */
export interface WorkPlace {
  readonly repository: Repository;
  /** The commit that is checked out; undefined in a checkout of a store, where there is no source. */
  readonly commit: string | undefined;
  /** Told of documents that cannot be read, each once. */
  readonly damage?: DamageReport;
}

export interface SessionOptions {
  readonly parallel: number;
  /** Files of the commit that is checked out are taken as they are, uncommitted changes and all. */
  readonly takesCheckout: boolean;
  /** The checkout counts for every commit. */
  readonly anyCommit?: boolean;
}

/** Runs a work command in its place. What cannot be read is told and makes it fail in the end; the rest is done. */
export async function withWorkPlace(
  ui: Ui,
  act: (context: CliContext, place: WorkPlace) => Promise<number>,
): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    const repository = await context.repository();
    const commit = context.isStoreCheckout ? undefined : await commitOf(repository);
    const damage = new DamageReport(ui);
    const code = await act(context, { repository, commit, damage });
    return damage.isEmpty ? code : Math.max(code, 1);
  });
}

/** The commit that is checked out; throws CliError when there is none. */
export async function commitOf(repository: Repository): Promise<string> {
  try {
    return await currentCommit(repository);
  } catch (error) {
    if (error instanceof RepositoryError) throw new CliError(error.message);
    throw error;
  }
}

/** The commit that is checked out, "" where there is none and none is needed, undefined in a checkout of a store. */
export async function commitIfAny(context: CliContext, repository: Repository): Promise<string | undefined> {
  if (context.isStoreCheckout) return undefined;
  try {
    return await currentCommit(repository);
  } catch (error) {
    if (error instanceof RepositoryError) return "";
    throw error;
  }
}

/** Does work with a session whose sources are cleaned up afterwards. */
export async function withSession<T>(
  context: CliContext,
  { repository, commit, damage: known }: WorkPlace,
  options: SessionOptions,
  act: (session: WorkSession) => Promise<T>,
): Promise<T> {
  const { takesCheckout, anyCommit = false, parallel } = options;
  const slots = new Slots(parallel);
  const { root: _root, name: _name, ...base } = repository;
  const home = commit === undefined ? undefined : { repository, commit };
  const sources = new Sources({ home, base, takesCheckout, anyCommit });
  const { ui } = context;
  const damage = known ?? new DamageReport(ui);
  const session = new WorkSession(repository, sources, {
    evaluate: async (source, file) => {
      try {
        return await context.evaluate(source, file);
      } catch (error) {
        // An interrupted command does nothing more; a file that cannot be used leaves the others to be done.
        if (!(error instanceof CliError) || error.exitCode === 130) throw error;
        ui.complain(`${file}: ${error.message}`);
        return undefined;
      }
    },
    run: async (request) => (await runRelease(context, { ...request, parallel, slots })) !== 130,
    parallel,
    onDamage: (error) => damage.add(error),
    note: (text) => ui.note(text),
    complain: (text) => ui.complain(context.workers.secrets.mask(text)),
  });
  try {
    return await act(session);
  } finally {
    await sources.close();
  }
}

/** What work at the current commit means: in a checkout of a store, where none is, every commit. */
export function ownScope({ repository, commit, damage }: WorkPlace): Scope {
  const scope = commit === undefined ? {} : { repo: repository.name, commit };
  return { ...scope, ...onDamage(damage) };
}

/** Every release of every repository and commit. */
export function everywhere({ damage }: WorkPlace, isComprehensive: boolean): Scope {
  return { isComprehensive, ...onDamage(damage) };
}

function onDamage(damage: DamageReport | undefined): Pick<Scope, "onDamage"> {
  return damage ? { onDamage: (error) => damage.add(error) } : {};
}

/** How intent that needs no files counts. */
export function intentScope({ repository, commit, damage }: WorkPlace): IntentScope {
  const scope = commit === undefined ? { repo: undefined, commit: "" } : { repo: repository.name, commit };
  return { ...scope, ...onDamage(damage) };
}

/** What there is to do, as JSON; nothing is changed. */
export function printItems(ui: Ui, items: readonly WorkItem[]): number {
  ui.outJson(itemsJson(items));
  return 0;
}

/** Says so when there was nothing to do. */
export function tellNothing(ui: Ui, didAny: boolean, where: string): void {
  if (!didAny) ui.note(`There is no work ${where}.`);
}

/** What `--cascade` adds to a command: the work that follows from what it did. Intent that it was not about stays as it is. */
export async function cascade(context: CliContext, place: WorkPlace, parallel: number): Promise<number> {
  return await withSession(context, place, { parallel, takesCheckout: false }, async (session) => {
    await session.doAll({});
    return session.exitCode;
  });
}
