import type { Dirent, Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { relativeTo } from "../paths.ts";
import { GitIgnore } from "./gitIgnore.ts";

/** Folders that hold no sources of the repository. */
const skippedFolders = new Set([".git", ".hg", ".svn", ".ocuroot", "node_modules", "__pycache__", ".venv"]);

/** A tree with more entries is not listed whole; then no file is called missing. */
const maxEntries = 50_000;

/** A Starlark file larger than this is not read (it is data, not code). */
const maxBytes = 2_000_000;

/** One repository's files; paths are relative to the root, with `/`. */
export interface Listing {
  readonly root: string;
  readonly files: Set<string>;
  readonly texts: Map<string, string>;
  /** Folders that were looked into; the root itself is "". */
  readonly folders: Set<string>;
  /** Every `.gitignore`, by the folder it lies in. */
  readonly ignores: Map<string, GitIgnore>;
  /** Folders and sources that may not be read, with the error's code; the root itself is "". */
  readonly hidden: Map<string, string>;
  isComplete: boolean;
}

/** The root of the repository that holds a folder: nearest `repo.ocu.star` upward, else the git top level (spec 4.1). */
export async function findRepositoryRoot(folder: string): Promise<string | undefined> {
  let gitRoot: string | undefined;
  for (let current = folder; ; current = dirname(current)) {
    // In a checkout of state a folder is called so.
    if ((await look(join(current, "repo.ocu.star")))?.isFile()) return current;
    if (gitRoot === undefined && (await look(join(current, ".git")))) gitRoot = current;
    if (dirname(current) === current) return gitRoot;
  }
}

/** Lists the tree at `root`. Folders below with a `repo.ocu.star` of their own become listings of their own. */
export async function listRepositories(root: string): Promise<Listing[]> {
  const listings: Listing[] = [];
  let budget = maxEntries;
  const pending: { readonly folder: string; readonly prefix: string; readonly listing: Listing }[] = [];
  const begin = (folder: string): Listing => {
    const listing: Listing = {
      root: folder,
      files: new Set(),
      texts: new Map(),
      folders: new Set(),
      ignores: new Map(),
      hidden: new Map(),
      isComplete: true,
    };
    listings.push(listing);
    pending.push({ folder, prefix: "", listing });
    return listing;
  };
  begin(root);
  const links = new Links();
  for (let task = pending.shift(); task !== undefined; task = pending.shift()) {
    const { folder, prefix, listing } = task;
    const entries = await readFolder(folder, (code) => listing.hidden.set(prefix.slice(0, -1), code));
    if (prefix !== "" && entries.some((each) => each.name === "repo.ocu.star" && each.isFile())) {
      begin(folder);
      continue;
    }
    listing.folders.add(prefix.slice(0, -1));
    for (const entry of entries) {
      if (budget-- <= 0) {
        listing.isComplete = false;
        break;
      }
      const path = prefix + entry.name;
      const isFolder =
        entry.isDirectory() || (entry.isSymbolicLink() && (await links.leadsToFolder(folder, entry.name)));
      if (isFolder) {
        if (skippedFolders.has(entry.name)) continue;
        pending.push({ folder: join(folder, entry.name), prefix: `${path}/`, listing });
      } else {
        listing.files.add(path);
      }
    }
  }
  await Promise.all(listings.map(readTexts));
  return listings;
}

/** Symbolic links to folders are followed, each folder once and never one that holds the link: links may make circles. */
class Links {
  readonly #seen = new Set<string>();

  async leadsToFolder(folder: string, name: string): Promise<boolean> {
    const path = join(folder, name);
    try {
      if (!(await stat(path)).isDirectory()) return false;
      const [target, from] = await Promise.all([realpath(path), realpath(folder)]);
      if (this.#seen.has(target) || relativeTo(target, from) !== undefined) return false;
      this.#seen.add(target);
      return true;
    } catch {
      return false; // It leads nowhere.
    }
  }
}

/** Whether a changed path can matter to a listing. */
export function isListedPath(path: string): boolean {
  return !path.split("/").some((part) => skippedFolders.has(part));
}

/** The text of a Starlark file without its byte order mark; undefined when it is gone, too large or no text. */
export async function readSource(path: string, refused?: (code: string) => void): Promise<string | undefined> {
  try {
    const found = await stat(path);
    // A pipe or a device would be waited for without end.
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const text = await readFile(path, "utf8");
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  } catch (error) {
    tellRefusal(error, refused);
    return undefined; // Gone or unreadable: a file that is not there.
  }
}

/** The text of a Starlark file of a listing, which keeps whether it may be read. */
export async function readListed({ root, hidden }: Listing, path: string): Promise<string | undefined> {
  hidden.delete(path);
  return readSource(join(root, path), (code) => hidden.set(path, code));
}

/** Whether a path lies where nothing may be read: it may be there. */
export function isHidden({ hidden }: Listing, path: string): boolean {
  if (hidden.size === 0) return false;
  if (hidden.has("") || hidden.has(path)) return true;
  for (let end = path.indexOf("/"); end > 0; end = path.indexOf("/", end + 1)) {
    if (hidden.has(path.slice(0, end))) return true;
  }
  return false;
}

function tellRefusal(error: unknown, refused: ((code: string) => void) | undefined): void {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === "EACCES" || code === "EPERM") refused?.(code);
}

async function readTexts(listing: Listing): Promise<void> {
  const paths = [...listing.files].filter((path) => path.endsWith(".star") || isIgnoreFile(path));
  const workers = Array.from({ length: 8 }, async () => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      if (isIgnoreFile(path)) await readIgnores(listing, path);
      else {
        const text = await readListed(listing, path);
        if (text !== undefined) listing.texts.set(path, text);
      }
    }
  });
  await Promise.all(workers);
}

export function isIgnoreFile(path: string): boolean {
  return path === ".gitignore" || path.endsWith("/.gitignore");
}

/** Reads a `.gitignore` anew; one that is gone ignores nothing. */
export async function readIgnores({ root, ignores }: Listing, path: string): Promise<void> {
  const folder = path.slice(0, -".gitignore".length);
  const text = await readSource(join(root, path));
  if (text === undefined) ignores.delete(folder);
  else ignores.set(folder, new GitIgnore(text));
}

/** Whether a path need not be there: git ignores it, or it lies where no sources are looked for. */
export function isIgnored({ ignores }: Listing, path: string): boolean {
  if (!isListedPath(path)) return true;
  // The nearest file that says something decides.
  for (let end = path.lastIndexOf("/") + 1; ; end = path.lastIndexOf("/", end - 2) + 1) {
    const verdict = ignores.get(path.slice(0, end))?.ignores(path.slice(end));
    if (verdict !== undefined) return verdict;
    if (end === 0) return false;
  }
}

async function readFolder(folder: string, refused: (code: string) => void): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    tellRefusal(error, refused);
    return []; // Unreadable or gone.
  }
}

async function look(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined); // Unreadable or not there.
}
