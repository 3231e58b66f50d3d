/** What to do about inputs that are not there (spec 4.2, "blocked"). */
import type { MissingInput } from "./events.ts";
import { allWork, latestRun, type ReleaseState } from "./plan.ts";

/** How commands are written for the user: quoting, paths from the current folder. */
export interface MissingHelp {
  /** The command that sets a ref. */
  setCommand(ref: string): string;
  /** A ref as the package file would have it. */
  shorten(ref: string): string;
}

/** For each missing ref the command that would set it, or what would produce it. */
export function missingInputs(
  missing: readonly { readonly input: string; readonly ref: string }[],
  release: ReleaseState,
  help: MissingHelp,
): MissingInput[] {
  return missing.map(({ input, ref }) => {
    const written = help.shorten(ref);
    if (/(^|\/)@[^/]*\/custom\//.test(ref)) return { input, ref, written, help: { command: help.setCommand(ref) } };
    return { input, ref, written, help: { sentence: producer(ref, release, help) } };
  });
}

function producer(ref: string, release: ReleaseState, help: MissingHelp): string {
  const parts = /^(?:(.*?)\/-\/)?(.*?)\/?@([^/]*)\/(task|call|deploy|environment)\/([^#]*?)(?:#(.*))?$/.exec(ref);
  if (!parts) return "no command of ours produces it";
  const [, repo, file, tag, kind, name, fragment] = parts;
  if (kind === "environment") return `environment \`${name}\` is not registered; release the file that registers it`;
  const work = `${kind === "call" ? "task" : kind}/${name}`;
  const own = `${repo}/-/${file}`;
  const isThisFile = release.ref.startsWith(`${own}/@`);
  const what = kind === "deploy" ? `the deployment to \`${name}\`` : `\`${name}\``;
  const found = isThisFile ? allWork(release).find((each) => each.id === work) : undefined;
  if (isThisFile && !found) return `${what} is not part of this release`;
  if (found && latestRun(found)?.status === "complete" && fragment) {
    return `${what} is done but gave no \`${fragment.replace(/^output\//, "")}\``;
  }
  if (isThisFile) return `${what} gives it when it is done`;
  const from = tag === "" ? `a release of ${help.shorten(own)}` : `release ${tag} of ${help.shorten(own)}`;
  return `${what} of ${from} gives it; run: ocuroot release new ${file}`;
}
