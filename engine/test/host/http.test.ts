import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createPlainServer } from "node:net";
import { gzipSync } from "node:zlib";
import { sendHttp } from "../../src/host/http.ts";

describe("http", () => {
  let server: Server;
  let base: string;
  before((done) => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.url === "/moved") return response.writeHead(302, { Location: "/echo" }).end();
        response.setHeader("Set-Cookie", ["a=1", "b=2"]);
        response.statusCode = request.url === "/teapot" ? 418 : 200;
        const { authorization = "" } = request.headers;
        response.end(
          `${request.method} ${request.headers["x-test"] ?? ""}${authorization} ${Buffer.concat(chunks).toString()}`,
        );
      });
    });
    server.listen(0, "127.0.0.1", () => {
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    server.close(done);
  });

  const none = new Uint8Array();

  it("sends method, headers and body, and gives status, header lists and body", async () => {
    const request = {
      method: "POST",
      url: `${base}/echo`,
      headers: { "X-Test": "yes" },
      body: Buffer.from("hello"),
    } as const;
    const { statusCode, statusText, headers, body } = await sendHttp(request);
    assert.deepEqual([statusCode, statusText, Buffer.from(body).toString()], [200, "OK", "POST yes hello"]);
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
  });

  it("follows redirects, and takes an error status as an answer", async () => {
    assert.equal((await sendHttp({ method: "GET", url: `${base}/moved`, headers: {}, body: none })).statusCode, 200);
    assert.equal((await sendHttp({ method: "GET", url: `${base}/teapot`, headers: {}, body: none })).statusCode, 418);
  });

  it("turns a user in the URL into a header", async () => {
    const url = base.replace("http://", "http://ann:pass%20word@");
    const { body } = await sendHttp({ method: "GET", url: `${url}/echo`, headers: {}, body: none });
    assert.match(Buffer.from(body).toString(), new RegExp(Buffer.from("ann:pass word").toString("base64")));
  });

  it("says why there was no answer, without the password", async () => {
    const get = (url: string) => sendHttp({ method: "GET", url, headers: {}, body: none });
    const free = await freePort();
    await assert.rejects(get(`http://u:secret@127.0.0.1:${free}/x`), {
      message: `GET http://127.0.0.1:${free}/x: the connection was refused`,
    });
    await assert.rejects(get("nonsense"), { message: '"nonsense" is not a URL' });
    await assert.rejects(get("file:///etc/passwd"), /only http and https URLs/);
  });

  /** Answers one request in a way of its own, and tells what it was asked. */
  const answered = async (
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    asked: Partial<Parameters<typeof sendHttp>[0]> = {},
  ) => {
    const seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
    const own = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        answer(request, response);
      });
    }).listen(0, "127.0.0.1");
    await once(own, "listening");
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}/`;
    try {
      return { seen, response: await sendHttp({ method: "GET", url, headers: {}, body: none, ...asked }) };
    } finally {
      own.close();
    }
  };

  it("gives headers that come again as lists, in their order, and never takes a value apart", async () => {
    const { response } = await answered((_, out) => {
      out.setHeader("Link", ["<a>; rel=next", "<b>; rel=last"]);
      out.setHeader("Vary", ["Accept", "Cookie"]);
      out.setHeader("Date", "Tue, 15 Nov 1994 08:12:31 GMT");
      out.setHeader("X-Name", Buffer.from("é").toString("latin1"));
      out.end();
    });
    const { headers } = response;
    assert.deepEqual(headers.link, ["<a>; rel=next", "<b>; rel=last"]);
    assert.deepEqual(headers.vary, ["Accept", "Cookie"]);
    assert.deepEqual(headers.date, ["Tue, 15 Nov 1994 08:12:31 GMT"]);
    assert.deepEqual(headers["x-name"], ["é"]);
    assert.deepEqual(Object.keys(headers), Object.keys(headers).sort());
  });

  it("unpacks what it asked to be packed, and nothing else", async () => {
    const pack = (_: IncomingMessage, out: ServerResponse) =>
      out.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("hello"));
    const { response, seen } = await answered(pack);
    assert.equal(Buffer.from(response.body).toString(), "hello");
    assert.deepEqual([response.headers["content-encoding"], seen[0]?.headers["accept-encoding"]], [undefined, "gzip"]);
    const own = await answered(pack, { headers: { "accept-encoding": "gzip, br" } });
    assert.deepEqual(Buffer.from(own.response.body), gzipSync("hello"));
    assert.deepEqual(own.response.headers["content-encoding"], ["gzip"]);
    await assert.rejects(
      answered((_, out) => out.writeHead(200, { "Content-Encoding": "gzip" }).end("no gzip")),
      /incorrect header check/,
    );
  });

  it("follows redirects by Go's rules", async () => {
    const headers = { "Content-Type": "text/plain", Authorization: "secret", "X-Own": "1" };
    const post = { method: "POST", headers, body: Buffer.from("hello") } as const;
    const to = (status: number) => (request: IncomingMessage, out: ServerResponse) =>
      request.url === "/" ? out.writeHead(status, { Location: "next?a=b" }).end() : out.end();
    for (const status of [301, 302, 303]) {
      const [, next] = (await answered(to(status), post)).seen;
      assert.deepEqual([next?.method, next?.url, next?.body], ["GET", "/next?a=b", ""], String(status));
      assert.deepEqual([next?.headers["content-type"], next?.headers.authorization], [undefined, "secret"]);
      assert.equal((await answered(to(status), { method: "HEAD" })).seen[1]?.method, "HEAD");
    }
    for (const status of [307, 308]) {
      const [, next] = (await answered(to(status), post)).seen;
      assert.deepEqual([next?.method, next?.body, next?.headers["content-type"]], ["POST", "hello", "text/plain"]);
    }
    assert.equal((await answered((_, out) => out.writeHead(302).end())).response.statusCode, 302);
    await assert.rejects(
      answered((_, out) => out.writeHead(302, { Location: "/" }).end()),
      /stopped after 10 redirects/,
    );
    await assert.rejects(
      answered((_, out) => out.writeHead(302, { Location: "file:///etc/passwd" }).end()),
      /only http and https URLs are/,
    );
  });

  it("hands what tells who one is to no other host", async () => {
    const other = createServer((request, out) => out.end(JSON.stringify(request.headers))).listen(0, "localhost");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const headers = { Authorization: "secret", cookie: "a=b", "X-Own": "1" };
    const away = { Location: `http://localhost:${port}/` };
    const { response } = await answered((_, out) => out.writeHead(307, away).end(), { headers });
    const got = JSON.parse(Buffer.from(response.body).toString());
    assert.deepEqual([got.authorization, got.cookie, got["x-own"]], [undefined, undefined, "1"]);
    other.close();
  });

  it("says what is wrong with an answer that is none, or ends too early", async () => {
    const get = async (text: string) => {
      const broken = createPlainServer((socket) => socket.end(text)).listen(0, "127.0.0.1");
      await once(broken, "listening");
      const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}/`;
      return await sendHttp({ method: "GET", url, headers: {}, body: none }).finally(() => broken.close());
    };
    await assert.rejects(get("SSH-2.0\r\n\r\n"), { name: "HostError", message: /^GET http:.*Parse Error/ });
    await assert.rejects(get("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), /closed by the other side/);
    await assert.rejects(get(""), /closed by the other side/);
    await assert.rejects(sendHttp({ method: "GET", url: base, headers: { "X-A": "a\nb" }, body: none }), {
      message: /a header has a character that it may not have$/,
    });
  });

  it("ends when all work is stopped", async () => {
    const control = new AbortController();
    const waits = createServer(() => control.abort()).listen(0, "127.0.0.1");
    await once(waits, "listening");
    const url = `http://127.0.0.1:${(waits.address() as AddressInfo).port}/`;
    await assert.rejects(sendHttp({ method: "GET", url, headers: {}, body: none }, control), /aborted/);
    waits.close();
  });
});

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
