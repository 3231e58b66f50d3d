import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { sendHttp } from "../../src/host/http.ts";
import { proxyAuthorization, proxyFor } from "../../src/host/proxy.ts";
import { bundledCommand } from "../bundle.ts";
import { temporaryFolder } from "../state/folders.ts";
import { certificate, certificateKey } from "./certificate.ts";

describe("proxies", () => {
  const closing: { close(): unknown }[] = [];
  afterEach(() => {
    for (const server of closing.splice(0)) server.close();
  });

  const portOf = async <T extends Server>(server: T): Promise<number> => {
    closing.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };

  /** A real one, to which every host is this machine. Keeps what it was asked. */
  const startProxy = async (
    options: { readonly refuses?: boolean } = {},
  ): Promise<{ readonly asked: string[]; readonly url: string }> => {
    const asked: string[] = [];
    const server = createServer((incoming, answer) => {
      const { method = "", url = "", headers } = incoming;
      asked.push(`${method} ${url} ${headers["proxy-authorization"] ?? "-"} ${headers.host}`);
      const target = new URL(url);
      const passedOn = request({ port: target.port, method, path: target.pathname, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 0, response.headers);
        response.pipe(answer);
      });
      incoming.pipe(passedOn);
    });
    server.on("connect", (incoming, socket) => {
      asked.push(`CONNECT ${incoming.url} ${incoming.headers["proxy-authorization"] ?? "-"}`);
      if (options.refuses) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      const through = connect(Number(incoming.url?.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        through.pipe(socket).pipe(through);
      });
      for (const end of [through, socket]) end.on("error", () => socket.destroy());
    });
    return { asked, url: `127.0.0.1:${await portOf(server)}` };
  };

  const get = (url: string, env: Readonly<Record<string, string>>) =>
    sendHttp({ method: "GET", url, headers: {}, body: new Uint8Array() }, { env });

  it("get requests as a whole, with the host that is meant, and pass them on", async () => {
    const port = await portOf(
      createServer((incoming, answer) => answer.end(`${incoming.headers.host}${incoming.url}`)),
    );
    const { asked, url } = await startProxy();
    const { body } = await get(`http://plain.test:${port}/a?b=c#d`, { HTTP_PROXY: `http://ann:pass%20word@${url}` });
    assert.equal(Buffer.from(body).toString(), `plain.test:${port}/a`);
    const basic = `Basic ${Buffer.from("ann:pass word").toString("base64")}`;
    assert.deepEqual(asked, [`GET http://plain.test:${port}/a?b=c ${basic} plain.test:${port}`]);
  });

  it("are asked for a tunnel to hosts that are spoken to encrypted, and see no more than their names", async function () {
    this.timeout(60_000);
    const secure = createSecureServer({ key: certificateKey, cert: certificate }, (_, answer) => answer.end("hidden"));
    const port = await portOf(secure);
    const { asked, url } = await startProxy();
    const trusted = join(temporaryFolder(), "trusted.pem");
    writeFileSync(trusted, certificate);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [await bundledCommand(), "repl", "-c", `http.get("https://secure.test:${port}/x").body`],
      { env: { ...process.env, https_proxy: `ann:secret@${url}`, NO_PROXY: "", NODE_EXTRA_CA_CERTS: trusted } },
    );
    assert.equal(stdout, '"hidden"\n');
    assert.deepEqual(asked, [`CONNECT secure.test:${port} Basic ${Buffer.from("ann:secret").toString("base64")}`]);
    await assert.rejects(get(`https://secure.test:${port}/x`, { HTTPS_PROXY: url }), /self-signed certificate/);
  });

  it("that refuse, or are not there, are named, without their passwords", async () => {
    const { url } = await startProxy({ refuses: true });
    await assert.rejects(get("https://secure.test/x", { HTTPS_PROXY: `http://ann:secret@${url}` }), {
      name: "HostError",
      message: `GET https://secure.test/x through the proxy http://${url}: it refused the connection: 407 Proxy Authentication Required`,
    });
    const gone = createServer();
    const port = await portOf(gone);
    closing.splice(closing.indexOf(gone), 1);
    gone.close();
    await once(gone, "close");
    for (const scheme of ["http", "https"]) {
      await assert.rejects(get(`${scheme}://a.test/`, { [`${scheme}_proxy`]: `http://ann:secret@127.0.0.1:${port}` }), {
        message: `GET ${scheme}://a.test/ through the proxy http://127.0.0.1:${port}: the connection was refused`,
      });
    }
    await assert.rejects(get("http://a.test/", { HTTP_PROXY: "socks5://127.0.0.1:1" }), {
      message: "GET http://a.test/: HTTP_PROXY names a socks5 proxy; only http and https proxies can be used",
    });
    await assert.rejects(get("http://a.test/", { HTTP_PROXY: "http://a b" }), {
      message: "GET http://a.test/: the variable HTTP_PROXY does not name a proxy; write http://HOST:PORT",
    });
  });

  it("are chosen by the variables that Go reads", () => {
    const chosen = (url: string, env: Readonly<Record<string, string>>) => proxyFor(new URL(url), env)?.href;
    assert.equal(chosen("http://a.test/", {}), undefined);
    assert.equal(chosen("http://a.test/", { HTTP_PROXY: "p:1", http_proxy: "q:1" }), "http://p:1/");
    assert.equal(chosen("http://a.test/", { HTTP_PROXY: "", http_proxy: "q:1" }), "http://q:1/");
    assert.equal(chosen("http://a.test/", { HTTPS_PROXY: "p:1" }), undefined);
    assert.equal(chosen("https://a.test/", { HTTPS_PROXY: "https://p" }), "https://p/");
    for (const own of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"]) {
      assert.equal(chosen(`http://${own}:80/`, { HTTP_PROXY: "p:1" }), undefined, own);
    }
  });

  it("are told who asks, by what their URL says", () => {
    const credentials = (proxy: string) => {
      const header = proxyAuthorization(new URL(proxy))["Proxy-Authorization"] ?? "";
      return Buffer.from(header.replace("Basic ", ""), "base64").toString();
    };
    assert.equal(credentials("http://me:a%40b@proxy:8080"), "me:a@b");
    assert.equal(credentials("http://me:100%@proxy:8080"), "me:100%");
    assert.equal(credentials("http://proxy:8080"), "");
  });

  it("are passed by for what NO_PROXY names", () => {
    const isDirect = (url: string, exceptions: string) =>
      proxyFor(new URL(url), { HTTP_PROXY: "p:1", HTTPS_PROXY: "p:1", NO_PROXY: exceptions }) === undefined;
    const table: readonly (readonly [string, string, boolean])[] = [
      ["http://a.test/", "*", true],
      ["http://a.test/", "b.test, a.test", true],
      ["http://sub.A.test/", "a.test", true],
      ["http://sub.a.test/", ".a.test", true],
      ["http://sub.a.test/", "*.a.test", true],
      ["http://a.test/", ".a.test", false],
      ["http://aa.test/", "a.test", false],
      ["http://a.test:8080/", "a.test:8080", true],
      ["http://a.test/", "a.test:80", true],
      ["https://a.test/", "a.test:443", true],
      ["https://a.test/", "a.test:80", false],
      ["http://10.1.2.3/", "10.0.0.0/8", true],
      ["http://11.1.2.3/", "10.0.0.0/8", false],
      ["http://10.1.2.3/", "10.1.2.3", true],
      ["http://10.1.2.3:81/", "10.1.2.3:80", false],
      ["http://10.1.2.4/", "10.1.2.3", false],
      ["http://[fd00::1]/", "fd00::/8", true],
      ["http://[fd00::1]/", "[fd00::1]", true],
      ["http://[fd00::1]/", "fd00::1", true],
      ["http://[fd00::1]:81/", "[fd00::1]:81", true],
      ["http://[fd00::2]/", "[fd00::1]", false],
      ["http://a.test/", " , ,", false],
      ["http://a.test/", "10.0.0.0/99", false],
    ];
    for (const [url, exceptions, expected] of table) {
      assert.equal(isDirect(url, exceptions), expected, `${url} with NO_PROXY=${exceptions}`);
    }
  });
});
