/** What an `ocuroot` command may lack: the public one has other commands than ours. */
export type Feature =
  | "retry"
  | "continue"
  | "cancel"
  | "lint"
  | "work"
  | "run"
  | "setState"
  | "deleteState"
  | "init"
  | "force"
  | "parallel"
  | "retryInWorktree"
  | "retryAnyCommit";

/** Where a feature shows in a command's help: the words of the command, and the subcommand or option that must be listed. */
interface Sign {
  readonly help: readonly string[];
  readonly lists: string;
  /** What a person would call it; undefined for what no one asks for by itself. */
  readonly title?: string;
}

const signs: Readonly<Record<Feature, Sign>> = {
  retry: { help: ["release"], lists: "retry", title: "Retry Release" },
  continue: { help: ["release"], lists: "continue", title: "Continue Release" },
  cancel: { help: ["release"], lists: "cancel", title: "Cancel Release" },
  lint: { help: ["release"], lists: "lint", title: "Lint Package" },
  work: { help: ["work"], lists: "cascade", title: "Work: Cascade" },
  run: { help: [], lists: "run", title: "Run Function" },
  setState: { help: ["state"], lists: "set", title: "Approve" },
  deleteState: { help: ["state"], lists: "delete", title: "Delete Environment" },
  init: { help: [], lists: "init", title: "Initialize Repository" },
  force: { help: ["release", "new"], lists: "--force", title: "New Release (Force)" },
  parallel: { help: ["release", "new"], lists: "--parallel" },
  retryInWorktree: { help: ["release", "retry"], lists: "--worktree", title: "retrying in a worktree" },
  retryAnyCommit: { help: ["release", "retry"], lists: "--any-commit" },
};

export const allFeatures = Object.keys(signs) as Feature[];

/** The help texts that tell all features: words between `ocuroot` and `--help`. */
export const helpTopics: readonly (readonly string[])[] = [
  ...new Map(Object.values(signs).map(({ help }) => [help.join(" "), help])).values(),
];

/** What a command cannot do, by the help texts it printed (by topic, words joined by blanks; "" is the command's own). */
export function missingFeatures(helps: ReadonlyMap<string, string>): Feature[] {
  return allFeatures.filter((feature) => {
    const { help, lists } = signs[feature];
    // Help for a command that is not there is the help of what is around it, or an error.
    const isThere = help.every((word, index) => isListed(helps.get(help.slice(0, index).join(" ")) ?? "", word));
    return !isThere || !isListed(helps.get(help.join(" ")) ?? "", lists);
  });
}

/** True when a help text lists a subcommand or an option at the beginning of a line. */
function isListed(help: string, name: string): boolean {
  const escaped = name.replace(/[-]/g, "\\-");
  const pattern = name.startsWith("--")
    ? new RegExp(`^\\s+(?:-\\w, ?)?${escaped}(?![\\w-])`, "m")
    : new RegExp(`^\\s+${escaped}(?:[|,]\\S+)?(?:\\s|$)`, "m");
  return pattern.test(help);
}

/** `Cancel Release, Lint Package`: what a person would miss. */
export function missingTitles(missing: readonly Feature[]): string {
  return missing.flatMap((feature) => signs[feature].title ?? []).join(", ");
}

/** Why a feature cannot be had, in one sentence. */
export function lackReason(feature: Feature, command: string): string {
  return `${command} has no ${signs[feature].title ?? feature}. The bundled one has: setting ocuroot.path.`;
}

/** `0.3.14` of what `ocuroot version` prints. */
export function readVersion(text: string): string | undefined {
  return /\bv?(\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)/.exec(text)?.[1];
}

/** True when there was no process at all; a command that only has no `version` may still release. */
export function cannotStart(error: unknown): boolean {
  return typeof (error as { code?: unknown }).code === "string";
}

/** Why a command could not be asked for its version: goes on after the command's name. */
export function startProblem(error: unknown): string {
  const { killed } = error as { killed?: boolean };
  return killed === true
    ? "did not answer within 10 s: what it can do is not known"
    : `cannot be run: ${startReason(error)}`;
}

function startReason(error: unknown): string {
  const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "it is not an executable that you may run";
  if (code === "ENOEXEC" || code === "UNKNOWN") return "it is no executable of this system";
  if (code === "EINVAL") return "a script needs a shell to run it: name the executable itself";
  if (typeof code === "number")
    return `"version" ended with exit code ${code}${stderr.trim() ? `: ${stderr.trim()}` : ""}`;
  return error instanceof Error ? error.message : String(error);
}
