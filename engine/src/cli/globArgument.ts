/** Globs over refs as they are typed: absolute ones, and those that start in the current folder or repository. */
import { relative, sep } from "node:path";
import { globProblem, literalGlob } from "../refs/glob.ts";
import { refKinds } from "../refs/ref.ts";
import type { Repository } from "../release/repository.ts";
import { usageError } from "./errors.ts";
import type { Ui } from "./ui.ts";

/** The glob over absolute refs that is meant. Throws CliError for one that is not closed, showing where. */
export function globArgument(ui: Ui, repository: Repository, glob: string): string {
  const problem = globProblem(glob);
  if (problem) {
    const marks = `${" ".repeat(problem.start)}${"^".repeat(problem.end - problem.start)}`;
    throw usageError(`${JSON.stringify(glob)} is not a glob: ${problem.message}`, [glob, marks]);
  }
  const root = `${literalGlob(repository.name)}/-`;
  const fromRoot = /^(?:\.?\/?-\/|\/\/)(.*)$/.exec(glob)?.[1];
  if (fromRoot !== undefined) return `${root}/${fromRoot}`;
  if (!isRelative(glob)) return glob;
  const { package: file, release } = ui.options;
  const first = glob.replace(/^\.\//, "").split("/")[0] as string;
  const isWork = (refKinds as readonly string[]).includes(first) || first === "call";
  if (!first.startsWith("@") && !isWork) return `${root}/${join(folderOf(ui, repository), glob)}`;
  if (file === undefined) {
    throw usageError(`${JSON.stringify(glob)} names no file`, ["write FILE/… or give --package FILE"]);
  }
  const below = isWork ? `@${(release ?? "").replace(/^@/, "")}/` : "";
  return `${root}/${join(folderOf(ui, repository), literalGlob(file))}/${below}${glob.replace(/^\.\//, "")}`;
}

/** Whether a glob starts in the current folder: it says so, or names a file where absolute refs have a repository. */
function isRelative(glob: string): boolean {
  if (/^\.\.?\//.test(glob)) return true;
  const file = /^[^*?[{]*?\.star(?=\/|$)/.exec(glob)?.[0];
  return file !== undefined && !file.startsWith("@") && !file.split("/").includes("-");
}

/** The current folder, from the repository's root. */
function folderOf(ui: Ui, repository: Repository): string {
  const folder = relative(repository.root, ui.cwd).split(sep).join("/");
  return literalGlob(folder);
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
