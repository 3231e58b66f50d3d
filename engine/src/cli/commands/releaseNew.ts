import { ReleaseExistsError, refuseSecond } from "../../release/createRelease.ts";
import { currentCommit, RepositoryError } from "../../release/repository.ts";
import { quoted } from "../../terminal/summary.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError, usageError } from "../errors.ts";
import { startRelease } from "../startRelease.ts";
import { type FileTarget, findFileTarget, requireFile } from "../target.ts";
import type { Ui } from "../ui.ts";
import { cascade } from "../work.ts";

export interface NewOptions {
  readonly force?: boolean;
  readonly cascade?: boolean;
  readonly parallel: number;
}

/** `release new`: spec 4.1, in its order. */
export function releaseNew(ui: Ui, args: readonly string[], options: NewOptions): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    context.warm();
    const target = await findFileTarget(context, args[0]);
    requireFile(context, target);
    if ((target.ref.hasRelease && ui.options.release === undefined) || target.ref.kind !== undefined) {
      throw usageError("a new release gets the next number by itself; name the package file only");
    }
    const { repository, place } = target;
    const force = options.force === true;
    try {
      const commit = await currentCommit(repository);
      if (!force) await refuseSecond(repository, place, commit);
      const { parallel } = options;
      const { code } = await startRelease(context, repository, place, { commit, force, parallel });
      // What failed here has changed nothing for others; what was done before it may have.
      if (!options.cascade || code === 130) return code;
      return Math.max(code, await cascade(context, { repository, commit }, parallel));
    } catch (error) {
      if (error instanceof ReleaseExistsError) throw refusal(context, target, error);
      if (error instanceof RepositoryError) throw new CliError(error.message);
      throw error;
    }
  });
}

function refusal({ ui }: CliContext, { repository, place }: FileTarget, error: ReleaseExistsError): CliError {
  const shown = ui.places(repository.root).shown(place.file);
  const names = error.releases.map((number) => `r${number}`).join(", ");
  return new CliError(`${shown} already has a release for this commit: ${names}`, {
    details: [
      `see it:       ocuroot release show ${quoted(`${shown}/@r${error.releases.at(-1)}`)}`,
      `make another: ocuroot release new --force ${quoted(shown)}`,
    ],
  });
}
