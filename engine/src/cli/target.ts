/** What file, release or document an argument means: paths are those of a shell user, from the current folder. */

import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { statIfThere } from "../host/files.ts";
import { nearest } from "../nearest.ts";
import { makeAbsolute } from "../refs/absolute.ts";
import { parseRef, type RefProblem } from "../refs/parse.ts";
import { isUnset, printDocumentRef, type Ref, releaseNumber, withPrintedRelease } from "../refs/ref.ts";
import { type PackagePlace, refs } from "../release/documents.ts";
import { listReleases } from "../release/readRelease.ts";
import type { Repository } from "../release/repository.ts";
import type { CliContext } from "./context.ts";
import { CliError, usageError } from "./errors.ts";

/** A package file that an argument names, with the repository it is in. */
export interface FileTarget {
  readonly repository: Repository;
  readonly place: PackagePlace;
  /** The ref as parsed: its release and what follows. */
  readonly ref: Ref;
}

/** Parses a ref from the command line; an error shows where it is wrong. */
function parseArgument(text: string): Ref {
  const parsed = parseRef(text, { commandLine: true });
  if (parsed.ok) return parsed.ref;
  throw refError(text, parsed.errors[0], 0);
}

function refError(text: string, error: RefProblem | undefined, offset: number): CliError {
  if (!error) return usageError(`${JSON.stringify(text)} is not a ref`);
  const marks = `${" ".repeat(error.start + offset)}${"^".repeat(Math.max(1, error.end - error.start))}`;
  return usageError(`${JSON.stringify(text)} is not a ref: ${error.message}`, [text, marks]);
}

/**
 * Like `parseArgument`, but a file that is there may be called anything, and may be given by its absolute path: what
 * follows it starts at `/@`.
 */
function parseFileArgument(cwd: string, text: string): Ref {
  const isPath = (path: string) => statIfThere(resolve(cwd, path))?.isFile() === true;
  const cut = text.lastIndexOf("/@");
  const [path, rest] = cut > 0 && !isPath(text) ? [text.slice(0, cut), text.slice(cut + 1)] : [text, ""];
  const isRef = path === "" || /(^|\/)-\//.test(path) || path.startsWith("//");
  if (isRef || !(isAbsolute(path) || isPath(path))) return parseArgument(text);
  // A stand-in for the path: what is written in it is no matter for a ref.
  const parsed = parseRef(`x.star/${rest}`, { commandLine: true });
  if (!parsed.ok) throw refError(text, parsed.errors[0], path.length - "x.star".length);
  return { ...parsed.ref, repo: undefined, path: relative(cwd, resolve(cwd, path)).split(sep).join("/") };
}

/** The package file an argument names, with or without a release; `--package` and `--release` fill in what it leaves out. */
export async function findFileTarget(context: CliContext, argument: string | undefined): Promise<FileTarget> {
  const { cwd, options } = context.ui;
  const text = argument ?? options.package;
  if (text === undefined) throw usageError("name a package file, such as release.ocu.star");
  const ref = withReleaseOption(parseFileArgument(cwd, text), options.release);
  if (ref.repo !== undefined) {
    const repository = await context.repository();
    return { repository, ref, place: { repo: ownName(ref.repo, repository), file: ref.path } };
  }
  const path = resolve(cwd, saysNoFile(ref) ? (options.package ?? ref.path) : ref.path);
  checkFile(context, path);
  const repository = await context.repository(dirname(path));
  return { repository, ref, place: placeOf(context, repository, path) };
}

/** `@r1`, `./task/build`: about the file of `--package`. */
function saysNoFile(ref: Ref): boolean {
  return isUnset(ref.path) && !ref.isGlobal && (ref.hasRelease || ref.kind !== undefined);
}

function withReleaseOption(ref: Ref, release: string | undefined): Ref {
  return release === undefined || ref.hasRelease
    ? ref
    : { ...ref, hasRelease: true, release: release.replace(/^@/, "") };
}

function ownName(repo: string, repository: Repository): string {
  return repo === "." || repo === "" ? repository.name : repo;
}

/** A package file must be there, be a file, and be called as package files are. */
function checkFile({ ui }: CliContext, path: string): void {
  const shown = ui.shownPath(path);
  const stats = statIfThere(path);
  if (stats?.isDirectory())
    throw new CliError(`${shown} is a folder; name a package file in it`, { details: packageFiles(path) });
  if (path.endsWith(".star")) return;
  const details = stats ? [] : nearestFile(ui, path);
  throw new CliError(`${shown} is not a package file; their names end in .ocu.star`, { details });
}

function packageFiles(folder: string): string[] {
  const names = filesIn(folder).filter((name) => name.endsWith(".ocu.star") && name !== "repo.ocu.star");
  return names.length > 0 ? [`there: ${names.join(", ")}`] : [];
}

/** Throws CliError when the file is not a package file of this repository that is there. */
export function requireFile({ ui }: CliContext, { repository, place }: FileTarget): void {
  if (place.repo !== repository.name) {
    throw new CliError(`${place.file} is a file of the repository ${place.repo}, and this is ${repository.name}`);
  }
  if (place.file === "repo.ocu.star") {
    throw new CliError("repo.ocu.star configures the repository and declares no release; name a package file");
  }
  const path = resolve(repository.root, place.file);
  if (existsSync(path)) return;
  throw new CliError(`there is no file ${ui.shownPath(path)}`, { details: nearestFile(ui, path) });
}

/** The package file or module in the same folder that was probably meant. */
function nearestFile(ui: CliContext["ui"], path: string): string[] {
  const names = filesIn(dirname(path)).filter((name) => name.endsWith(".star") && name !== "repo.ocu.star");
  const near = nearest(basename(path), names);
  return near ? [`did you mean ${ui.shownPath(resolve(dirname(path), near))}?`] : [];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // A folder that cannot be read has no names to suggest.
  }
}

/** The ref of the release that a target names: that one, or the file's newest. Throws CliError when there is none. */
export async function findRelease(context: CliContext, target: FileTarget): Promise<string> {
  const { repository, place, ref } = target;
  const shown = context.ui.shownPath(resolve(repository.root, place.file));
  const numbers = await listReleases(repository.state, place);
  if (numbers.length === 0) {
    if (ref.repo === undefined) requireFile(context, target);
    throw new CliError(`${shown} has no release yet`, { details: [`start one: ocuroot release new ${shown}`] });
  }
  if (ref.release === "") return refs.release(place, numbers.at(-1) as number);
  const number = releaseNumber(ref.release);
  if (number !== undefined && numbers.includes(number)) return refs.release(place, number);
  const tagged = await repository.state.resolve(refs.tag(place, ref.release));
  if (tagged !== undefined) return tagged;
  const names = numbers.map((each) => `r${each}`);
  throw new CliError(`${shown} has no release ${ref.release}`, { details: [`it has ${shortList(names)}`] });
}

function shortList(names: readonly string[]): string {
  return names.length > 6 ? `${names[0]} to ${names.at(-1)}` : names.join(", ");
}

/** A document of the store that an argument names, as an absolute ref, with its fragment apart. */
export interface DocumentTarget {
  readonly repository: Repository;
  readonly document: string;
  readonly fragment: readonly string[];
  readonly ref: Ref;
}

export async function findDocumentTarget(context: CliContext, argument: string): Promise<DocumentTarget> {
  const { cwd, options } = context.ui;
  const written = parseFileArgument(cwd, argument);
  const isFile = written.repo === undefined && !written.isGlobal && written.path !== "" && written.path !== ".";
  const file = isFile ? written.path : options.package;
  const repository = await context.repository(file === undefined ? cwd : dirname(resolve(cwd, file)));
  const nothing = { repo: repository.name, file: "" };
  const { repo, file: path } = file === undefined ? nothing : placeOf(context, repository, resolve(cwd, file));
  const base = { repo, path, ...(options.release && { release: options.release.replace(/^@/, "") }) };
  const own = isFile ? { ...written, repo, path } : written;
  const ref = withPrintedRelease(makeAbsolute(own, base, { commandLine: true }));
  if (!ref.isGlobal && ref.path === "") {
    throw usageError(`${JSON.stringify(argument)} names no file`, ["write FILE/… or give --package FILE"]);
  }
  return { repository, document: printDocumentRef(ref), fragment: ref.fragment, ref };
}

/** The file at a path. In a checkout of a store, folders below `refs` stand for repositories and their folders. */
function placeOf({ isStoreCheckout }: CliContext, repository: Repository, path: string): PackagePlace {
  const file = pathInRepository(repository, path);
  const inStore = isStoreCheckout ? storePath(file) : undefined;
  return inStore ?? { repo: repository.name, file };
}

/** What a path from the root of a store stands for: `refs/shop/-/web/a.ocu.star`. */
export function storePath(path: string): PackagePlace | undefined {
  const [, repo, file] = /^refs\/(.+?)\/-(?:\/(.*))?$/.exec(path) ?? [];
  return repo === undefined ? undefined : { repo, file: file ?? "" };
}

/** From the repository's root, with `/`; the file need not be there (any more). Throws CliError for files outside. */
function pathInRepository(repository: Repository, path: string): string {
  const file = relative(repository.root, realPath(path));
  if (file === ".." || file.startsWith(`..${sep}`) || isAbsolute(file)) {
    throw new CliError(`${path} is not in the repository ${repository.root}`);
  }
  return file.split(sep).join("/");
}

/** With links resolved, as far as there is something. */
function realPath(path: string): string {
  return existsSync(path) || dirname(path) === path
    ? realpathSync(path)
    : join(realPath(dirname(path)), basename(path));
}
