import type { StarlarkFunction, Thread } from "@ocuroot/starlark";
import type {
  EnvironmentModel,
  FunctionModel,
  FunctionRef,
  PackageProblem,
  PhaseModel,
  SourcePosition,
  WorkModel,
} from "../model/package.ts";
import type { Declarations, DeployDeclaration, SdkSession, TaskDeclaration } from "../sdk/session.ts";
import { type EnvironmentValue, WorkValue } from "../sdk/values.ts";
import { contractProblems, functionModelOf, functionRefOf } from "./contract.ts";
import type { FunctionTable } from "./functions.ts";

/** Work in the order of the file; phases stand where `phase(...)` was called. */
type Declared = { readonly work: WorkValue } | { readonly phase: PhaseModel };

/** What the calls of one package file declare, and the validation that spans several of them. */
export class PackageDeclarations implements Declarations {
  readonly #session: SdkSession;
  readonly #functions: FunctionTable;
  readonly #declared: Declared[] = [];
  readonly #phaseOf = new Map<WorkValue, { readonly name: string; readonly position: SourcePosition }>();
  readonly #taskPositions = new Map<string, SourcePosition>();
  readonly #deployPositions = new Map<string, SourcePosition>();
  readonly #registered = new Map<string, { readonly model: EnvironmentModel; readonly position: SourcePosition }>();
  readonly #used = new Map<string, FunctionModel>();

  constructor(session: SdkSession, functions: FunctionTable) {
    this.#session = session;
    this.#functions = functions;
  }

  addTask(thread: Thread, { fn, name, annotation, inputs }: TaskDeclaration): WorkValue {
    const position = this.#session.position(thread);
    this.#claim(thread, this.#taskPositions, name, `the name \`${name}\` is used by two pieces of work`, "name");
    this.#checkContract(thread, fn, Object.keys(inputs));
    return this.#add({
      kind: "task",
      name,
      fn: this.#use(fn, `task/${name}`),
      inputs,
      ...(annotation === undefined ? {} : { annotation }),
      position,
    });
  }

  addDeploy(thread: Thread, { environment, up, down, inputs }: DeployDeclaration): WorkValue {
    const position = this.#session.position(thread);
    const { name } = environment;
    this.#claim(thread, this.#deployPositions, name, `the environment \`${name}\` is deployed twice`, "environment");
    for (const [role, fn] of [["up", up] as const, ["down", down] as const]) {
      this.#checkTopLevel(thread, role, fn);
      this.#checkContract(thread, fn, [...Object.keys(inputs), "environment"]);
    }
    const work = `deploy/${name}`;
    return this.#add({
      kind: "deploy",
      environment,
      up: this.#use(up, work),
      down: this.#use(down, work),
      inputs,
      position,
    });
  }

  addPhase(thread: Thread, name: string, work: readonly WorkValue[]): void {
    const position = this.#session.position(thread);
    const own: WorkModel[] = [];
    for (const value of work) {
      const other = this.#phaseOf.get(value);
      if (other) {
        const message = `${titleOf(value.model)} is already part of phase "${other.name}"`;
        const related = [{ message: `phase "${other.name}" is here`, position: other.position }];
        this.#session.report(thread, { code: "sdk/work-in-two-phases", severity: "error", message, related });
        continue;
      }
      this.#phaseOf.set(value, { name, position });
      own.push(value.model);
    }
    this.#declared.push({ phase: { name, work: own, position } });
  }

  registerEnvironment(thread: Thread, { model }: EnvironmentValue): void {
    const earlier = this.#registered.get(model.name);
    if (!earlier) {
      this.#registered.set(model.name, { model, position: this.#session.position(thread) });
      return;
    }
    this.#session.report(thread, {
      code: "sdk/registered-twice",
      severity: sameEnvironment(earlier.model, model) ? "warning" : "error",
      message: `the environment \`${model.name}\` is registered twice`,
      related: [{ message: "it is registered here first", position: earlier.position }],
    });
  }

  /** Problems that show only when the whole file has been evaluated. */
  finalProblems(): PackageProblem[] {
    const registration = [...this.#registered.values()][0];
    const first = this.#declared[0];
    if (!registration || !first) return [];
    const work = "work" in first ? first.work.model.position : first.phase.position;
    return [
      {
        code: "sdk/environments-and-work",
        severity: "error",
        message: "a file either registers environments or declares work; this one does both",
        position: work,
        related: [{ message: "an environment is registered here", position: registration.position }],
      },
    ];
  }

  /** Phases in the order of the file; work that is in none is a nameless phase where it stands. */
  phases(): PhaseModel[] {
    return this.#declared.flatMap((each): PhaseModel[] => {
      if ("phase" in each) return [each.phase];
      const { model } = each.work;
      return this.#phaseOf.has(each.work) ? [] : [{ name: "", work: [model], position: model.position }];
    });
  }

  registered(): EnvironmentModel[] {
    return [...this.#registered.values()].map(({ model }) => model);
  }

  functions(): FunctionModel[] {
    return [...this.#used.values()];
  }

  #add(model: WorkModel): WorkValue {
    const work = new WorkValue(model);
    this.#declared.push({ work });
    return work;
  }

  #use(fn: StarlarkFunction, work: string): FunctionRef {
    const ref = functionRefOf(fn);
    this.#functions.add(fn, work);
    this.#used.set(`${ref.name}/${ref.pos}`, functionModelOf(fn));
    return ref;
  }

  #claim(thread: Thread, taken: Map<string, SourcePosition>, key: string, message: string, what: string): void {
    const earlier = taken.get(key);
    if (earlier) {
      const related = [{ message: `the ${what} is used here first`, position: earlier }];
      const code = what === "name" ? "sdk/work-twice" : "sdk/environment-twice";
      this.#session.report(thread, { code, severity: "error", message, related });
    } else {
      taken.set(key, this.#session.position(thread));
    }
  }

  #checkContract(thread: Thread, fn: StarlarkFunction, inputs: readonly string[]): void {
    for (const { code, message } of contractProblems(fn, inputs)) {
      const related = [{ message: "the function is here", position: fn.position }];
      this.#session.report(thread, { code, severity: "error", message, related });
    }
  }

  #checkTopLevel(thread: Thread, role: "up" | "down", fn: StarlarkFunction): void {
    if (fn.isTopLevel && !fn.isLambda) return;
    const reason = fn.isLambda ? "a lambda" : "defined inside another function";
    this.#session.report(thread, {
      code: "sdk/not-top-level",
      severity: "error",
      message: `\`${role}\` must be a function defined at the top level of a file; this one is ${reason}`,
      related: [{ message: "the function is here", position: fn.position }],
    });
  }
}

function titleOf(work: WorkModel): string {
  return work.kind === "task" ? `task \`${work.name}\`` : `deploy to \`${work.environment.name}\``;
}

function sameEnvironment(a: EnvironmentModel, b: EnvironmentModel): boolean {
  const entries = ({ attributes }: EnvironmentModel) => JSON.stringify(Object.entries(attributes).sort());
  return entries(a) === entries(b);
}
