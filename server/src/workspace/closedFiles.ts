import type { RepositoryView } from "../analysis/snapshot.ts";

export interface ClosedFilesOptions {
  readonly repositories: () => readonly RepositoryView[];
  readonly isOpen: (uri: string) => boolean;
  /** Whether problems of files that are not open are wanted. */
  readonly isWanted: () => boolean;
  /** Publishes the problems of a file, when they are not those that were published last. */
  readonly publish: (uri: string) => void;
  /** Takes back what was published of a file. */
  readonly clear: (uri: string) => void;
}

/** Milliseconds of quiet after a change before the files that are not open are looked at. */
const delay = 400;

/**
 * Problems of the workspace's files that are not open (spec 6.4.15), looked at one by one while nothing else is to be done.
 */
export class ClosedFiles {
  readonly #shown = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** Counts passes: a newer one ends the one that runs. */
  #pass = 0;

  constructor(private readonly options: ClosedFilesOptions) {}

  /** Something changed that problems may depend on. */
  schedule(): void {
    if (!this.options.isWanted() && this.#shown.size === 0) return;
    clearTimeout(this.#timer);
    this.#pass++;
    this.#timer = setTimeout(() => void this.#run(this.#pass), delay);
    this.#timer.unref();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pass++;
  }

  async #run(pass: number): Promise<void> {
    const uris = new Set(this.options.isWanted() ? this.#uris() : []);
    for (const uri of [...this.#shown]) {
      if (uris.has(uri) || this.options.isOpen(uri)) continue;
      this.#shown.delete(uri);
      this.options.clear(uri);
    }
    for (const uri of uris) {
      await new Promise(setImmediate);
      if (pass !== this.#pass) return;
      if (this.options.isOpen(uri)) continue;
      this.#shown.add(uri);
      this.options.publish(uri);
    }
  }

  *#uris(): Iterable<string> {
    for (const repository of this.options.repositories()) {
      for (const path of repository.paths()) {
        const uri = path.endsWith(".star") ? repository.file(path)?.uri : undefined;
        if (uri !== undefined) yield uri;
      }
    }
  }
}
