/** The releases of a push: files that do not need each other at the same time, the others in the order of their needs. */
import type { PackageModel } from "../model/package.ts";
import { ReleaseExistsError } from "../release/createRelease.ts";
import { refs } from "../release/documents.ts";
import { absoluteRef } from "../release/toAbsolute.ts";
import { Slots } from "../runner/slots.ts";
import { inOrder } from "../work/inOrder.ts";
import { inParallel } from "../work/inParallel.ts";
import type { PushedFile } from "../work/push.ts";
import { mostFiles } from "../work/session.ts";
import { unlessDamaged } from "../work/unlessDamaged.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { startRelease } from "./startRelease.ts";
import type { WorkPlace } from "./work.ts";

/** A place with source. */
export type SourcePlace = WorkPlace & { readonly commit: string };

/** A file, and what is known of it before it is released. */
interface Planned extends PushedFile {
  /** Undefined for a file that cannot be evaluated; its release says why. */
  readonly model: PackageModel | undefined;
}

export class FilePush {
  readonly #context: CliContext;
  readonly #place: SourcePlace;
  readonly #slots: Slots;
  readonly #parallel: number;
  /** Refs of releases by file. */
  readonly #releases = new Map<string, string>();
  #worst = 0;
  #isInterrupted = false;
  #hasUnusable = false;

  constructor(context: CliContext, place: SourcePlace, parallel: number) {
    this.#context = context;
    this.#place = place;
    this.#parallel = parallel;
    this.#slots = new Slots(parallel);
  }

  /** The releases that were made, sorted by file. */
  get releases(): string[] {
    return [...this.#releases].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
  }

  /** Whether there is a file that could not even begin. */
  get hasUnusable(): boolean {
    return this.#hasUnusable;
  }

  get exitCode(): number {
    if (this.#isInterrupted) return 130;
    return Math.max(this.#worst, this.#hasUnusable ? 1 : 0);
  }

  /** Releases the files. Those that register environments come first: the others may deploy to those. */
  async release(files: readonly PushedFile[]): Promise<void> {
    const isMany = files.length > 1;
    const planned = await this.#plan(files, (file) => this.#context.mayRegister(this.#place.repository, file));
    const registers = ({ model }: Planned) => (model?.registered.length ?? 0) > 0;
    await this.#releaseAll(planned.filter(registers), isMany);
    if (this.#isInterrupted) return;
    const others = planned.filter((each) => !registers(each));
    // What deploys to environments that have only just come could not be known before.
    await this.#releaseAll(isMany ? await this.#plan(others, () => Promise.resolve(true)) : others, isMany);
  }

  /** Looks at files without doing anything to the world. */
  async #plan(files: readonly PushedFile[], isAsked: (file: string) => Promise<boolean>): Promise<Planned[]> {
    const { repository, damage } = this.#place;
    const models = new Map<string, PackageModel | undefined>();
    await inParallel(files, mostFiles, async ({ file }) => {
      // What cannot be evaluated is told by its release.
      const preview = async () => (await isAsked(file)) && (await this.#context.preview(repository, file)).model;
      models.set(file, (await unlessDamaged(damage && (() => {}), preview)) || undefined);
    });
    return files.map((each) => ({ ...each, model: models.get(each.file) }));
  }

  async #releaseAll(files: readonly Planned[], isMany: boolean): Promise<void> {
    const needs = this.#needs(files);
    const limit = Math.min(mostFiles, this.#parallel);
    await inOrder(files, { limit, needs: (each) => needs.get(each) ?? [] }, async (each) => {
      await this.#releaseOne(each, isMany);
      return !this.#isInterrupted;
    });
  }

  /** Of each file, those that give what it takes in. */
  #needs(files: readonly Planned[]): Map<Planned, Planned[]> {
    const { repository } = this.#place;
    const byRef = new Map(files.map((each) => [refs.package({ repo: repository.name, file: each.file }), each]));
    return new Map(
      files.map((each) => {
        const own = { repo: repository.name, file: each.file };
        // Whatever number it gets: only the files count that its refs lead to.
        const toAbsolute = absoluteRef(own, refs.release(own, 1));
        const inputs = each.model?.phases.flatMap(({ work }) => work.flatMap((one) => Object.values(one.inputs))) ?? [];
        const producers = inputs.flatMap(({ ref }) => (ref === undefined ? [] : (fileOf(toAbsolute, ref) ?? [])));
        return [each, [...new Set(producers)].flatMap((ref) => byRef.get(ref) ?? []).filter((one) => one !== each)];
      }),
    );
  }

  async #releaseOne({ file, because }: PushedFile, isOneOfMany: boolean): Promise<void> {
    const { ui } = this.#context;
    const { repository, commit, damage } = this.#place;
    if (because !== "new" && because !== file) ui.note(`${ui.places(repository.root).shown(file)}: ${because} changed`);
    const own = { repo: repository.name, file };
    const about = { commit, force: false, parallel: this.#parallel, slots: this.#slots, isOneOfMany };
    const start = async () => {
      const onRelease = (release: string) => void this.#releases.set(file, release);
      return await startRelease(this.#context, repository, own, { ...about, onRelease });
    };
    try {
      const started = await unlessDamaged(damage && ((error) => damage.add(error)), start);
      if (started === undefined) this.#hasUnusable ||= !this.#releases.has(file);
      else if (started.code === 130) this.#isInterrupted = true;
      else this.#worst = Math.max(this.#worst, started.code);
    } catch (error) {
      if (error instanceof ReleaseExistsError) {
        ui.note(`${error.message}: ${error.releases.map((number) => `r${number}`).join(", ")}`);
        return;
      }
      if (!(error instanceof CliError)) throw error;
      if (error.exitCode === 130) {
        this.#isInterrupted = true;
        return;
      }
      ui.complain(error.message);
      this.#hasUnusable = true;
    }
  }
}

/** The package file whose work an input reads; undefined for refs to something else. */
function fileOf(toAbsolute: (ref: string) => string, ref: string): string | undefined {
  try {
    return /^(.+)\/@[^/]*\/(?:task|call|deploy)\//.exec(toAbsolute(ref))?.[1];
  } catch {
    return undefined; // Not a ref: the file's release says so.
  }
}
