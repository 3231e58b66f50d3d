import type {
  EnvironmentModel,
  PackageEvaluation,
  PackageModel,
  PackageProblem,
  RepositoryModel,
} from "@ocuroot/engine";
import type { Diagnostic } from "@ocuroot/starlark";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { FileView, RepositoryView, Snapshot } from "../analysis/snapshot.ts";
import type { Dispatcher } from "../connection/dispatch.ts";
import { pathOfUri } from "../paths.ts";
import type { PhaseGraph } from "../protocol/index.ts";
import { rangeOf } from "../text/convert.ts";
import { EvaluationStopped, Evaluator } from "./evaluator.ts";
import { buildGraph } from "./graph.ts";
import { findNewProblems, offsetOf } from "./problems.ts";

export interface PreviewsOptions {
  readonly dispatcher: Dispatcher;
  readonly worker?: string;
  readonly snapshot: (uri: string) => Snapshot | undefined;
  /** What the text alone shows. */
  readonly findings: (snapshot: Snapshot) => readonly Diagnostic[];
  /** Open documents. */
  readonly uris: () => Iterable<string>;
  readonly graphChanged: (uri: string, graph: PhaseGraph) => void;
  /** An evaluation's problems are there. */
  readonly evaluated: (uri: string) => void;
  readonly repositoryEvaluated: (root: string, model: RepositoryModel | undefined) => void;
}

/** What is known of one open file. */
interface Entry {
  timer: NodeJS.Timeout | undefined;
  abort: AbortController | undefined;
  /** The last model without errors, and the version it is of. */
  model: PackageModel | undefined;
  modelVersion: number | null;
  environmentsNotReleased: boolean;
  /** Problems of the newest evaluation, and the text they belong to. */
  problems: readonly PackageProblem[];
  source: FileView["source"] | undefined;
  /** Why there was no evaluation. */
  reason: PhaseGraph["problem"];
  lastSent: string;
  /** Those in state when the file was last evaluated. */
  environments: string;
}

/** What evaluating a file once gave. */
export interface OnceResult {
  /** Undefined when there is a problem. */
  readonly model: PackageModel | undefined;
  readonly problem: PhaseGraph["problem"];
  readonly environments: readonly EnvironmentModel[];
  /** The environments come from state, not from `register_environment` calls. */
  readonly areReleased: boolean;
}

interface Result extends PackageEvaluation {
  readonly areReleased: boolean;
}

/**
 * Milliseconds of quiet after an edit before a file is evaluated, and before the thread for that is started: what is overtaken
 * by the next edit is cancelled.
 */
const delay = { toPrepare: 10, toEvaluate: 25 };

/**
 * Evaluates open package files in the sandbox (spec 6.3) and keeps their graphs. The newest text wins: an evaluation
 * that a newer edit has overtaken is cancelled and its result thrown away. Nothing is evaluated before trust is granted.
 */
export class Previews {
  readonly #entries = new Map<string, Entry>();
  readonly #registered = new Map<string, Promise<readonly EnvironmentModel[]>>();
  readonly #repositoryRuns = new Map<string, AbortController>();
  readonly #evaluator: Evaluator | undefined;
  #isTrusted = false;
  #isEnabled = true;

  constructor(private readonly options: PreviewsOptions) {
    this.#evaluator = options.worker === undefined ? undefined : new Evaluator({ worker: options.worker });
  }

  grantTrust(): void {
    if (this.#isTrusted) return;
    this.#isTrusted = true;
    for (const uri of this.options.uris()) this.touch(uri);
    for (const uri of this.options.uris()) this.#evaluateRepositoryOf(uri);
  }

  /** The text of a document was edited. */
  edited(uri: string): void {
    this.#evaluator?.keep();
    this.touch(uri);
  }

  /** A document was opened, or something it depends on changed. */
  touch(uri: string): void {
    const entry = this.#entry(uri);
    clearTimeout(entry.timer);
    entry.abort?.abort();
    entry.timer = setTimeout(() => {
      if (this.#refusal === undefined && uri.endsWith(".ocu.star")) this.#evaluator?.prepare();
      const evaluate = (): void => this.options.dispatcher.run("evaluate", () => this.#evaluate(uri, entry), uri);
      entry.timer = setTimeout(evaluate, delay.toEvaluate - delay.toPrepare).unref();
    }, delay.toPrepare).unref();
  }

  close(uri: string): void {
    const entry = this.#entries.get(uri);
    clearTimeout(entry?.timer);
    entry?.abort?.abort();
    this.#entries.delete(uri);
  }

  /** Files on disk changed: environments may be registered elsewhere, modules may say something else. */
  repositoriesChanged(roots: ReadonlySet<string>): void {
    for (const root of roots) {
      this.#evaluateRepository(root);
      this.sourcesChanged(root);
    }
  }

  /** The text of a file that others depend on changed: a module, or one that registers environments. */
  sourcesChanged(root: string): void {
    this.#registered.delete(root);
    for (const uri of this.options.uris()) {
      if (this.options.snapshot(uri)?.file.repository?.root === root) this.touch(uri);
    }
  }

  /** Releases or environments changed in state. */
  stateChanged(root: string): void {
    for (const uri of this.options.uris()) {
      const snapshot = this.options.snapshot(uri);
      if (snapshot?.file.repository?.root !== root) continue;
      this.#send(uri);
      const entry = this.#entry(uri);
      if (entry.environments !== describeEnvironments(snapshot)) this.touch(uri);
    }
  }

  /** The problems of the newest evaluation that the text alone does not show; none while they belong to an older text. */
  problems(snapshot: Snapshot, found: readonly Diagnostic[]): LspDiagnostic[] {
    const entry = this.#entries.get(snapshot.file.uri);
    if (entry === undefined || entry.source !== snapshot.file.source) return [];
    return findNewProblems(snapshot, entry.problems, found);
  }

  /** The graph as it is known now. */
  graph(uri: string): PhaseGraph | undefined {
    const snapshot = this.options.snapshot(uri);
    if (snapshot === undefined) return undefined;
    const entry = this.#entry(uri);
    const isCurrent = entry.source === snapshot.file.source;
    return buildGraph({
      snapshot,
      model: entry.model,
      version: entry.modelVersion,
      stale: entry.model !== undefined && (!isCurrent || entry.reason !== undefined),
      problem: this.#refusal ?? entry.reason,
      environmentsNotReleased: entry.environmentsNotReleased,
    });
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Previews are wanted, or not any more: then what was evaluated is forgotten. */
  setEnabled(isEnabled: boolean): void {
    if (isEnabled === this.#isEnabled) return;
    this.#isEnabled = isEnabled;
    for (const uri of this.options.uris()) {
      if (isEnabled) {
        this.touch(uri);
        continue;
      }
      this.close(uri);
      this.#entry(uri);
      this.options.evaluated(uri);
      this.#send(uri);
    }
  }

  /** Why nothing is evaluated. */
  get #refusal(): PhaseGraph["problem"] {
    if (!this.#isTrusted) return untrusted;
    return this.#isEnabled ? undefined : switchedOff;
  }

  /** The last good model of an open file. */
  lastModel(uri: string): PackageModel | undefined {
    return this.#entries.get(uri)?.model;
  }

  /** The environments that a preview of the file uses now. */
  async environmentsOf(
    snapshot: Snapshot,
    signal: AbortSignal,
  ): Promise<Pick<OnceResult, "environments" | "areReleased">> {
    const { repository } = snapshot.file;
    if (repository === undefined || !this.#isTrusted) {
      return { environments: snapshot.state.environments ?? [], areReleased: true };
    }
    return this.#environments(snapshot, repository, signal);
  }

  /** Evaluates a file, open or not, with its environments changed as asked. Keeps nothing and announces nothing. */
  async once(
    snapshot: Snapshot,
    signal: AbortSignal,
    adapt: (environments: readonly EnvironmentModel[]) => readonly EnvironmentModel[] = (same) => same,
  ): Promise<OnceResult> {
    const nothing = { model: undefined, environments: [], areReleased: true };
    const { file } = snapshot;
    const { repository, path, source } = file;
    if (this.#refusal !== undefined) return { ...nothing, problem: this.#refusal };
    if (this.#evaluator === undefined || repository === undefined || path === undefined || !isEvaluated(file)) {
      return { ...nothing, problem: { message: "Only package files of a repository are evaluated." } };
    }
    const error = this.options
      .findings(snapshot)
      .find((each) => each.severity === "error" && isNameOrSyntax(each.code));
    if (error !== undefined) {
      return { ...nothing, problem: { message: error.message, range: rangeOf(source, error.span) } };
    }
    try {
      const { environments: plain, areReleased } = await this.#environments(snapshot, repository, signal);
      const environments = adapt(plain);
      const task = { root: repository.root, file: path, texts: this.#texts(), environments };
      const { model, problems } = await this.#evaluator.package(task, signal);
      const failure = problems.find((each) => each.severity === "error");
      if (failure === undefined && model !== undefined) return { model, problem: undefined, environments, areReleased };
      const problem = failure === undefined ? undefined : reasonOf(file, failure);
      return { model: undefined, problem, environments, areReleased };
    } catch (thrown) {
      if (!(thrown instanceof EvaluationStopped) || signal.aborted) throw thrown;
      return { ...nothing, problem: { message: thrown.message } };
    }
  }

  async dispose(): Promise<void> {
    for (const uri of [...this.#entries.keys()]) this.close(uri);
    for (const run of this.#repositoryRuns.values()) run.abort();
    await this.#evaluator?.dispose();
  }

  async #evaluate(uri: string, entry: Entry): Promise<void> {
    const snapshot = this.options.snapshot(uri);
    if (snapshot === undefined || this.#refusal !== undefined || !isEvaluated(snapshot.file)) return;
    const { source } = snapshot.file;
    const error = this.options
      .findings(snapshot)
      .find((each) => each.severity === "error" && isNameOrSyntax(each.code));
    if (error !== undefined) {
      this.#fail(uri, entry, source, { message: error.message, range: rangeOf(source, error.span) });
      return;
    }
    const abort = new AbortController();
    entry.abort = abort;
    entry.environments = describeEnvironments(snapshot);
    try {
      const result = await this.#run(snapshot, abort.signal);
      const now = this.options.snapshot(uri);
      if (abort.signal.aborted || now?.file.source !== source || result === undefined) return;
      const failure = result.problems.find((each) => each.severity === "error");
      entry.source = source;
      entry.problems = result.problems;
      entry.reason = failure === undefined ? undefined : reasonOf(now.file, failure);
      if (result.model !== undefined && failure === undefined) {
        entry.model = result.model;
        entry.modelVersion = snapshot.file.version;
        entry.environmentsNotReleased = !result.areReleased;
      }
      this.options.evaluated(uri);
      this.#send(uri);
    } catch (error) {
      if (!(error instanceof EvaluationStopped)) throw error;
      if (error.reason === "cancelled") return;
      if (error.reason === "fault") this.options.dispatcher.report("evaluate", uri, error);
      const message = error.reason === "time" ? error.message : "The file could not be evaluated; see the log.";
      this.#fail(uri, entry, source, { message });
    }
  }

  /** Notes that there is no evaluation of this text; the last good graph stays. */
  #fail(uri: string, entry: Entry, source: FileView["source"], reason: PhaseGraph["problem"]): void {
    entry.source = source;
    entry.problems = [];
    entry.reason = reason;
    this.options.evaluated(uri);
    this.#send(uri);
  }

  async #run(snapshot: Snapshot, signal: AbortSignal): Promise<Result | undefined> {
    const { repository, path, role } = snapshot.file;
    if (this.#evaluator === undefined || repository === undefined || path === undefined) return undefined;
    const task = { root: repository.root, file: path, texts: this.#texts(), environments: [] };
    if (role === "repository") {
      const { model, problems } = await this.#evaluator.repository(task, signal);
      this.options.repositoryEvaluated(repository.root, model);
      return { model: undefined, problems, areReleased: true };
    }
    const { environments, areReleased } = await this.#environments(snapshot, repository, signal);
    return { ...(await this.#evaluator.package({ ...task, environments }, signal)), areReleased };
  }

  /** Those in state; while there are none, those that the workspace's files would register. */
  async #environments(
    snapshot: Snapshot,
    repository: RepositoryView,
    signal: AbortSignal,
  ): Promise<{ environments: readonly EnvironmentModel[]; areReleased: boolean }> {
    const inState = snapshot.state.environments;
    if (inState !== undefined && inState.length > 0) return { environments: inState, areReleased: true };
    let registered = this.#registered.get(repository.root);
    if (registered === undefined) {
      registered = this.#register(repository);
      this.#registered.set(repository.root, registered);
    }
    const environments = await registered;
    if (signal.aborted) throw new EvaluationStopped("cancelled", "A newer text is there.");
    return { environments, areReleased: environments.length === 0 };
  }

  async #register(repository: RepositoryView): Promise<readonly EnvironmentModel[]> {
    const found = new Map<string, EnvironmentModel>();
    for (const path of repository.packagePaths()) {
      const file = repository.file(path);
      if (file === undefined || !file.source.text.includes("register_environment")) continue;
      try {
        const task = { root: repository.root, file: path, texts: this.#texts(), environments: [] };
        const evaluation = await this.#evaluator?.package(task, new AbortController().signal);
        for (const each of evaluation?.model?.registered ?? []) found.set(each.name, each);
      } catch (error) {
        if (!(error instanceof EvaluationStopped)) throw error; // The file shows its own error when it is opened.
      }
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #evaluateRepositoryOf(uri: string): void {
    const root = this.options.snapshot(uri)?.file.repository?.root;
    if (root !== undefined) this.#evaluateRepository(root);
  }

  /** Evaluates `repo.ocu.star`, which says where state is. */
  #evaluateRepository(root: string): void {
    if (!this.#isTrusted || this.#evaluator === undefined) return;
    this.#repositoryRuns.get(root)?.abort();
    const abort = new AbortController();
    this.#repositoryRuns.set(root, abort);
    const task = { root, file: "repo.ocu.star", texts: this.#texts(), environments: [] };
    this.options.dispatcher.run("evaluate repository", async () => {
      try {
        const evaluation = await this.#evaluator?.repository(task, abort.signal);
        if (!abort.signal.aborted) this.options.repositoryEvaluated(root, evaluation?.model);
      } catch (error) {
        if (!(error instanceof EvaluationStopped)) throw error;
      }
    });
  }

  /** Text of open documents by path on disk. */
  #texts(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const uri of this.options.uris()) {
      const path = pathOfUri(uri);
      const text = this.options.snapshot(uri)?.file.source.text;
      if (path !== undefined && text !== undefined) texts.set(path, text);
    }
    return texts;
  }

  /** Tells the client about a graph that differs from the last one it was told. */
  #send(uri: string): void {
    const entry = this.#entries.get(uri);
    const graph = entry && this.graph(uri);
    if (entry === undefined || graph === undefined) return;
    const text = JSON.stringify(graph);
    if (text === entry.lastSent) return;
    entry.lastSent = text;
    this.options.graphChanged(uri, graph);
  }

  #entry(uri: string): Entry {
    let entry = this.#entries.get(uri);
    if (entry === undefined) {
      entry = {
        timer: undefined,
        abort: undefined,
        model: undefined,
        modelVersion: null,
        environmentsNotReleased: false,
        problems: [],
        source: undefined,
        reason: undefined,
        lastSent: "",
        environments: "",
      };
      this.#entries.set(uri, entry);
    }
    return entry;
  }
}

const untrusted = { message: "The workspace is not trusted, so package files are not evaluated." };

const switchedOff = { message: "The preview is off (ocuroot.preview.enable), so package files are not evaluated." };

/** Files whose top level is worth running: packages, modules that declare work, and the repository's own file. */
function isEvaluated(file: FileView): boolean {
  if (file.role === "module") return file.facts.work.declarations.length > 0;
  return file.role === "package" || file.path === "repo.ocu.star";
}

function describeEnvironments(snapshot: Snapshot): string {
  return JSON.stringify(snapshot.state.environments ?? null);
}

/** Problems of the text alone that make an evaluation pointless: it would only repeat them, worse. */
function isNameOrSyntax(code: string): boolean {
  return !code.startsWith("sdk/") && !code.startsWith("refs/") && !code.startsWith("shell/");
}

function reasonOf(file: FileView, problem: PackageProblem): PhaseGraph["problem"] {
  const { position } = problem;
  if (position === undefined || position.file !== file.path) return { message: problem.message };
  const start = offsetOf(file.source, position);
  return { message: problem.message, range: rangeOf(file.source, { start, end: start }) };
}
