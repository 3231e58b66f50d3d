import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";

/** Events within this time (milliseconds) are told together. */
const settle = 50;

/** A system has only so many watches; folders beyond these are not followed. */
const maxFolders = 4_000;

/**
 * Follows folders on disk for clients that cannot do so themselves. Each folder has a watch of its own: watching a tree
 * is not to be had everywhere, and would follow folders that hold no sources.
 */
export class FolderWatcher {
  readonly #watches = new Map<string, FSWatcher>();
  readonly #pending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** When nothing was listed yet; file systems may count in whole seconds. */
  readonly #since = Date.now() - 1_000;

  constructor(private readonly changed: (paths: readonly string[]) => void) {}

  /** Follows these folders and no others. What is new in a folder that was not followed is looked at once. */
  follow(folders: ReadonlySet<string>): void {
    const isFirst = this.#watches.size === 0;
    for (const [folder, watcher] of this.#watches) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watches.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watches.has(folder) || this.#watches.size >= maxFolders) continue;
      this.#watch(folder);
      // Files may have come into it before it was followed; of the first folders few have changed since they were listed.
      if (isFirst) void this.#noteIfRecent(folder);
      else this.#note(folder);
    }
  }

  async #noteIfRecent(folder: string): Promise<void> {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && found.mtimeMs >= this.#since && this.#watches.has(folder)) this.#note(folder);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false });
      watcher.on("change", (_kind, name) => this.#note(name === null ? folder : join(folder, String(name))));
      // A folder that is gone is noticed in the one that held it.
      watcher.on("error", () => watcher.close());
      this.#watches.set(folder, watcher);
    } catch {
      // Gone or not readable, or there are no more watches: its files are read when they are opened.
    }
  }

  #note(path: string): void {
    this.#pending.add(path);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const paths = [...this.#pending];
      this.#pending.clear();
      this.changed(paths);
    }, settle);
    this.#timer.unref();
  }
}
