/** Globs over refs as they are typed: absolute ones, and those that start in the current folder or repository. */
import { relative, sep } from "node:path";
import { globProblem, literalGlob } from "../refs/glob.ts";
import { refKinds } from "../refs/ref.ts";
import type { PackagePlace } from "../release/documents.ts";
import type { Repository } from "../release/repository.ts";
import type { CliContext } from "./context.ts";
import { usageError } from "./errors.ts";
import { storePath } from "./target.ts";

/** The glob over absolute refs that is meant. Throws CliError for one that is not closed, showing where. */
export function globArgument({ ui, isStoreCheckout }: CliContext, repository: Repository, glob: string): string {
  const problem = globProblem(glob);
  if (problem) {
    const marks = `${" ".repeat(problem.start)}${"^".repeat(problem.end - problem.start)}`;
    throw usageError(`${JSON.stringify(glob)} is not a glob: ${problem.message}`, [glob, marks]);
  }
  const { repo, file: folder } = currentFolder(ui.cwd, repository, isStoreCheckout);
  const root = `${literalGlob(repo)}/-`;
  const fromRoot = /^(?:\.?\/?-\/|\/\/)(.*)$/.exec(glob)?.[1];
  if (fromRoot !== undefined) return `${root}/${fromRoot}`;
  if (!isRelative(glob)) return glob;
  const { package: file, release } = ui.options;
  const first = glob.replace(/^\.\//, "").split("/")[0] as string;
  const isWork = (refKinds as readonly string[]).includes(first) || first === "call";
  if (!first.startsWith("@") && !isWork) return `${root}/${join(literalGlob(folder), glob)}`;
  if (file === undefined) {
    throw usageError(`${JSON.stringify(glob)} names no file`, ["write FILE/… or give --package FILE"]);
  }
  const below = isWork ? `@${(release ?? "").replace(/^@/, "")}/` : "";
  return `${root}/${join(literalGlob(folder), literalGlob(file))}/${below}${glob.replace(/^\.\//, "")}`;
}

/** Whether a glob starts in the current folder: it says so, or names a file where absolute refs have a repository. */
function isRelative(glob: string): boolean {
  if (/^\.\.?\//.test(glob)) return true;
  const file = /^[^*?[{]*?\.star(?=\/|$)/.exec(glob)?.[0];
  return file !== undefined && !file.startsWith("@") && !file.split("/").includes("-");
}

/** The current folder, from the repository's root; in a checkout of a store, what it stands for. */
function currentFolder(cwd: string, { root, name }: Repository, isStoreCheckout: boolean): PackagePlace {
  const file = relative(root, cwd).split(sep).join("/");
  return (isStoreCheckout ? storePath(file) : undefined) ?? { repo: name, file };
}

/** Joins, and takes out `.` and `..` at the beginning. Throws CliError for what leaves the repository. */
function join(folder: string, glob: string): string {
  const parts = folder.split("/").filter((part) => part !== "");
  const rest = glob.split("/");
  while (rest[0] === "." || rest[0] === "..") {
    if (rest.shift() === ".." && parts.pop() === undefined) {
      throw usageError(`${JSON.stringify(glob)} leads out of the repository`);
    }
  }
  if (parts[0] === "..") throw usageError(`${JSON.stringify(glob)} starts outside of the repository`);
  return [...parts, ...rest].join("/");
}
