import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { goArch, goOs, shellEnvironment } from "./environment.ts";
import {
  type HostCaller,
  HostError,
  type HttpRequest,
  type HttpResponse,
  type ShellRequest,
  type ShellResult,
  type SyncHost,
} from "./host.ts";

/** Bytes. */
const largestFile = 16 << 20;

export interface PreviewHostOptions {
  /** Absolute path of the repository root: nothing outside of it is read. */
  readonly root: string;
  /** Whether the workspace is trusted: only then are files and environment variables given out. */
  readonly isTrusted: boolean;
  /** Variables that a trusted file sees. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onPrint?: (text: string) => void;
}

/**
 * The host of previews, lint and the editor (spec 6.3): it runs nothing, writes nothing and sends nothing. What it leaves
 * out is noted at the place of the call, and the call gets an empty result, so that the rest of the file can be shown.
 */
export class PreviewHost implements SyncHost {
  readonly #options: PreviewHostOptions;
  #caller: HostCaller | undefined;

  constructor(options: PreviewHostOptions) {
    this.#options = options;
  }

  connect(caller: HostCaller): void {
    this.#caller = caller;
  }

  shell(_request: ShellRequest): ShellResult {
    this.#skip("shell commands are not run in a preview; the result is taken to be empty");
    return { stdout: "", stderr: "", combinedOutput: "", exitCode: 0 };
  }

  http(_request: HttpRequest): HttpResponse {
    this.#skip("requests are not sent in a preview; the response is taken to be empty, with status 200");
    return { statusCode: 200, statusText: "OK", headers: {}, body: new Uint8Array() };
  }

  writeFile(path: string, _content: Uint8Array): void {
    this.#skip(`files are not written in a preview: ${this.#shown(path)}`);
  }

  readFile(path: string): Uint8Array {
    return this.#read(path, (file) => {
      // Anything else, a pipe for instance, could keep the reader waiting for ever.
      const kind = statSync(file);
      if (!kind.isFile() && !kind.isDirectory()) throw new Error("it is not an ordinary file");
      if (kind.size > largestFile) throw new Error("it is too large for a preview");
      return readFileSync(file);
    });
  }

  readDir(path: string): readonly string[] {
    return this.#read(path, (folder) => readdirSync(folder));
  }

  isDir(path: string): boolean {
    this.#requireTrust("reading files");
    this.#checkInside(path);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  env(): Readonly<Record<string, string>> {
    this.#requireTrust("reading environment variables");
    return shellEnvironment(this.#options.env ?? {});
  }

  os(): string {
    this.#requireTrust("asking for the operating system");
    return goOs();
  }

  arch(): string {
    this.#requireTrust("asking for the processor");
    return goArch();
  }

  print(text: string): void {
    this.#options.onPrint?.(text);
  }

  registerSecret(): void {}

  #skip(message: string): void {
    this.#caller?.note("preview/skipped", message);
  }

  #requireTrust(what: string): void {
    if (!this.#options.isTrusted)
      throw new HostError(`${what} is not available in the preview of an untrusted workspace`);
  }

  #read<T>(path: string, read: (path: string) => T): T {
    this.#requireTrust("reading files");
    this.#checkInside(path);
    try {
      return read(path);
    } catch (error) {
      throw new HostError(`${this.#shown(path)} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`);
    }
  }

  /** Symbolic links do not lead out either. */
  #checkInside(path: string): void {
    const root = realpathSync(this.#options.root);
    if (isInside(resolve(this.#options.root), path) || isInside(root, path)) {
      if (isInside(root, realPathOfNearest(path))) return;
    }
    throw new HostError(`${path} is outside of the repository; a preview reads nothing there`);
  }

  #shown(path: string): string {
    const { root } = this.#options;
    return isInside(root, path) ? relative(root, path) || "." : path;
  }
}

/** The real path of a file, or of the nearest folder above it that exists. */
function realPathOfNearest(path: string): string {
  for (let each = path; ; each = dirname(each)) {
    try {
      return realpathSync(each);
    } catch (error) {
      if (dirname(each) === each) throw error;
    }
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ENOTDIR") return "it is not a folder";
  return message;
}
