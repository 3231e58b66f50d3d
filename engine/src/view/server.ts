/**
 * The web server of `state view`. It listens on 127.0.0.1 only, answers GET and HEAD only, and only when it is asked for by
 * that name: a page of another origin that has its own name resolve to 127.0.0.1 gets nothing.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readViewScript } from "../host/assets.ts";
import { lookupForm } from "../refs/links.ts";
import { printJson } from "../state/jsonText.ts";
import { type StoreChange, StoreError, type StoreReader } from "../state/store.ts";
import { renderPage } from "./layout.ts";
import type { ViewSource } from "./model.ts";
import { route } from "./router.ts";
import { favicon, style } from "./style.ts";

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

interface Asset {
  readonly type: string;
  readonly text: string;
  readonly tag: string;
}

function makeAssets(): ReadonlyMap<string, Asset> {
  const asset = (type: string, text: string): Asset => {
    return { type, text, tag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 20)}"` };
  };
  return new Map([
    ["/style.css", asset("text/css; charset=utf-8", style)],
    ["/script.js", asset("text/javascript; charset=utf-8", readViewScript())],
    ["/icon.svg", asset("image/svg+xml", favicon)],
  ]);
}

const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** A comment now and then keeps connections from being taken for dead. Milliseconds. */
const heartbeatEvery = 20_000;

/** Starts the server. Rejects when the port is taken. */
export async function startView(options: ViewOptions): Promise<View> {
  const view = new ViewServer(options);
  await view.start();
  return view;
}

class ViewServer implements View {
  readonly #options: ViewOptions;
  readonly #server: Server;
  readonly #assets = makeAssets();
  readonly #listeners = new Set<ServerResponse>();
  readonly #source: ViewSource;
  #watchers: { close(): Promise<void> }[] = [];
  #refs: Promise<readonly string[]> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    const { name, state, intent, folders } = options;
    this.#source = { name, state, intent, folders, allRefs: () => this.#allRefs() };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<void> {
    const { port, state, intent } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    const onChange = (change: StoreChange) => this.#tell(change);
    this.#watchers = await Promise.all([state.watch(onChange), intent.watch(onChange)]);
    this.#heartbeat = setInterval(() => {
      for (const listener of this.#listeners) listener.write(": still here\n\n");
    }, heartbeatEvery);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const listener of this.#listeners) listener.end();
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tell(change: StoreChange): void {
    this.#refs = undefined;
    const data = JSON.stringify(change === "all" ? "all" : change.refs);
    for (const listener of this.#listeners) listener.write(`event: change\ndata: ${data}\n\n`);
  }

  #allRefs(): Promise<readonly string[]> {
    this.#refs ??= this.#options.state.match("**");
    return this.#refs;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      const refusal = this.#refusal(request);
      if (refusal) return sendText(response, refusal.status, refusal.text, refusal.headers);
      await this.#answerGet(request, response);
    } catch (error) {
      this.#options.onError(error);
      if (!response.headersSent) sendText(response, 500, "Something went wrong inside ocuroot.");
      else response.destroy();
    }
  }

  /** Why a request gets no answer. */
  #refusal(request: IncomingMessage) {
    const { port } = this.#server.address() as AddressInfo;
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    if (!hosts.includes((request.headers.host ?? "").toLowerCase())) {
      return { status: 403, text: `This view answers at ${this.url} only.` };
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return { status: 405, text: "This view shows state and changes nothing.", headers: { Allow: "GET, HEAD" } };
    }
    // Links from other pages may lead here; their scripts and images may not.
    const { "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
    if ((site === "cross-site" || site === "same-site") && mode !== "navigate") {
      return { status: 403, text: "Other pages cannot read this view." };
    }
    return undefined;
  }

  async #answerGet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`${this.url}${(request.url ?? "/").slice(1)}`);
    const asset = this.#assets.get(pathname);
    if (asset) {
      response.setHeader("ETag", asset.tag);
      response.setHeader("Cache-Control", "no-cache");
      if (request.headers["if-none-match"] === asset.tag) return void response.writeHead(304).end();
      return send(request, response, 200, asset.type, asset.text);
    }
    if (pathname === "/events") return this.#follow(request, response);
    const path = decoded(pathname);
    if (path === undefined) return sendText(response, 400, "This address cannot be read.");
    response.setHeader("Cache-Control", "no-store");
    const document = /^\/json\/(.+)$/.exec(path)?.[1];
    if (document !== undefined) return await this.#sendJson(request, response, document);
    const answer = await route(this.#source, path, searchParams);
    if ("redirect" in answer) return void response.writeHead(302, { Location: answer.redirect }).end();
    const query = searchParams.get("q") ?? "";
    const page = renderPage(answer, { name: this.#options.name, query }).text;
    send(request, response, answer.status ?? 200, "text/html; charset=utf-8", page);
  }

  /** A document's body, for other programs. */
  async #sendJson(request: IncomingMessage, response: ServerResponse, written: string): Promise<void> {
    const { state } = this.#options;
    const type = "application/json; charset=utf-8";
    try {
      const ref = await state.resolve(lookupForm(written));
      const stored = ref === undefined ? undefined : await state.read(ref);
      if (stored?.kind !== "ref") return send(request, response, 404, type, "null\n");
      send(request, response, 200, type, `${printJson(stored.body, 2)}\n`);
    } catch (error) {
      if (!(error instanceof StoreError) && (error as Error).name !== "RefError") throw error;
      sendText(response, 500, (error as Error).message);
    }
  }

  /** A stream of what changes. */
  #follow(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
    if (request.method === "HEAD") return void response.end();
    response.write("retry: 1000\n\n");
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  response.end(`${text}\n`);
}
