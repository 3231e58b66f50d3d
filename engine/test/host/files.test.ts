import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goArch, goOs } from "../../src/host/environment.ts";
import { isHostFolder, readHostFile, readHostFolder, writeHostFile } from "../../src/host/files.ts";
import { sendHttp } from "../../src/host/http.ts";
import { LineSplitter } from "../../src/host/lines.ts";

describe("files", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "ocuroot-files-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("writes into folders that it makes, and reads back the bytes", async () => {
    const path = join(dir, "a/b/c.bin");
    await writeHostFile(path, Buffer.from([0, 255, 10]));
    assert.deepEqual([...(await readHostFile(path))], [0, 255, 10]);
    assert.deepEqual(await readHostFolder(join(dir, "a")), ["b"]);
    assert.deepEqual(await Promise.all([isHostFolder(dir), isHostFolder(path), isHostFolder(join(dir, "none"))]), [
      true,
      false,
      false,
    ]);
  });

  it("says what is wrong with a path", async () => {
    const missing = join(dir, "missing");
    await assert.rejects(readHostFile(missing), { message: `cannot read ${missing}: there is no such file or folder` });
    await assert.rejects(readHostFile(dir), { message: `cannot read ${dir}: it is a folder` });
  });

  it("names a folder that may not be written", async () => {
    if (process.getuid?.() === 0) return; // The superuser may write everywhere.
    chmodSync(dir, 0o500);
    await assert.rejects(writeHostFile(join(dir, "x"), Buffer.from("")), /permission denied/);
    chmodSync(dir, 0o700);
  });
});

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

describe("lines and names", () => {
  it("cuts lines across chunks", () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const chunk of ["a", "b\n\nc\r\n", "d"]) splitter.push(Buffer.from(chunk));
    splitter.end();
    assert.deepEqual(lines, ["ab", "", "c", "d"]);
  });

  it("names systems and processors as Go does", () => {
    assert.deepEqual([goOs("win32"), goOs("linux"), goOs("darwin")], ["windows", "linux", "darwin"]);
    assert.deepEqual([goArch("x64"), goArch("arm64"), goArch("ia32")], ["amd64", "arm64", "386"]);
  });
});
