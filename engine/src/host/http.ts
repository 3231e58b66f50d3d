/**
 * HTTP requests as Go's client makes them, whose rules scripts for the public tool rely on: redirects, transparent gzip, and
 * above all headers as they came, each a list of values (`http.Header`); `fetch` would join repeated ones into one text.
 */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { HostError, type HttpRequest, type HttpResponse } from "../sdk/host.ts";
import { hostOf, proxyAuthorization, proxyFor, shownProxy, tunnelTo, type Variables } from "./proxy.ts";

/** Redirects that are followed. */
const maxRedirects = 10;
/** Of headers, together. Bytes. */
const maxHeaderSize = 1 << 20;

/** A request on its way, with its redirects. */
interface Step {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface HttpContext {
  readonly signal?: AbortSignal | undefined;
  /** Says which proxies to use. */
  readonly env?: Variables;
}

/** Sends a request and reads the whole answer; redirects are followed. Any status is an answer, not an error. */
export async function sendHttp(request: HttpRequest, { signal, env = {} }: HttpContext = {}): Promise<HttpResponse> {
  const url = checkUrl(request.url);
  let proxy: URL | undefined;
  try {
    let step: Step = {
      ...request,
      url,
      headers: new Map(Object.entries({ ...standard(request), ...request.headers })),
    };
    for (let count = 0; ; count++) {
      proxy = proxyFor(step.url, env);
      const response = await send(step, proxy, signal);
      const next = redirected(step, response, url);
      if (next === undefined) return await read(response, step);
      response.destroy();
      if (count === maxRedirects) throw new Error(`stopped after ${maxRedirects} redirects`);
      step = next;
    }
  } catch (error) {
    const way = proxy === undefined ? "" : ` through the proxy ${shownProxy(proxy)}`;
    throw new HostError(`${request.method} ${shownUrl(url)}${way}: ${reasonOf(error)}`, { cause: error });
  }
}

function checkUrl(text: string): URL {
  if (!URL.canParse(text)) throw new HostError(`${JSON.stringify(text)} is not a URL`);
  const url = new URL(text);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new HostError(`${JSON.stringify(text)}: only http and https URLs can be requested`);
}

/** Without the password that a URL may carry. */
function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}

/** Headers that a request has unless it says otherwise. */
function standard({ method, headers }: HttpRequest): Record<string, string> {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const all: readonly (readonly [string, string, boolean])[] = [
    ["User-Agent", "ocuroot", true],
    // A part of a packed body could not be unpacked.
    ["Accept-Encoding", "gzip", method !== "HEAD" && !given.has("range")],
  ];
  return Object.fromEntries(all.filter(([name, , applies]) => applies && !given.has(name.toLowerCase())));
}

async function send(
  { method, url, headers, body }: Step,
  proxy: URL | undefined,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const target = new URL(url);
  target.username = "";
  target.password = "";
  const options: RequestOptions = {
    method,
    headers: {
      ...(isPassedOn(target, proxy) && { Host: target.host, ...proxyAuthorization(proxy) }),
      ...authorization(url, headers),
      ...Object.fromEntries(headers),
      ...lengthOf(body, headers),
    },
    maxHeaderSize,
    ...(signal && { signal }),
    ...(await wayTo(target, proxy, signal)),
  };
  const isEncrypted = (options.protocol ?? target.protocol) === "https:";
  return await new Promise((resolve, reject) => {
    const outgoing = (isEncrypted ? httpsRequest : httpRequest)(target, options, resolve);
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Whether a proxy sees the request and passes it on; one that is encrypted goes through it as it is. */
function isPassedOn(target: URL, proxy: URL | undefined): proxy is URL {
  return proxy !== undefined && target.protocol === "http:";
}

async function wayTo(target: URL, proxy: URL | undefined, signal: AbortSignal | undefined): Promise<RequestOptions> {
  // A connection of its own: one that is used again may be closed by the other side in that moment.
  if (proxy === undefined) return { agent: false };
  if (!isPassedOn(target, proxy)) {
    const socket = await tunnelTo(target, proxy, signal);
    return { createConnection: () => socket };
  }
  const port = proxy.port || (proxy.protocol === "https:" ? 443 : 80);
  const path = target.href.replace(/#.*$/s, "");
  return { agent: false, protocol: proxy.protocol, hostname: hostOf(proxy), port, path };
}

/** A user in the URL goes into the header that stands for it, unless there is one. */
function authorization(url: URL, headers: ReadonlyMap<string, string>): Record<string, string> {
  if ((url.username === "" && url.password === "") || valueOf(headers, "authorization") !== undefined) return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function lengthOf(body: Uint8Array, headers: ReadonlyMap<string, string>): Record<string, number> {
  return body.length === 0 || valueOf(headers, "content-length") !== undefined ? {} : { "Content-Length": body.length };
}

/** The request that an answer leads on to, by Go's rules; undefined for an answer that stands. */
function redirected(step: Step, response: IncomingMessage, first: URL): Step | undefined {
  const { statusCode = 0 } = response;
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined || location === "") return undefined;
  const url = new URL(checkLocation(location, step.url));
  const keepsBody = statusCode === 307 || statusCode === 308;
  const isRead = step.method === "GET" || step.method === "HEAD";
  // What tells who one is goes to no other host than that which was asked, or those below it.
  const isTrusted = url.hostname === first.hostname || url.hostname.endsWith(`.${first.hostname}`);
  const headers = [...step.headers].filter(([name]) => {
    const isSecret = ["authorization", "www-authenticate", "cookie", "cookie2"].includes(name.toLowerCase());
    const isOfBody = name.toLowerCase() === "content-length" || name.toLowerCase() === "content-type";
    return (isTrusted || !isSecret) && (keepsBody || isRead || !isOfBody);
  });
  if (keepsBody || isRead) return { ...step, url, headers: new Map(headers) };
  return { method: "GET", url, headers: new Map(headers), body: new Uint8Array() };
}

function checkLocation(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw new Error(`the redirect to ${JSON.stringify(location)} is not a URL`);
  const url = new URL(location, from.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new Error(`the redirect to ${JSON.stringify(location)} is not followed: only http and https URLs are`);
  return url;
}

async function read(response: IncomingMessage, step: Step): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = headerLists(response.rawHeaders);
  const packed = Buffer.concat(chunks);
  const isOurs = valueOf(step.headers, "accept-encoding") === "gzip" && headers["content-encoding"]?.[0] === "gzip";
  const isPacked = isOurs && packed.length > 0;
  if (isPacked) {
    // As if it had never been packed.
    delete headers["content-encoding"];
    delete headers["content-length"];
  }
  return {
    statusCode: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers,
    body: isPacked ? await promisify(gunzip)(packed) : packed,
  };
}

/** Values by name in lower case, in the order in which they came; names sorted. */
function headerLists(raw: readonly string[]): Record<string, string[]> {
  const lists = new Map<string, string[]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    // Node has a char for each byte.
    const value = Buffer.from(raw[index + 1]!, "latin1").toString();
    lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  return Object.fromEntries([...lists].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function valueOf(headers: ReadonlyMap<string, string>, wanted: string): string | undefined {
  for (const [name, value] of headers) if (name.toLowerCase() === wanted) return value;
  return undefined;
}

function reasonOf(error: unknown): string {
  const { message, errors, ...rest } = error as NodeJS.ErrnoException & { errors?: readonly NodeJS.ErrnoException[] };
  const code = rest.code ?? errors?.[0]?.code;
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name was not found";
  if (code === "ECONNRESET") return "the connection was closed by the other side";
  if (code === "ERR_INVALID_CHAR" || code === "ERR_INVALID_HTTP_TOKEN")
    return "a header has a character that it may not have";
  return message || String(code ?? error);
}
