import { HostError, type HttpRequest, type HttpResponse } from "../sdk/host.ts";

/** Sends a request and reads the whole answer; redirects are followed. Any status is an answer, not an error. */
export async function sendHttp(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const url = checkUrl(request.url);
  try {
    const response = await fetch(shownUrl(url), {
      method: request.method,
      headers: { ...authorization(url), ...request.headers },
      // GET and HEAD may not have one.
      body: request.body.length > 0 ? Buffer.from(request.body) : undefined,
      signal,
    });
    return {
      statusCode: response.status,
      statusText: response.statusText,
      headers: headerLists(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  } catch (error) {
    throw new HostError(`${request.method} ${shownUrl(url)}: ${reasonOf(error)}`, { cause: error });
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

/** fetch refuses a URL that carries a user or password; they go into the header that stands for them. */
function authorization(url: URL): Record<string, string> {
  if (url.username === "" && url.password === "") return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function headerLists(headers: Headers): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const name of [...new Set(headers.keys())].sort()) {
    lists[name] = name === "set-cookie" ? headers.getSetCookie() : [headers.get(name) ?? ""];
  }
  return lists;
}

/** The cause behind fetch's "fetch failed". */
function reasonOf(error: unknown): string {
  const inner = (error as Error).cause ?? error;
  const { message, errors, ...rest } = inner as NodeJS.ErrnoException & { errors?: readonly NodeJS.ErrnoException[] };
  const code = rest.code ?? errors?.[0]?.code;
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name was not found";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection was closed by the other side";
  return message || String(code ?? inner);
}
