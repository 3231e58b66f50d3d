import { isAbsolute, relative, resolve, sep } from "node:path";
import pc from "picocolors";
import type { Colors } from "picocolors/types.js";
import type { JsonValue } from "../json/json.ts";
import { printJson } from "../json/jsonText.ts";
import type { Places } from "../terminal/failure.ts";
import type { CliIo, Output } from "../terminal/io.ts";
import type { LiveScreen } from "../terminal/liveScreen.ts";
import { harmless } from "../terminal/text.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly directory?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly package?: string;
  readonly release?: string;
}

/** How a command speaks: results on stdout, messages on stderr, colours where they are wanted. */
export class Ui {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  /** Current folder: `-C`, else the shell's. */
  readonly cwd: string;
  readonly colors: Colors;
  readonly messageColors: Colors;
  /** Where releases are drawn while they run; made when the first one is. */
  screen: LiveScreen | undefined;

  constructor(io: CliIo, options: GlobalOptions) {
    this.io = io;
    this.options = options;
    this.cwd = resolve(io.cwd, options.directory ?? ".");
    this.colors = pc.createColors(this.#wantsColor(io.stdout.isTTY));
    this.messageColors = pc.createColors(this.#wantsColor(io.stderr.isTTY));
  }

  /** A live view can be drawn: a terminal that can move its cursor. */
  get isLive(): boolean {
    const { stdout, env } = this.io;
    return stdout.isTTY === true && !this.options.json && !this.options.quiet && env.TERM !== "dumb" && !env.CI;
  }

  /** A result, on stdout. */
  out(...lines: readonly string[]): void {
    this.#write(this.io.stdout, lines);
  }

  /** A result as JSON: on one line for machines, indented for people. */
  outJson(value: JsonValue, indent = this.options.json ? 0 : 2): void {
    this.out(printJson(value, indent));
  }

  /** Something the user should know, on stderr; not said with `--quiet`. */
  note(...lines: readonly string[]): void {
    if (!this.options.quiet) this.complain(...lines);
  }

  /** An error, on stderr. */
  complain(...lines: readonly string[]): void {
    this.#write(this.io.stderr, lines);
  }

  /** What is drawn live stays below what is said meanwhile. A terminal obeys no text; files and pipes get it as it is. */
  #write(output: Output, lines: readonly string[]): void {
    const write = () => {
      for (const line of lines) output.write(`${output.isTTY ? harmless(line) : line}\n`);
    };
    if (this.screen) this.screen.above(write);
    else write();
  }

  /** A path as the user would write it from the current folder. */
  shownPath(path: string): string {
    const shown = relative(this.cwd, path);
    if (shown === "") return ".";
    return isAbsolute(shown) ? path : shown.replaceAll(sep, "/");
  }

  /** How files of a repository are shown. */
  places(root: string): Places {
    const { stderr } = this.io;
    return {
      shown: (file) => this.shownPath(resolve(root, file)),
      path: (file) => resolve(root, file),
      ...(stderr.isTTY && stderr.columns ? { columns: stderr.columns } : {}),
    };
  }

  #wantsColor(isTerminal: boolean | undefined): boolean {
    const { env } = this.io;
    if (this.options.color === false || this.options.json || env.NO_COLOR) return false;
    if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
    return isTerminal === true && env.TERM !== "dumb";
  }
}
