/**
 * Compiled programs, kept in a folder of the user: a file that is run again need not be parsed. A program is used for the
 * very text, options and build that it was made from; the folder may be deleted at any time.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Program } from "../src/index.ts";
import { buildOf, cacheFolder, readIfThere, writeAside } from "./codeCache.ts";
import type { FrontEnd } from "./frontEnd.ts";

/** What a program is made from, besides the options of the run. */
export interface SourceText {
  readonly filename: string;
  readonly text: string;
}

/** As many programs are kept. */
const capacity = 256;
/** Chars of a text whose program is kept. */
const longest = 1_000_000;

export class ProgramCache {
  private constructor(
    private readonly folder: string,
    /** Builds of the interpreter that made the programs. */
    private readonly builds: string,
    /** Of the run. */
    private readonly options: string,
  ) {}

  /** The programs that these bundles made with these options; undefined when there is no bundle, or no folder for them. */
  static of(
    bundles: readonly string[],
    options: readonly string[],
    folder = cacheFolder("programs"),
  ): ProgramCache | undefined {
    const builds = bundles.map(buildOf);
    if (builds.includes(undefined) || folder === undefined) return undefined;
    return new ProgramCache(folder, JSON.stringify([process.versions.v8, ...builds]), JSON.stringify(options));
  }

  find({ filename, text }: SourceText): Program | undefined {
    try {
      const data = readIfThere(this.fileOf(filename));
      if (data === undefined) return undefined;
      const kept = JSON.parse(data.toString()) as KeptProgram;
      if (kept.builds !== this.builds || kept.options !== this.options) return undefined;
      if (kept.filename !== filename || kept.text !== text) return undefined;
      return { ...kept.program, places: Int32Array.from(kept.program.places) };
    } catch {
      return undefined; // It is damaged.
    }
  }

  keep({ filename, text }: SourceText, program: Program): void {
    const { constants } = program;
    if (text.length > longest) return;
    if (constants.some((constant) => constant.kind === "float" && !isWrittenExactly(constant.value))) return;
    const kept: KeptProgram = {
      builds: this.builds,
      options: this.options,
      filename,
      text,
      program: { ...program, places: Array.from(program.places) },
    };
    writeAside(this.fileOf(filename), () => JSON.stringify(kept), superfluousOf);
  }

  /** Names that fall together only cost each other the place. */
  private fileOf(filename: string): string {
    const path = `${this.options}\n${resolve(filename)}`;
    let high = 0x811c9dc5;
    let low = 0x1b873593;
    for (let i = 0; i < path.length; i++) {
      high = Math.imul(high ^ path.charCodeAt(i), 0x01000193);
      low = Math.imul(low ^ path.charCodeAt(i), 0x85ebca6b);
      low ^= low >>> 13;
    }
    return join(this.folder, `${(high >>> 0).toString(36)}-${(low >>> 0).toString(36)}.json`);
  }
}

interface KeptProgram extends SourceText {
  readonly builds: string;
  readonly options: string;
  readonly program: Omit<Program, "places"> & { readonly places: readonly number[] };
}

function isWrittenExactly(value: number): boolean {
  return Object.is(JSON.parse(JSON.stringify(value)), value);
}

/** Half of the programs, those that were made first, when there are too many. */
function superfluousOf(names: string[], folder: string): string[] {
  if (names.length < capacity) return [];
  const ages = new Map(
    names.map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0]),
  );
  return names.sort((a, b) => (ages.get(a) as number) - (ages.get(b) as number)).slice(0, names.length >> 1);
}

/** Reads the modules that a file loads. Throws when there is no such module. */
export type ReadModule = (module: string, fromFile: string) => SourceText;

/** The kept programs of a file and of all that it loads, by file name; undefined when there is one that is not kept. */
export function findAll(
  cache: ProgramCache,
  main: SourceText,
  read: ReadModule,
): ReadonlyMap<string, KeptFile> | undefined {
  const found = new Map<string, KeptFile>();
  const waiting: SourceText[] = [main];
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    if (found.has(source.filename)) continue;
    const program = cache.find(source);
    if (program === undefined) return undefined;
    found.set(source.filename, { text: source.text, program });
    for (const { module } of program.loads) {
      try {
        waiting.push(read(module, source.filename));
      } catch {
        // It is missing, which the load will say.
      }
    }
  }
  return found;
}

export interface KeptFile {
  readonly text: string;
  readonly program: Program;
}

/** A front end for files whose programs are all kept. */
export function frontEndOf(files: ReadonlyMap<string, KeptFile>): FrontEnd {
  return {
    isUnfinished: () => false,
    prepare(filename, text) {
      const file = files.get(filename);
      if (file?.text === text) return { program: file.program };
      return { errors: `${filename}:1:1: the file was changed while it was read; run the program again` };
    },
  };
}

/** A front end that keeps the programs it makes, and makes none that is kept. */
export function keeping(frontEnd: FrontEnd, cache: ProgramCache): FrontEnd {
  return {
    isUnfinished: frontEnd.isUnfinished,
    prepare(filename, text, options) {
      const kept = cache.find({ filename, text });
      if (kept !== undefined) return { program: kept };
      const prepared = frontEnd.prepare(filename, text, options);
      if (prepared.program !== undefined) cache.keep({ filename, text }, prepared.program);
      return prepared;
    },
  };
}
