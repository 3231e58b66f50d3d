import type { Parser, SourceFile } from "@ocuroot/starlark";
import type { CancellationToken, CompletionItem, TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { Snapshot } from "./analysis/snapshot.ts";
import { BashServer } from "./bash/bashServer.ts";
import { forwardCompletion } from "./bash/forwardCompletion.ts";
import type { Dispatcher } from "./connection/dispatch.ts";
import { TokenResults } from "./features/semanticTokens/results.ts";
import { canonicalUri, pathOfUri } from "./paths.ts";
import { Previews } from "./preview/previews.ts";
import type { PhaseGraph } from "./protocol/index.ts";
import { Findings } from "./publishing/findings.ts";
import { Publisher } from "./publishing/publisher.ts";
import { Scheduler } from "./publishing/scheduler.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { ShellHighlighter } from "./shell/highlight.ts";
import { StateStores } from "./state/stores.ts";
import { offsetAt } from "./text/convert.ts";
import { WarmUp } from "./warmUp.ts";
import { ClosedFiles } from "./workspace/closedFiles.ts";
import { Documents } from "./workspace/documents.ts";
import { ReadAhead } from "./workspace/readAhead.ts";
import { UnreadablePaths } from "./workspace/unreadable.ts";
import { Workspace } from "./workspace/workspace.ts";

export interface SessionOptions {
  readonly parser: Parser;
  /** The bundle that evaluates package files in a thread; without it nothing is evaluated. */
  readonly previewWorker?: string;
  /** Reads the grammar of shell text, when there is some. */
  readonly shellGrammar?: () => Uint8Array;
  readonly dispatcher: Dispatcher;
  readonly sendDiagnostics: (params: { uri: string; version?: number; diagnostics: LspDiagnostic[] }) => void;
  readonly graphChanged: (uri: string, graph: PhaseGraph) => void;
  readonly stateChanged: (repositories: readonly string[]) => void;
  /** Prepares for keystrokes while the client is idle. */
  readonly warmsUp?: boolean;
  /** Something that the user should know, and is told once. */
  readonly tell?: (message: string, isGrave: boolean) => void;
  /** Hints, lenses and problems of files may be others now, though those files were not edited. */
  readonly dependantsChanged?: () => void;
}

/** So many changes in one message are no keystroke. */
const burst = 10;

/**
 * One client's session: documents, workspace, state and previews, and what each change sets off. The editor's spelling
 * of a URI is kept for what is sent back to it.
 */
export class Session {
  readonly documents: Documents;
  readonly workspace: Workspace;
  readonly stores: StateStores;
  readonly previews: Previews;
  readonly tokens = new TokenResults();
  readonly #publisher: Publisher;
  readonly #closed: ClosedFiles;
  readonly #bash: BashServer;
  readonly #scheduler: Scheduler;
  readonly #findings = new Findings();
  readonly #unreadable = new UnreadablePaths();
  /** Whether texts register environments: it is asked at each keystroke. */
  readonly #registering = new WeakMap<SourceFile, boolean>();
  readonly #warmUp: WarmUp | undefined;
  readonly #readAhead: ReadAhead | undefined;
  readonly #shell: { readonly shell?: ShellHighlighter };
  readonly #spellings = new Map<string, string>();
  #isDisposed = false;
  #listed: Promise<unknown> = Promise.resolve();
  settings: Settings = defaultSettings;
  /** False for clients that ask for diagnostics instead. */
  pushesDiagnostics = true;

  constructor(private readonly options: SessionOptions) {
    const { dispatcher, shellGrammar } = options;
    this.#shell = shellGrammar === undefined ? {} : { shell: new ShellHighlighter(shellGrammar) };
    this.#scheduler = new Scheduler(dispatcher);
    this.#bash = new BashServer({
      roots: () => this.workspace.repositories.map((each) => each.root),
      report: (message) => dispatcher.report("shell", undefined, new Error(message)),
    });
    this.documents = new Documents(options.parser);
    this.workspace = new Workspace(options.parser, this.documents);
    if (options.warmsUp === true) {
      this.#warmUp = new WarmUp({ parser: options.parser, dispatcher, snapshot: (uri) => this.snapshot(uri) });
      this.#readAhead = new ReadAhead({ dispatcher, repositories: () => this.workspace.repositories });
    }
    this.stores = new StateStores({
      dispatcher,
      changed: (root, what) => this.#stateChanged(root, what),
    });
    this.previews = new Previews({
      dispatcher,
      ...(options.previewWorker === undefined ? {} : { worker: options.previewWorker }),
      snapshot: (uri) => this.snapshot(uri),
      findings: (snapshot) => this.#findings.of(snapshot),
      uris: () => this.documents.uris(),
      graphChanged: (uri, graph) => options.graphChanged(this.spelling(uri), { ...graph, uri: this.spelling(uri) }),
      evaluated: (uri) => this.#publisher.touch(uri),
      repositoryEvaluated: (root, model) => this.stores.locate(root, model),
    });
    this.#publisher = new Publisher({
      scheduler: this.#scheduler,
      snapshot: (uri) => this.snapshot(uri),
      findings: (snapshot) => this.#findings.of(snapshot),
      settings: () => this.settings,
      openUris: () => this.documents.uris(),
      evaluated: (snapshot, found) => this.previews.problems(snapshot, found),
      send: (params) => {
        if (this.pushesDiagnostics) options.sendDiagnostics({ ...params, uri: this.spelling(params.uri) });
      },
    });
    this.#closed = new ClosedFiles({
      repositories: () => this.workspace.repositories,
      isOpen: (uri) => this.documents.get(uri) !== undefined,
      isWanted: () => this.settings.lintWorkspace && this.pushesDiagnostics,
      publish: (uri) => this.#publisher.publishClosed(uri),
      clear: (uri) => this.#publisher.clear(uri),
    });
    this.workspace.onChange(({ repositories, removed = [] }) => {
      this.#findings.changed();
      // A listing may end after the session has.
      if (this.#isDisposed) return;
      for (const root of removed) dispatcher.run("close state", () => this.stores.remove(root), root);
      for (const repository of this.workspace.repositories) this.stores.add(repository.root, repository.name);
      for (const { message, isGrave } of this.#unreadable.findNews(this.workspace.repositories)) {
        options.tell?.(message, isGrave);
      }
      this.previews.repositoriesChanged(repositories);
      this.#publisher.touchAll();
      this.#dependantsChanged();
      this.#readAhead?.schedule();
    });
  }

  /** Takes over settings; what is shown by them is shown anew. */
  configure(settings: Settings): void {
    this.settings = settings;
    this.previews.setEnabled(settings.preview);
    for (const uri of this.documents.uris()) this.#publisher.touch(uri);
    this.#closed.schedule();
  }

  /** What a bash language server of the user's adds to completions in shell text; nothing in an untrusted workspace. */
  completeShell(snapshot: Snapshot, offset: number, token: CancellationToken): Promise<CompletionItem[]> {
    return this.previews.isTrusted ? forwardCompletion(snapshot, offset, this.#bash, token) : Promise.resolve([]);
  }

  /** The problems of a file as they are known now. */
  diagnosticsOf(uri: string): LspDiagnostic[] {
    return this.#publisher.current(uri);
  }

  /** The Starlark files of the workspace, and open ones that are outside of it. */
  sourceUris(): ReadonlySet<string> {
    const inside = this.workspace.repositories.flatMap((repository) =>
      [...repository.paths()].flatMap((path) => (path.endsWith(".star") ? (repository.file(path)?.uri ?? []) : [])),
    );
    return new Set([...inside, ...this.documents.uris()]);
  }

  /** What features may read of a document now. */
  snapshot(uri: string): Snapshot | undefined {
    const file = this.workspace.view(uri);
    if (file === undefined) return undefined;
    const state = this.stores.view(file.repository?.root);
    return { file, state, repositories: this.workspace.repositories, ...this.#shell };
  }

  /** Whether the editor writes some URI otherwise than we do. */
  get hasSpellings(): boolean {
    return this.#spellings.size > 0;
  }

  /** A URI as the editor wrote it. */
  spelling(uri: string): string {
    return this.#spellings.get(uri) ?? uri;
  }

  open(uri: string, version: number, text: string): void {
    const key = canonicalUri(uri);
    if (key !== uri) this.#spellings.set(key, uri);
    // A new file that has been saved is opened under its name before its nameless document is closed.
    else this.#spellings.delete(key);
    const revision = this.workspace.view(key)?.repository?.revision;
    this.documents.open(key, version, text);
    this.#findings.changed();
    this.workspace.documentChanged(key);
    const repository = this.workspace.view(key)?.repository;
    if (repository !== undefined && repository.revision !== revision) {
      this.#publisher.touchAll();
      this.#dependantsChanged();
    }
    this.#publisher.touch(key);
    this.previews.touch(key);
    this.#warmUp?.begin(key);
    this.options.dispatcher.run("open", () => this.workspace.addDocument(key), key);
  }

  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const key = canonicalUri(uri);
    const before = this.workspace.view(key);
    const revision = before?.repository?.revision;
    const registered = before !== undefined && this.#registers(before.source);
    if (this.documents.change(key, version, changes) === undefined) return;
    this.#findings.changed();
    this.workspace.documentChanged(key);
    const after = this.workspace.view(key);
    const isShared =
      after?.repository?.revision !== revision ||
      registered ||
      (before !== undefined && after !== undefined && this.#registersAfter(before.source, after.source, changes));
    if (isShared && after?.repository !== undefined) {
      this.previews.sourcesChanged(after.repository.root);
      this.#dependantsChanged();
    } else {
      // Files that are not open may refer to this one.
      this.#closed.schedule();
    }
    if (changes.length >= burst) this.#scheduler.expectMore();
    this.#publisher.touch(key);
    if (this.documents.size > 1) this.#publisher.touchAll();
    this.previews.edited(key);
  }

  close(uri: string): void {
    const key = canonicalUri(uri);
    // The new file that became it, or the other way round: what is open under the name now stays.
    if (uri.startsWith("untitled:") !== this.spelling(key).startsWith("untitled:")) return;
    this.documents.close(key);
    this.tokens.forget(key);
    this.#findings.changed();
    this.workspace.documentChanged(key);
    this.#publisher.clear(key);
    this.#publisher.touchAll();
    this.#closed.schedule();
    this.previews.close(key);
    this.#spellings.delete(key);
  }

  addFolders(uris: readonly string[]): Promise<unknown> {
    const added = uris.flatMap((uri) => {
      const path = pathOfUri(canonicalUri(uri));
      return path === undefined ? [] : [this.workspace.addFolder(path)];
    });
    this.#listed = Promise.allSettled([this.#listed, ...added]);
    return Promise.all([this.#listed.then(() => this.#foldersChanged()), ...added]);
  }

  /** Whoever shows repositories asks again, also when the last answer came before the editor named its folders. */
  #foldersChanged(): void {
    if (!this.#isDisposed) this.options.stateChanged(this.workspace.repositories.map((each) => each.uri));
  }

  /** Resolves when the folders that were added so far are listed: before, nothing can be said of the whole workspace. */
  get listed(): Promise<unknown> {
    return this.#listed;
  }

  async removeFolders(uris: readonly string[]): Promise<void> {
    const folders = uris.flatMap((uri) => pathOfUri(canonicalUri(uri)) ?? []);
    const removed = folders.flatMap((folder) => this.workspace.removeFolder(folder));
    await Promise.all(removed.map((root) => this.stores.remove(root)));
    this.#foldersChanged();
  }

  async filesChanged(uris: readonly string[]): Promise<void> {
    await this.#listed;
    await this.workspace.filesChanged(uris.flatMap((uri) => pathOfUri(canonicalUri(uri)) ?? []));
  }

  /** Ends what runs. Nobody needs to wait for it: a slow disk may hold it up. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#scheduler.dispose();
    this.#warmUp?.dispose();
    this.#readAhead?.dispose();
    this.#publisher.dispose();
    this.workspace.dispose();
    this.#closed.dispose();
    this.#bash.dispose();
    this.documents.closeAll();
    await Promise.all([this.previews.dispose(), this.stores.dispose()]);
  }

  /** Whether a file's text may say which environments there are. */
  #registers(source: SourceFile): boolean {
    let found = this.#registering.get(source);
    if (found === undefined) {
      found = source.text.includes(registration);
      this.#registering.set(source, found);
    }
    return found;
  }

  /** The same of a text that did not before an edit: only where it was edited can it do so now. */
  #registersAfter(before: SourceFile, after: SourceFile, changes: readonly TextDocumentContentChangeEvent[]): boolean {
    const [change, another] = changes;
    if (change === undefined || another !== undefined || !("range" in change) || change.range == null) {
      return this.#registers(after);
    }
    const start = offsetAt(before, change.range.start);
    const edited = after.text.slice(
      Math.max(0, start - registration.length),
      start + change.text.length + registration.length,
    );
    const found = edited.includes(registration);
    this.#registering.set(after, found);
    return found;
  }

  /** What a file says that others depend on changed. */
  #dependantsChanged(): void {
    this.#closed.schedule();
    this.options.dependantsChanged?.();
  }

  #stateChanged(root: string, what: "documents" | "knowledge"): void {
    if (this.#isDisposed) return;
    this.#findings.changed();
    this.workspace.nameRepository(root, this.stores.nameOf(root));
    this.previews.stateChanged(root);
    if (what === "knowledge") return;
    this.#publisher.touchAll();
    this.#closed.schedule();
    const uri = this.workspace.repositories.find((each) => each.root === root)?.uri;
    if (uri !== undefined) this.options.stateChanged([uri]);
  }
}

/** What a file's text says that other files' environments depend on. */
const registration = "register_environment";
