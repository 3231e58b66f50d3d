/**
 * A web server for pages that one person looks at. It listens on 127.0.0.1 only, answers GET and HEAD only, and only when it
 * is asked for by that name: a page of another origin that has its own name resolve to 127.0.0.1 gets nothing. Pages get no
 * rights beyond their own style and script.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readViewScript } from "../host/assets.ts";
import { favicon, style } from "./style.ts";

export interface LocalServerOptions {
  /** What is served, for those who ask for what they cannot have: "view shows state". */
  readonly subject: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
  /** What lies at a path, which is decoded. */
  answer(path: string, query: URLSearchParams): Promise<LocalAnswer>;
}

export type LocalAnswer =
  | { readonly status?: number; readonly type: string; readonly text: string }
  | { readonly redirect: string };

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

export class LocalServer {
  readonly #options: LocalServerOptions;
  readonly #server: Server;
  readonly #assets = makeAssets();
  readonly #listeners = new Set<ServerResponse>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: LocalServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Rejects when the port is taken. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, "127.0.0.1", resolve);
    });
    this.#heartbeat = setInterval(() => {
      for (const listener of this.#listeners) listener.write(": still here\n\n");
    }, heartbeatEvery);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const listener of this.#listeners) listener.end();
    // A change that comes meanwhile is told to nobody: nothing may be written after the end.
    this.#listeners.clear();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Tells every open page which refs have changed. */
  tell(change: "all" | readonly string[]): void {
    for (const listener of this.#listeners) listener.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
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
      const text = `This ${this.#options.subject} and changes nothing.`;
      return { status: 405, text, headers: { Allow: "GET, HEAD" } };
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
    const answer = await this.#options.answer(path, searchParams);
    if ("redirect" in answer) return void response.writeHead(302, { Location: answer.redirect }).end();
    send(request, response, answer.status ?? 200, answer.type, answer.text);
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
