/**
 * A small stand-in for GitHub Actions: it sees pushes to a bare remote, takes the workflow from the pushed commit, and runs
 * its job on a "machine" of its own, with an empty home and a fresh clone. As there, a push that a job made itself starts
 * nothing, unless it is told to (a token of a person would).
 */
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";

const checkout = join(__dirname, "../../..");

/** What of a workflow file is known here. */
interface Workflow {
  readonly on: { readonly push: { readonly branches: readonly string[] } };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface JobRun {
  readonly branch: string;
  readonly commit: string;
  readonly exitCode: number;
  readonly output: string;
}

interface Push {
  readonly commit: string;
  readonly branch: string;
  readonly by: string;
}

export class CiStandIn {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-ci-")));
  readonly remote = join(this.root, "remote.git");
  /** Whether pushes that jobs made start jobs, too. */
  answersItself = false;
  /** Called when a job has its clone and is about to run its steps. */
  onStart: (branch: string) => Promise<void> = async () => {};
  readonly runs: JobRun[] = [];
  #handled = 0;
  #machines = 0;

  constructor() {
    this.#git(["init", "--quiet", "--bare", "--initial-branch=main", this.remote]);
    // As hosts of repositories have it: any commit can be fetched by its name.
    this.#git(["config", "uploadpack.allowAnySHA1InWant", "true"], this.remote);
    const hook = join(this.remote, "hooks/post-receive");
    const line = `"$new $ref \${PUSHED_BY:-person}"`;
    writeFileSync(hook, `#!/bin/sh\nwhile read -r old new ref; do echo ${line}; done >> "$GIT_DIR/pushes"\n`);
    chmodSync(hook, 0o755);
    mkdirSync(join(this.root, "bin"));
    const command = join(this.root, "bin/ocuroot");
    const [loader, main] = ["node_modules/tsx/dist/loader.mjs", "engine/src/cli/main.ts"].map((path) =>
      join(checkout, path),
    );
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" --import "${loader}" "${main}" "$@"\n`);
    chmodSync(command, 0o755);
  }

  /** Runs the jobs of all pushes, those of one moment at the same time, until no push is left. Returns the new runs. */
  async settle(): Promise<JobRun[]> {
    const before = this.runs.length;
    const isStarter = ({ by }: Push) => this.answersItself || by !== "ci";
    for (let pushes = this.#newPushes(); pushes.length > 0; pushes = this.#newPushes()) {
      await Promise.all(pushes.filter(isStarter).map((push) => this.#start(push)));
    }
    return this.runs.slice(before);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  #newPushes(): Push[] {
    const path = join(this.remote, "pushes");
    const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
    const pushes = lines.slice(this.#handled).map((line): Push => {
      const [commit = "", ref = "", by = ""] = line.split(" ");
      return { commit, branch: ref.replace("refs/heads/", ""), by };
    });
    this.#handled = lines.length;
    return pushes;
  }

  async #start(push: Push): Promise<void> {
    const workflow = this.#workflow(push.commit);
    if (!workflow?.on.push.branches.includes(push.branch)) return;
    for (const { steps } of Object.values(workflow.jobs)) this.runs.push(await this.#job(push, steps));
  }

  #workflow(commit: string): Workflow | undefined {
    const path = ".github/workflows/ocuroot.yml";
    const listed = this.#git(["ls-tree", "--name-only", commit, path], this.remote);
    if (listed === "") return undefined;
    return load(this.#git(["show", `${commit}:${path}`], this.remote)) as Workflow;
  }

  async #job(push: Push, steps: readonly Step[]): Promise<JobRun> {
    const machine = join(this.root, `machine-${++this.#machines}`);
    const folder = join(machine, "work");
    for (const name of ["work", "home", "tmp"]) mkdirSync(join(machine, name), { recursive: true });
    const env = {
      PATH: `${join(this.root, "bin")}:${process.env.PATH}`,
      HOME: join(machine, "home"),
      TMPDIR: join(machine, "tmp"),
      RUNNER_TEMP: join(machine, "tmp"),
      PUSHED_BY: "ci",
      CI: "true",
    };
    let output = "";
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) {
        this.#checkOut(folder, push, step.with?.["fetch-depth"] ?? 1);
        await this.onStart(push.branch);
      } else if (step.uses?.startsWith("actions/setup-node@") || step.name === "Install ocuroot") {
        // Both are on this machine's PATH.
      } else if (step.run !== undefined) {
        const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, substituted(text, push)]);
        const result = await shell(step.run, folder, { ...env, ...Object.fromEntries(own) });
        output += result.output;
        if (result.exitCode !== 0) return { ...push, output, exitCode: result.exitCode };
      } else throw new Error(`The stand-in does not know the step ${JSON.stringify(step)}`);
    }
    return { ...push, output, exitCode: 0 };
  }

  #checkOut(folder: string, { branch, commit }: Push, depth: unknown): void {
    this.#git(["init", "--quiet"], folder);
    this.#git(["remote", "add", "origin", `file://${this.remote}`], folder);
    const limit = depth === 0 ? [] : [`--depth=${String(depth)}`];
    this.#git(["fetch", "--quiet", ...limit, "origin", commit], folder);
    this.#git(["checkout", "--quiet", "-B", branch, commit], folder);
  }

  #git(args: readonly string[], cwd = this.root): string {
    return execFileSync("git", args, { cwd, encoding: "utf8" }).trim();
  }
}

function substituted(text: string, { branch }: Push): string {
  const values: Record<string, string> = { "github.ref_name": branch, "github.token": "a-token" };
  return text.replace(/\$\{\{ *([\w.]+) *\}\}/g, (_, name: string) => {
    if (values[name] === undefined) throw new Error(`The stand-in does not know ${name}`);
    return values[name];
  });
}

function shell(script: string, cwd: string, env: Record<string, string>) {
  return new Promise<{ exitCode: number; output: string }>((resolve, reject) => {
    const child = spawn("bash", ["-e", "-c", script], { cwd, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
