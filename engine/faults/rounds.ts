/** A round: something changes, is released, approved and applied, by commands that are killed at random moments. */
import {
  expectKept,
  expectNothingTwice,
  expectOneStatus,
  expectReported,
  Fault,
  type Picture,
  readStore,
} from "./audit.ts";
import { type KillMode, runCommand, type Started } from "./command.ts";
import type { Random } from "./random.ts";
import { packageFile, packages, repo, type World } from "./world.ts";

/** Counts for the table. */
export interface Tally {
  rounds: number;
  commands: number;
  kills: number;
  readonly killsByMode: Record<KillMode, number>;
  readonly killsByCommand: Map<string, number>;
  /** Documents that were parsed, over all looks. */
  documents: number;
  /** Runs that were complete in the end, and attempts that it took. */
  completed: number;
  attempts: number;
  /** Work that a killed command had reported as complete; all of it was there. */
  reported: number;
}

/** Kills of one step before it is let through. */
const maxKillsOfStep = 6;
/** Unkilled commands that must be enough to finish what is left. */
const maxFinishing = 8;

export class Rounds {
  #round = 0;
  #machine = 0;
  #last: Picture;
  /** How long commands of each kind take, from those that came through. */
  readonly #durations = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly program: string,
    private readonly random: Random,
    private readonly tally: Tally,
    private readonly maxKills: number,
  ) {
    this.#last = readStore(world);
  }

  /** Environments, without kills: every round needs them. */
  async prepare(): Promise<void> {
    await this.#must(["release", "new", "environments.ocu.star"]);
  }

  async run(): Promise<void> {
    const { world, random, tally } = this;
    this.#round++;
    tally.rounds++;
    if (world.sort === "git") this.#machine = random.pick([0, 1]);
    const before = this.#look();
    world.commit(`Round ${this.#round}`);
    if (random.chance(0.3))
      await this.#until(["push"], () => packages.every((name) => this.#newest(name) !== undefined));
    for (const name of packages) {
      await this.#until(["release", "new", packageFile(name)], () => this.#newest(name) !== undefined);
      await this.#finish(name, name === "frontend" ? ["staging"] : []);
    }
    await this.#approve();
    for (const name of packages) await this.#finish(name);
    if (random.chance(0.3)) await this.#changeEnvironment();
    const after = this.#look();
    expectNothingTwice(world, this.#round, before, after);
    tally.completed +=
      after.runs.filter(({ status }) => status === "complete").length -
      before.runs.filter(({ status }) => status === "complete").length;
    tally.attempts += after.runs.length - before.runs.length;
    await this.#checkAll();
  }

  /** The next command on a machine clears up what was left there; then nothing may be wrong. */
  async #checkAll(): Promise<void> {
    for (const machine of this.world.homes.keys()) {
      for (const args of [
        ["state", "set", "@/custom/round", `${this.#round} ${machine}`],
        ["state", "apply", "@/custom/round"],
        ["state", "check"],
      ]) {
        await this.#must(args, machine);
      }
    }
  }

  /** Sets what the production deployments wait for, and applies it. */
  async #approve(): Promise<void> {
    const release = this.#newest("frontend");
    const ref = `${release}/custom/approval`;
    const isSet = () => readStore(this.world, "intent").documents.has(ref);
    await this.#until(["state", "set", ref, `round ${this.#round}`], isSet);
    await this.#until(["state", "apply", ref], () => this.#look().documents.has(ref));
  }

  /** An environment that comes, with its deployments, and goes again, with what is deployed there. */
  async #changeEnvironment(): Promise<void> {
    const ref = "@/environment/lab";
    const inIntent = () => readStore(this.world, "intent").documents.has(ref);
    const inState = () => this.#look().documents.has(ref);
    const deployed = () => packages.map((name) => `${repo}/-/${packageFile(name)}/@/deploy/lab`);
    const isDeployed = (ref: string) => this.#look().documents.has(ref);
    const value = '{"name":"lab","attributes":{"type":"staging"}}';
    await this.#until(["state", "set", ref, value, "-f", "json"], inIntent);
    await this.#until(["state", "apply", ref], inState);
    await this.#until(["work", "continue"], () => deployed().every(isDeployed));
    await this.#until(["state", "delete", ref], () => !inIntent());
    await this.#until(["state", "apply", ref], () => !inState() && !deployed().some(isDeployed));
  }

  /** Has what is left of a release done, by whatever a person or a CI machine would do next. */
  async #finish(name: string, phases?: readonly string[]): Promise<void> {
    const file = packageFile(name);
    const isOver = () => {
      const release = this.#newest(name);
      const runs = this.#look().runs.filter((run) => run.release === release);
      const meant = runs.filter(
        ({ work }) => phases === undefined || phases.length === 0 || /task|deploy\.test$/.test(work),
      );
      const latest = new Map(meant.map((run) => [run.work, run]));
      for (const run of meant) if (run.number > (latest.get(run.work)?.number ?? 0)) latest.set(run.work, run);
      return [...latest.values()].every(({ status }) => status === "complete");
    };
    const commands = [
      ["release", "retry", file],
      ["release", "continue", file],
      ["work", "continue"],
      ["work", "any"],
    ];
    await this.#until(() => this.random.pick(commands), isOver, [
      ["release", "retry", file],
      ["work", "continue"],
    ]);
  }

  /** Repeats a command, killed or not, until the condition holds. What is let through has to do it in a few goes. */
  async #until(
    command: readonly string[] | (() => readonly string[]),
    isDone: () => boolean,
    last?: readonly (readonly string[])[],
  ): Promise<void> {
    const next = () => (typeof command === "function" ? command() : command);
    for (let kills = 0; kills < maxKillsOfStep && this.tally.kills < this.maxKills && !isDone(); ) {
      if (!this.random.chance(0.85)) {
        await this.#attempt(next());
        continue;
      }
      kills += this.random.chance(0.2) ? await this.#killTwo(next(), next()) : await this.#kill(next());
    }
    const finishing: readonly (readonly string[])[] = last ?? [next()];
    for (let go = 0; !isDone(); go++) {
      if (go === maxFinishing) {
        throw new Fault(`ocuroot ${finishing.map((each) => each.join(" ")).join(" / ")} does not finish in ${go} goes`);
      }
      await this.#attempt(finishing[go % finishing.length] ?? next());
    }
  }

  async #kill(args: readonly string[]): Promise<number> {
    const mode = this.random.pick(["process", "group", "machine"] as const);
    const result = await this.#attempt(args, mode);
    return result.wasKilled ? 1 : 0;
  }

  /** Two commands at the same moment, of two machines where there are two. */
  async #killTwo(first: readonly string[], second: readonly string[]): Promise<number> {
    const both = await Promise.all([
      this.#start(first, this.random.chance(0.8) ? "machine" : undefined, this.#machine),
      this.#start(second, "machine", this.world.sort === "git" ? 1 - this.#machine : 0),
    ]);
    for (const result of both) this.#judge(result);
    return both.filter(({ wasKilled }) => wasKilled).length;
  }

  async #attempt(args: readonly string[], kill?: KillMode): Promise<Started> {
    const result = await this.#start(args, kill, this.#machine);
    this.#judge(result);
    // Another machine cannot end what a killed process left running on the first one, and must not do it again meanwhile.
    if (this.world.sort === "git" && kill === "machine") this.#machine = this.random.pick([0, 1]);
    return result;
  }

  async #start(args: readonly string[], kill: KillMode | undefined, machine: number): Promise<Started> {
    const { world, random, tally } = this;
    const key = args.slice(0, 2).join(" ");
    const usual = this.#durations.get(key) ?? 600;
    const afterMs = random.next() * usual * 1.1;
    const result = await runCommand([...args, "--json"], {
      program: this.program,
      cwd: world.checkout,
      env: world.env(machine, this.#round),
      ...(kill && { kill: { afterMs, mode: kill } }),
    });
    tally.commands++;
    if (result.wasKilled) {
      tally.kills++;
      tally.killsByMode[kill ?? "process"]++;
      tally.killsByCommand.set(key, (tally.killsByCommand.get(key) ?? 0) + 1);
    } else this.#durations.set(key, (usual + result.durationMs) / 2);
    return result;
  }

  #judge({ args, code, wasKilled, stdout, stderr }: Started): void {
    // To continue leaves what was interrupted to a retry, and says so.
    const isLeft = args[1] === "continue" && stdout.includes('"status":"interrupted"');
    if (!wasKilled && !isLeft && !isExpected(code, stderr)) {
      throw new Fault(`ocuroot ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
    }
    this.tally.reported += expectReported(stdout, this.#look());
  }

  async #must(args: readonly string[], machine = this.#machine): Promise<void> {
    const { code, stdout, stderr } = await this.#start(args, undefined, machine);
    if (code !== 0) throw new Fault(`ocuroot ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
  }

  /** Reads the whole store; what was right before must still be. */
  #look(): Picture {
    const now = readStore(this.world);
    this.tally.documents += now.documents.size;
    expectKept(this.#last, now);
    expectOneStatus(now);
    this.#last = now;
    return now;
  }

  /** The release of this round's commit. */
  #newest(name: string): string | undefined {
    const commit = this.world.git("rev-parse", "HEAD");
    const start = `${repo}/-/${packageFile(name)}/@r`;
    for (const ref of this.#look().documents.keys()) {
      if (ref.startsWith(start) && ref.endsWith(`/commit/${commit}`)) return ref.slice(0, -`/commit/${commit}`.length);
    }
    return undefined;
  }
}

/** A command may find that there is nothing for it to do, or that another one just did it. */
function isExpected(code: number | null, stderr: string): boolean {
  if (code === 0) return true;
  const harmless =
    /already has a release for this commit|nothing failed in|interrupted: |was interrupted|has no release|there is no release|is being|runs in another process|nothing to apply|is not set/;
  return code === 1 && harmless.test(stderr);
}
