/** Several machines, each with a clone of the source and a clone of the state, and what they say, for a transcript. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../state/folders.ts";

export interface Said {
  readonly machine: string;
  readonly command: string;
  readonly code: number | null;
  /** What a person sees: both streams, as they came. */
  readonly output: string;
}

/** Commits made now are the same commits at any time. */
const fixed = {
  GIT_AUTHOR_NAME: "Ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_AUTHOR_DATE: "2026-01-05T09:00:00Z",
  GIT_COMMITTER_NAME: "Ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
  GIT_COMMITTER_DATE: "2026-01-05T09:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

export class Machines {
  readonly #folder = temporaryFolder();
  readonly source = join(this.#folder, "srv/shop.git");
  readonly state = join(this.#folder, "srv/state.git");
  readonly said: Said[] = [];

  constructor(
    private readonly program: string,
    files: Readonly<Record<string, string>>,
    names: readonly string[],
  ) {
    for (const bare of [this.source, this.state]) {
      mkdirSync(bare, { recursive: true });
      this.#git(bare, "init", "--quiet", "--bare", "--initial-branch", "main");
    }
    const seed = join(this.#folder, "seed");
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(seed, path)), { recursive: true });
      writeFileSync(join(seed, path), text);
    }
    this.#git(seed, "init", "--quiet", "--initial-branch", "main");
    this.#git(seed, "add", "--all");
    this.#git(seed, "commit", "--quiet", "--message", "The shop");
    this.#git(seed, "push", "--quiet", this.source, "main");
    for (const name of names) {
      this.#git(this.#folder, "clone", "--quiet", this.source, join(this.#folder, name, "shop"));
    }
  }

  /** Runs a command on a machine; it is heard in the order in which commands end. */
  async run(machine: string, ...args: readonly string[]): Promise<Said> {
    const home = join(this.#folder, machine);
    const child = spawn(process.execPath, [this.program, ...args], {
      cwd: join(home, "shop"),
      env: {
        ...process.env,
        ...fixed,
        HOME: home,
        OCUROOT_HOME: join(home, ".ocuroot"),
        STATE_REMOTE: this.state,
        NO_COLOR: "1",
        CI: "",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const said = { machine, command: args.join(" "), code, output: this.#shown(output) };
    this.said.push(said);
    return said;
  }

  /** Takes the remotes out of reach for a while. */
  async offline<T>(act: () => Promise<T>): Promise<T> {
    const away = join(this.#folder, "away");
    renameSync(dirname(this.state), away);
    try {
      return await act();
    } finally {
      renameSync(away, dirname(this.state));
    }
  }

  /** Subjects of the commits of the state's branch, oldest first. */
  history(): string[] {
    return this.#git(this.state, "log", "--reverse", "--format=%s", "state").split("\n");
  }

  #shown(text: string): string {
    return text.replaceAll(join(this.#folder, "srv"), "/srv").replaceAll(this.#folder, "/home").trimEnd();
  }

  #git(cwd: string, ...args: string[]): string {
    return execFileSync("git", args, { cwd, env: { ...process.env, ...fixed }, encoding: "utf8" }).trimEnd();
  }
}
