/** Which proxy a request goes through, and the way through it: by the rules of Go's client (`http.ProxyFromEnvironment`). */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";

export type Variables = Readonly<Record<string, string | undefined>>;

/** The proxy for a URL; undefined: none. Throws for a variable that names none. */
export function proxyFor(url: URL, env: Variables): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const written = valueOf(env, name);
  if (written === "" || isExcepted(url, valueOf(env, "NO_PROXY"))) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined) throw new Error(`the variable ${name} does not name a proxy; write http://HOST:PORT`);
  if (proxy.protocol === "http:" || proxy.protocol === "https:") return proxy;
  throw new Error(`${name} names a ${proxy.protocol.slice(0, -1)} proxy; only http and https proxies can be used`);
}

function valueOf(env: Variables, name: string): string {
  return (env[name] || env[name.toLowerCase()] || "").trim();
}

/** Whether `NO_PROXY` names the URL's host, or it is this machine itself. */
function isExcepted(url: URL, exceptions: string): boolean {
  const host = hostOf(url).toLowerCase();
  if (host === "localhost" || isLoopback(host)) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return exceptions.split(",").some((each) => excepts(each.trim().toLowerCase(), host, port));
}

/** One of `*`, `10.0.0.0/8`, `10.1.2.3`, `example.com` (also for what is below it), `.example.com` (only that); a port may follow. */
function excepts(exception: string, host: string, port: string): boolean {
  if (exception === "") return false;
  if (exception === "*") return true;
  const [, network = "", bits = ""] = /^(.+)\/(\d+)$/.exec(exception) ?? [];
  if (isIP(network) !== 0) return isIP(host) !== 0 && isWithin(host, network, Number(bits));
  const [, bracketed, plain, wanted] = /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(exception) ?? [];
  const name = (bracketed ?? plain ?? "").replace(/^\*\./, ".");
  if (name === "" || (wanted !== undefined && wanted !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && isWithin(host, name, isIP(name) === 4 ? 32 : 128);
  return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isLoopback(host: string): boolean {
  return isIP(host) !== 0 && (isWithin(host, "127.0.0.0", 8) || isWithin(host, "::1", 128));
}

function isWithin(address: string, network: string, bits: number): boolean {
  if (bits > (isIP(network) === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, isIP(network) === 4 ? "ipv4" : "ipv6");
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** How a proxy is called in messages: without the password that its URL may carry. */
export function shownProxy(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

/** The header that tells a proxy who asks. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** A password may hold a `%` that was never escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An encrypted connection to the URL's host, of which the proxy sees nothing but the host. */
export async function tunnelTo(url: URL, proxy: URL, signal: AbortSignal | undefined): Promise<TLSSocket> {
  const socket = await openTunnel(url, proxy, signal);
  const host = hostOf(url);
  return connectTls({ socket, host, ...(isIP(host) === 0 && { servername: host }), ALPNProtocols: ["http/1.1"] });
}

function openTunnel(url: URL, proxy: URL, signal: AbortSignal | undefined): Promise<Duplex> {
  const target = `${url.hostname}:${url.port || "443"}`;
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = (proxy.protocol === "https:" ? httpsRequest : httpRequest)({
      method: "CONNECT",
      hostname: hostOf(proxy),
      ...(proxy.port !== "" && { port: proxy.port }),
      path: target,
      headers: { Host: target, "User-Agent": "ocuroot", ...proxyAuthorization(proxy) },
      agent: false,
      ...(signal && { signal }),
    });
    asked.once("connect", (answer: IncomingMessage, socket: Duplex) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refusal(answer));
    });
    // Some answer a refusal as if it were the page that was asked for.
    asked.once("response", (answer: IncomingMessage) => {
      answer.destroy();
      reject(refusal(answer));
    });
    asked.once("error", reject);
    asked.end();
  });
}

function refusal({ statusCode, statusMessage = "" }: IncomingMessage): Error {
  return new Error(`it refused the connection: ${statusCode} ${statusMessage}`.trim());
}
