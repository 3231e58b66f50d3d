/** A release over a real store, whose work functions are scripted instead of evaluated. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InputModel, PackageModel, WorkModel } from "../../src/model/package.ts";
import type { WorkInput, WorkOutcome } from "../../src/package/session.ts";
import { createRelease } from "../../src/release/createRelease.ts";
import type { ReleaseEvent } from "../../src/release/events.ts";
import { readRef } from "../../src/release/inputs.ts";
import type { Repository } from "../../src/release/repository.ts";
import { absoluteRef } from "../../src/release/toAbsolute.ts";
import type { LineListener, WorkCaller } from "../../src/runner/caller.ts";
import { ReleaseExecution } from "../../src/runner/execute.ts";
import { Slots } from "../../src/runner/slots.ts";
import { openFileStore } from "../../src/state/fileStore.ts";

export const place = { repo: "shop", file: "app/release.ocu.star" };
export const package_ = "shop/-/app/release.ocu.star";

type Body = (
  input: WorkInput,
  onLine: LineListener,
) => Promise<Partial<WorkOutcome> | undefined> | Partial<WorkOutcome> | undefined;

export class ScriptedRelease {
  readonly root = mkdtempSync(join(tmpdir(), "ocuroot-scripted-"));
  readonly events: ReleaseEvent[] = [];
  readonly functions = new Map<string, Body>();
  repository!: Repository;
  stopped: string[] = [];

  async open(): Promise<this> {
    const state = await openFileStore(join(this.root, "state"), { kind: "state" });
    const intent = await openFileStore(join(this.root, "intent"), { kind: "intent" });
    const model = { sdkVersion: "0.3.0", remotes: [], releaseIgnore: [], hasTrigger: false, source: "" };
    const stores = { state: { kind: "fs" as const, path: "" }, isDefault: false };
    this.repository = {
      root: this.root,
      name: "shop",
      model: { ...model, stores },
      state,
      intent,
      isNewDefault: false,
      env: process.env,
      close: async () => {
        await state.close();
        await intent.close();
      },
    };
    return this;
  }

  async close(): Promise<void> {
    await this.repository.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  async create(phases: readonly WorkModel[][], force = false): Promise<string> {
    return await createRelease(this.repository, modelOf(phases), "c0ffee", force);
  }

  execution(release: string, parallel: number | Slots = 16): ReleaseExecution {
    return new ReleaseExecution({
      state: this.repository.state,
      intent: this.repository.intent,
      place,
      release,
      caller: this.caller(),
      slots: typeof parallel === "number" ? new Slots(parallel) : parallel,
      listener: (event) => this.events.push(event),
      toAbsolute: absoluteRef(place, release),
      help: {
        setCommand: (ref) => `set ${ref}`,
        releaseCommand: (words, ref) => `${words} ${ref}`,
        shorten: (ref) => ref.replace(`${release}/`, "./"),
      },
    });
  }

  async get(ref: string): Promise<unknown> {
    return (await readRef(this.repository.state, ref))?.value;
  }

  /** Statuses of a run, which must be one. */
  async statuses(run: string): Promise<string[]> {
    return await this.repository.state.children(`${run}/status`);
  }

  caller(): WorkCaller {
    return {
      commands: [],
      prepare: () => {},
      stop: (signal) => this.stopped.push(signal),
      kill: () => this.stopped.push("kill"),
      call: async (fn, input, onLine) => {
        const body = this.functions.get(fn.name);
        if (!body) throw new Error(`no function ${fn.name}`);
        const result = (await body(input, onLine)) ?? {};
        if (result.kind === "next" || result.kind === "failed") return result as WorkOutcome;
        return { kind: "done", outputs: {}, tags: [], watch: [], annotation: undefined, ...result } as WorkOutcome;
      },
    };
  }
}

export function failed(message: string): WorkOutcome {
  const problem = { code: "evaluation/fail", severity: "error", message, position: undefined } as const;
  return { kind: "failed", problem, message, traceback: message, reason: undefined };
}

export function task(name: string, inputs: Record<string, InputModel> = {}): WorkModel {
  return { kind: "task", name, fn: { name, pos: `${place.file}:1:5` }, inputs, position };
}

export function deploy(name: string, inputs: Record<string, InputModel> = {}): WorkModel {
  const [up, down] = ["up", "down"].map((fn) => ({ name: fn, pos: `${place.file}:2:5` }));
  return { kind: "deploy", environment: { name, attributes: {} }, up: up!, down: down!, inputs, position };
}

const position = { file: place.file, line: 1, column: 1 };

function modelOf(phases: readonly WorkModel[][]): PackageModel {
  return {
    file: place.file,
    sdkVersion: "0.3.0",
    phases: phases.map((work, index) => ({ name: `p${index + 1}`, work, position })),
    functions: [],
    registered: [],
    modules: [],
  };
}
