/** Following a few files. Their folders are watched, because editors put a new file in the old one's place. */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Entries of one folder that matter; "all" of them where the folder itself was listed. */
type Wanted = Set<string> | "all";

export class FileWatch {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #wanted = new Map<string, Wanted>();

  /** `onChange` is called when one of the files may have changed, often more than once for one change. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** From now on these: files and folders by absolute path, which need not be there. A folder stands for its entries. */
  follow(paths: Iterable<string>): void {
    const wanted = new Map<string, Wanted>();
    const want = (folder: string, name: string) => {
      const names = wanted.get(folder) ?? new Set<string>();
      wanted.set(folder, names);
      if (names !== "all") names.add(name);
    };
    for (const path of paths) {
      if (kindOf(path) === "folder") wanted.set(path, "all");
      // Of a file whose folder is not there, the part of the way that comes first.
      let at = path;
      while (kindOf(dirname(at)) !== "folder" && dirname(at) !== at) at = dirname(at);
      want(dirname(at), basename(at));
    }
    this.#wanted = wanted;
    for (const folder of [...this.#watchers.keys()]) if (!wanted.has(folder)) this.#stop(folder);
    for (const folder of wanted.keys()) this.#start(folder);
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#stop(folder);
  }

  #start(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const wanted = this.#wanted.get(folder);
        const isItself = name === basename(folder);
        // A folder that is moved or removed tells of itself; its watcher sees nothing of one that comes in its place.
        if (isItself) this.#stop(folder);
        if (name === null || isItself || wanted === "all" || wanted?.has(name)) this.#onChange();
      });
      watcher.on("error", () => {
        this.#stop(folder);
        this.#onChange();
      });
      this.#watchers.set(folder, watcher);
    } catch {
      // It went away meanwhile, or the system has no watches left: what is shown stays as it is.
    }
  }

  #stop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

/** What tells one content of a file from another without reading it. */
export function fileSignature(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : "none";
}

function kindOf(path: string): "folder" | "other" {
  try {
    return statSync(path).isDirectory() ? "folder" : "other";
  } catch {
    return "other";
  }
}
