/** A repository in a scratch folder, and the command run in it, in this process or as one of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { runCli } from "../../src/cli/runCli.ts";

const checkout = join(__dirname, "../../..");
const fixtures = join(checkout, "test-fixtures");

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Folder in the repository. */
  readonly in?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array;
  readonly signals?: EventEmitter;
  /** Called with all of stdout so far. */
  readonly onOutput?: (text: string) => void;
  readonly columns?: number;
  readonly rows?: number;
}

export class Sandbox {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-cli-")));
  readonly env: Record<string, string | undefined> = {
    ...process.env,
    PATH: `${join(fixtures, "bin")}:${process.env.PATH}`,
    GIT_AUTHOR_NAME: "T",
    GIT_AUTHOR_EMAIL: "t@example.com",
    GIT_COMMITTER_NAME: "T",
    GIT_COMMITTER_EMAIL: "t@example.com",
    GIT_CONFIG_GLOBAL: "/dev/null",
    NO_COLOR: "1",
    CI: undefined,
  };

  /** With the files of a fixture repository, or with those given; committed. */
  static create(files: string | Readonly<Record<string, string>>): Sandbox {
    const sandbox = new Sandbox();
    sandbox.git("init", "-q", "-b", "main");
    if (typeof files === "string") cpSync(join(fixtures, "repos", files), sandbox.root, { recursive: true });
    else for (const [path, text] of Object.entries(files)) sandbox.write(path, text);
    sandbox.commit();
    return sandbox;
  }

  path(path: string): string {
    return join(this.root, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.root, env: this.env, encoding: "utf8" }).trim();
  }

  commit(): string {
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", "change");
    return this.git("rev-parse", "HEAD");
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    let stdout = "";
    let stderr = "";
    const size = options.columns ? { isTTY: true, columns: options.columns, rows: options.rows ?? 24 } : {};
    const code = await runCli(argv, {
      cwd: this.path(options.in ?? "."),
      env: { ...this.env, ...options.env },
      stdout: {
        write: (text) => {
          stdout += text;
          options.onOutput?.(stdout);
        },
        ...size,
      },
      stderr: { write: (text) => (stderr += text) },
      stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
      signals: options.signals ?? new EventEmitter(),
    });
    return { code, stdout, stderr };
  }

  /** Like `run`, and fails when the command does. */
  async ok(argv: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    const result = await this.run(argv, options);
    if (result.code !== 0)
      throw new Error(`ocuroot ${argv.join(" ")}: ${result.code}\n${result.stdout}\n${result.stderr}`);
    return result;
  }

  /** What `state get` prints, read as JSON; undefined when there is nothing. */
  async get(ref: string): Promise<unknown> {
    const { code, stdout } = await this.run(["state", "get", ref]);
    return code === 0 ? JSON.parse(stdout) : undefined;
  }

  /** The command as a process of its own, from the sources. */
  spawn(argv: readonly string[]): ChildProcess {
    const main = join(checkout, "engine/src/cli/main.ts");
    const tsx = join(checkout, "node_modules/tsx/dist/loader.mjs");
    return spawn(process.execPath, ["--import", tsx, main, ...argv], {
      cwd: this.root,
      env: this.env as NodeJS.ProcessEnv,
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
