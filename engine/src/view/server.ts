/** The web server of `state view`: pages of state and intent that follow the stores. */

import { printJson } from "../json/jsonText.ts";
import { lookupForm } from "../refs/links.ts";
import { type StoreChange, StoreError, type StoreReader } from "../state/store.ts";
import { renderPage } from "./layout.ts";
import { type LocalAnswer, LocalServer } from "./localServer.ts";
import type { ViewSource } from "./model.ts";
import { route } from "./router.ts";

export interface ViewOptions {
  readonly name: string;
  readonly state: StoreReader;
  readonly intent: StoreReader;
  readonly folders: { readonly state: string; readonly intent: string };
  /** 0: any that is free. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
}

export interface View {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the server. Rejects when the port is taken. */
export async function startView(options: ViewOptions): Promise<View> {
  const view = new ViewServer(options);
  await view.start();
  return view;
}

class ViewServer implements View {
  readonly #options: ViewOptions;
  readonly #server: LocalServer;
  readonly #source: ViewSource;
  readonly #watchers: { close(): Promise<void> }[] = [];
  #refs: Promise<readonly string[]> | undefined;

  constructor(options: ViewOptions) {
    this.#options = options;
    const { name, state, intent, folders, port, onError } = options;
    this.#source = { name, state, intent, folders, allRefs: () => this.#allRefs() };
    const answer = (path: string, query: URLSearchParams) => this.#answer(path, query);
    this.#server = new LocalServer({ subject: "view shows state", port, onError, answer });
  }

  get url(): string {
    return this.#server.url;
  }

  async start(): Promise<void> {
    await this.#server.start();
    const { state, intent } = this.#options;
    const onChange = (change: StoreChange) => this.#tell(change);
    try {
      for (const store of [state, intent]) this.#watchers.push(await store.watch(onChange));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
    await this.#server.close();
  }

  #tell(change: StoreChange): void {
    this.#refs = undefined;
    this.#server.tell(change === "all" ? "all" : change.refs);
  }

  #allRefs(): Promise<readonly string[]> {
    const refs = this.#refs ?? this.#options.state.match("**");
    this.#refs = refs;
    // What could not be read this time is read again for the next who asks.
    refs.catch(() => {
      if (this.#refs === refs) this.#refs = undefined;
    });
    return refs;
  }

  async #answer(path: string, query: URLSearchParams): Promise<LocalAnswer> {
    const document = /^\/json\/(.+)$/.exec(path)?.[1];
    if (document !== undefined) return await this.#json(document);
    const answer = await route(this.#source, path, query);
    if ("redirect" in answer) return answer;
    const { text } = renderPage(answer, { name: this.#options.name, query: query.get("q") ?? "" });
    return { type: "text/html; charset=utf-8", text, ...(answer.status !== undefined && { status: answer.status }) };
  }

  /** A document's body, for other programs. */
  async #json(written: string): Promise<LocalAnswer> {
    const { state } = this.#options;
    const type = "application/json; charset=utf-8";
    try {
      const ref = await state.resolve(lookupForm(written));
      const stored = ref === undefined ? undefined : await state.read(ref);
      if (stored?.kind !== "ref") return { status: 404, type, text: "null\n" };
      return { type, text: `${printJson(stored.body, 2)}\n` };
    } catch (error) {
      if (!(error instanceof StoreError) && (error as Error).name !== "RefError") throw error;
      return { status: 500, type: "text/plain; charset=utf-8", text: `${(error as Error).message}\n` };
    }
  }
}
