/** The phases of a package file, kept up to date while the file, what it loads and reads, or the environments change. */
import { resolve } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import { FileWatch, fileSignature } from "../host/fileWatch.ts";
import type { EnvironmentModel, PackageModel, PackageProblem } from "../model/package.ts";
import { CompileCache } from "../package/compileClosure.ts";
import { evaluatePackage } from "../package/evaluatePackage.ts";
import { PreviewHost, type PreviewHostOptions } from "../sdk/previewHost.ts";

export interface LivePreviewOptions {
  readonly parser: Parser;
  readonly root: string;
  /** From the root. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The environments in state, as they are now. */
  environments(): Promise<EnvironmentModel[]>;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

export interface PreviewState {
  /** Of the last evaluation that gave one. */
  readonly model: PackageModel | undefined;
  /** Of the last evaluation. */
  readonly problems: readonly PackageProblem[];
  /** The file has an error now: the model is what it was before. */
  readonly isStale: boolean;
}

/** Changes within this time are taken together: an editor that saves writes more than once. Milliseconds. */
const gatherFor = 30;

/** While somebody types, anything can stand in the file: a loop that does not end must not block for long. */
const limits = { budget: { wallMs: 5000, memory: 2 ** 30 } };

export class LivePreview {
  readonly #options: LivePreviewOptions;
  readonly #watch: FileWatch;
  readonly #cache = new CompileCache();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isOutdated = false;
  #isClosed = false;
  #state: PreviewState = { model: undefined, problems: [], isStale: false };

  constructor(options: LivePreviewOptions) {
    this.#options = options;
    this.#watch = new FileWatch(() => this.changed());
  }

  get state(): PreviewState {
    return this.#state;
  }

  /** Evaluates for the first time, and follows the files from then on. */
  async start(): Promise<void> {
    await this.#update();
  }

  /** Something that the file depends on is another now. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#update().catch(this.#options.onError);
    }, gatherFor);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#watch.close();
  }

  async #update(): Promise<void> {
    this.#isOutdated = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isOutdated && !this.#isClosed) {
        this.#isOutdated = false;
        const environments = await this.#options.environments();
        if (!this.#isClosed) this.#evaluate(environments);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #evaluate(environments: readonly EnvironmentModel[]): void {
    const { parser, root, file, env, onChange } = this.#options;
    /** What the evaluation has looked at, as it was then. */
    const seen = new Map<string, string>();
    const note = (path: string) => {
      if (!seen.has(path)) seen.set(path, fileSignature(path));
    };
    const { model, problems } = evaluatePackage({
      parser,
      root,
      file,
      cache: this.#cache,
      environments,
      host: new NotingHost({ root, isTrusted: true, env }, note),
      limits,
      readText: (path) => {
        note(path);
        return undefined; // What is on disk.
      },
    });
    note(resolve(root, file));
    this.#watch.follow(seen.keys());
    // What changed before it was watched.
    if ([...seen].some(([path, signature]) => fileSignature(path) !== signature)) this.changed();
    this.#state = { model: model ?? this.#state.model, problems, isStale: model === undefined };
    onChange();
  }
}

/** Tells which files and folders a preview reads. */
class NotingHost extends PreviewHost {
  readonly #note: (path: string) => void;

  constructor(options: PreviewHostOptions, note: (path: string) => void) {
    super(options);
    this.#note = note;
  }

  override readFile(path: string): Uint8Array {
    this.#note(path);
    return super.readFile(path);
  }

  override readDir(path: string): readonly string[] {
    this.#note(path);
    return super.readDir(path);
  }

  override isDir(path: string): boolean {
    this.#note(path);
    return super.isDir(path);
  }
}
