/** Making a release and running it: what `release new` and `push` have in common (spec 4.1, from step 4 on). */
import type { EnvironmentModel } from "../model/package.ts";
import { createRelease } from "../release/createRelease.ts";
import type { PackagePlace } from "../release/documents.ts";
import type { Repository } from "../release/repository.ts";
import type { Slots } from "../runner/slots.ts";
import { shortValue } from "../terminal/text.ts";
import type { CliContext } from "./context.ts";
import { runRelease } from "./runRelease.ts";
import type { Ui } from "./ui.ts";

export interface StartOptions {
  readonly commit: string;
  /** Also when the commit has a release of the file. */
  readonly force: boolean;
  readonly parallel: number;
  /** Shared with other releases that the command works on. */
  readonly slots?: Slots;
  /** Others are made and run at the same time. */
  readonly isOneOfMany?: boolean;
  /** Told of the release when it is made. */
  readonly onRelease?: (release: string) => void;
}

/** Evaluates the file, makes its next release and runs it until nothing can proceed. Throws ReleaseExistsError. */
export async function startRelease(
  context: CliContext,
  repository: Repository,
  place: PackagePlace,
  options: StartOptions,
): Promise<{ readonly release: string; readonly code: number }> {
  const { commit, force, parallel, slots, isOneOfMany = false, onRelease } = options;
  const { model, caller } = await context.evaluate(repository, place.file);
  // Threads start while the release is written.
  caller.prepare(Math.min(parallel, Math.max(0, ...model.phases.map((phase) => phase.work.length))));
  const release = await createRelease(repository, model, commit, force);
  onRelease?.(release);
  context.tellOfDefaultStore(repository);
  tellOfEnvironments(context.ui, model.registered);
  const run = { repository, place, release, caller, parallel, isOneOfMany, ...(slots && { slots }) };
  return { release, code: await runRelease(context, run) };
}

function tellOfEnvironments(ui: Ui, environments: readonly EnvironmentModel[]): void {
  for (const { name, attributes } of environments) {
    const shown = Object.entries(attributes).map(([key, value]) => `${key}=${shortValue(value)}`);
    ui.note(`environment ${[name, ...shown].join("  ")}`);
  }
}
