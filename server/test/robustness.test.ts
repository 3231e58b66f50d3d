import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { makeFolder } from "./harness.ts";
import { frame, RawClient, type RawMessage } from "./rawClient.ts";

const codes = {
  parse: -32700,
  invalidRequest: -32600,
  notFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  notInitialized: -32002,
  cancelled: -32800,
};

const text = 'def build():\n    return done(outputs={"tag": "1"})\n\ntask(build, name="build")\n';

/** Requests about a document or a place in one. */
const documentRequests =
  "documentSymbol codeLens documentLink foldingRange semanticTokens/full semanticTokens/full/delta semanticTokens/range formatting rangeFormatting inlayHint codeAction selectionRange".split(
    " ",
  );
const placeRequests =
  "hover completion signatureHelp definition references documentHighlight prepareRename rename onTypeFormatting prepareCallHierarchy".split(
    " ",
  );
const requests = [...documentRequests, ...placeRequests].map((each) => `textDocument/${each}`);
const otherRequests = [
  "workspace/symbol",
  "callHierarchy/incomingCalls",
  "callHierarchy/outgoingCalls",
  "ocuroot/phaseGraph",
  "ocuroot/releases",
  "ocuroot/stateDocument",
  "ocuroot/runLog",
];

describe("the server's process", () => {
  const clients: RawClient[] = [];

  afterEach(() => {
    for (const client of clients.splice(0)) client.kill();
  });

  async function start(params?: object): Promise<{ client: RawClient; folder: string }> {
    const folder = makeFolder({ "repo.ocu.star": "", "release.ocu.star": text });
    const client = await RawClient.initialized(folder, params);
    clients.push(client);
    return { client, folder };
  }

  async function startRaw(): Promise<RawClient> {
    const client = await RawClient.start();
    clients.push(client);
    return client;
  }

  function open(client: RawClient, uri: string, content = text): void {
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "ocuroot", version: 1, text: content },
    });
  }

  const published = (client: RawClient, uri: string, version: number): Promise<RawMessage> =>
    client.find(
      (each) =>
        each.method === "textDocument/publishDiagnostics" &&
        each.params?.uri === uri &&
        Number(each.params.version) >= version,
      `diagnostics of ${uri} at ${version}`,
    );

  /** Nothing failed inside, and the server still answers. */
  async function isWell(client: RawClient): Promise<void> {
    const answer = await client.request("workspace/symbol", { query: "" });
    assert.equal(answer.error, undefined);
    const internal = client.messages.filter((each) => each.error?.code === codes.internal);
    assert.deepEqual(internal, []);
    assert.deepEqual(
      client.messages.filter((each) => each.method === "window/logMessage" && Number(each.params?.type) <= 2),
      [],
    );
    assert.equal(client.stderr, "");
  }

  it("answers nothing but initialize before it, and nothing after shutdown", async () => {
    const client = await startRaw();
    client.notify("textDocument/didOpen", { textDocument: { uri: "file:///a.star" } });
    assert.equal((await client.request("textDocument/hover", {})).error?.code, codes.notInitialized);
    assert.equal((await client.request("shutdown")).error?.code, codes.notInitialized);
    assert.equal((await client.request("initialize", null)).error?.code, codes.invalidParams);
    assert.equal((await client.request("initialize", [])).error?.code, codes.invalidParams);
    const params = { processId: null, rootUri: null, capabilities: {} };
    assert.equal((await client.request("initialize", params)).error, undefined);
    assert.equal((await client.request("initialize", params)).error?.code, codes.invalidRequest);
    client.notify("initialized", null);
    assert.deepEqual((await client.request("shutdown", null)).result, null);
    assert.equal((await client.request("textDocument/hover", {})).error?.code, codes.invalidRequest);
    assert.equal((await client.request("shutdown")).error?.code, codes.invalidRequest);
    client.notify("exit");
    assert.equal(await client.exited, 0);
  });

  it("ends with 1 when it is told to exit without a shutdown", async () => {
    const { client } = await start();
    client.notify("exit");
    assert.equal(await client.exited, 1);
  });

  it("ends when its input is closed, also in the middle of a message", async () => {
    for (const rest of ["", "Content-Length: 500\r\n\r\n{", "Content-"]) {
      const { client } = await start();
      client.bytes(rest);
      client.server.stdin?.end();
      assert.equal(await client.exited, 1);
    }
  });

  it("ends when nobody reads what it says", async () => {
    const { client, folder } = await start();
    client.server.stdout?.destroy();
    open(client, `file://${folder}/release.ocu.star`);
    assert.equal(await client.exited, 1);
  });

  it("ends when the process that it was told to watch has ended", async function () {
    this.timeout(20_000);
    const parent = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    const { client } = await start({ processId: parent.pid });
    parent.kill();
    await once(parent, "exit");
    assert.equal(await client.exited, 1);
  });

  it("goes on after text that is no message", async () => {
    const { client } = await start();
    client.bytes(frame("{ this is no JSON"));
    await client.find((each) => each.error?.code === codes.parse, "a parse error");
    client.bytes("Content-Type: nothing\r\n\r\n");
    client.bytes("Content-Length: many\r\n\r\n");
    client.bytes("Content-Length: 99999999999999\r\n\r\n");
    client.bytes(`rubbish without any end ${frame(JSON.stringify({ jsonrpc: "2.0", method: "$/nothing" }))}`);
    client.bytes(Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x0d, 0x0a]));
    for (const each of [
      "null",
      "1",
      '"text"',
      "[]",
      "[{}]",
      "{}",
      '{"id":1}',
      '{"method":1}',
      '{"id":{},"method":"x"}',
    ]) {
      client.bytes(frame(each));
    }
    client.bytes(frame('{"jsonrpc":"2.0","id":9999,"result":{}}'));
    client.bytes(frame('{"jsonrpc":"2.0","id":9998,"error":null}'));
    await isWell(client);
  });

  it("reads messages however they are cut up", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    const message = frame(
      JSON.stringify({
        jsonrpc: "2.0",
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId: "ocuroot", version: 1, text: `# é😀\n${text}` } },
      }),
    );
    for (const byte of Buffer.from(message)) client.bytes(Buffer.from([byte]));
    const shown = await published(client, uri, 1);
    assert.deepEqual(shown.params?.diagnostics, []);
    await isWell(client);
  });

  it("refuses malformed params, and never fails by them", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    open(client, uri);
    const odd: unknown[] = [
      undefined,
      null,
      [],
      "text",
      1,
      {},
      { textDocument: null },
      { textDocument: {} },
      { textDocument: { uri: 1 } },
      { textDocument: { uri: null }, position: null },
      { textDocument: { uri }, position: null, range: null, positions: null, item: null, ch: 1, options: null },
      { textDocument: { uri }, position: { line: "a", character: {} } },
      { textDocument: { uri }, position: { line: -1, character: -1 }, range: { start: {}, end: {} } },
      { textDocument: { uri }, position: { line: 0.5, character: 0 }, positions: [null] },
      { textDocument: { uri }, position: { line: 1e300, character: 1e300 }, positions: [{ line: 1, character: 1e9 }] },
      {
        textDocument: { uri },
        position: { line: 0, character: 0 },
        context: null,
        newName: null,
        previousResultId: {},
      },
      { item: { uri, name: 1, data: {} } },
      { item: { uri: 1 } },
      { query: null },
      { uri: null, ref: null, repository: null },
      { uri, ref: 1, repository: 1, file: [] },
    ];
    const ids: number[] = [];
    for (const method of [...requests, ...otherRequests]) for (const each of odd) ids.push(client.begin(method, each));
    for (const id of ids) {
      const { error } = await client.answer(id);
      if (error !== undefined) assert.ok([codes.invalidParams, -32803].includes(error.code), JSON.stringify(error));
    }
    const answer = await client.request("textDocument/hover", { textDocument: { uri } });
    assert.equal(answer.error?.code, codes.invalidParams);
    // Names that every object has are no methods either.
    for (const method of ["ocuroot/nothing", "toString", "constructor", "__proto__"]) {
      assert.equal((await client.request(method, {})).error?.code, codes.notFound, method);
    }
    await isWell(client);
  });

  it("takes params by position for what they are", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    client.notify("textDocument/didOpen", [{ textDocument: { uri, languageId: "ocuroot", version: 1, text } }]);
    const place = { textDocument: { uri }, position: { line: 1, character: 13 } };
    const byName = await client.request("textDocument/hover", place);
    assert.ok(byName.result);
    assert.deepEqual((await client.request("textDocument/hover", [place])).result, byName.result);
    assert.equal((await client.request("shutdown", [null])).error, undefined);
  });

  it("takes malformed notifications for what they are", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    open(client, uri);
    const notifications =
      "textDocument/didOpen textDocument/didChange textDocument/didClose textDocument/didSave workspace/didChangeWatchedFiles workspace/didChangeWorkspaceFolders workspace/didChangeConfiguration $/cancelRequest $/setTrace $/progress $/nothing ocuroot/trustGranted window/workDoneProgress/cancel".split(
        " ",
      );
    const odd: unknown[] = [
      undefined,
      null,
      [],
      [1, 2],
      {},
      { textDocument: null, changes: null, event: null, settings: null, id: null },
      {
        textDocument: { uri: 5, text: 5, version: "x" },
        contentChanges: 5,
        changes: [null, {}, { uri: 1 }],
        event: {},
      },
      { textDocument: { uri: "untitled:odd", text: null }, event: { added: [null, {}], removed: [{ uri: 7 }] } },
      { textDocument: { uri, version: 2 }, contentChanges: [null] },
      { textDocument: { uri, version: 3 }, contentChanges: [{ text: 7 }] },
      { textDocument: { uri, version: 4 }, contentChanges: [{ range: null, text: text }] },
      { textDocument: { uri, version: 5 }, contentChanges: [{ range: { start: {}, end: 1 }, text: "x" }] },
      { settings: { ocuroot: { lint: { severities: { a: 1 } }, format: [] } } },
    ];
    for (const method of notifications) {
      if (method === "textDocument/didClose") continue;
      for (const each of odd) client.notify(method, each);
    }
    client.notify("textDocument/didClose", {});
    client.notify("textDocument/didClose", { textDocument: { uri: "file:///not/open.star" } });
    client.notify("textDocument/didChange", {
      textDocument: { uri: "file:///not/open.star", version: 2 },
      contentChanges: [{ text: "x" }],
    });
    // The text is what it was: what could not be understood was left out.
    client.notify("textDocument/didChange", { textDocument: { uri, version: 9 }, contentChanges: [] });
    const symbols = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
    assert.ok(JSON.stringify(symbols.result).includes('"build"'), JSON.stringify(symbols));
    await isWell(client);
  });

  it("edits at any position and version, and publishes for the last", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    open(client, uri, "a😀b\r\nc\rd\n");
    const change = (version: number | null, start: [number, number], end: [number, number], inserted: string) =>
      client.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [
          {
            range: {
              start: { line: start[0], character: start[1] },
              end: { line: end[0], character: end[1] },
            },
            text: inserted,
          },
        ],
      });
    change(2, [99, 99], [99, 99], "# end\n");
    change(3, [0, 2], [0, 2], "\u0000");
    change(2, [0, 99], [0, 99], " = 1");
    change(4, [1, 1], [0, 0], "");
    change(5, [2 ** 31, 2 ** 31], [2 ** 40, 0], "\ufeff");
    change(6, [0, 0], [99, 0], text);
    const shown = await published(client, uri, 6);
    assert.equal(shown.params?.version, 6);
    assert.deepEqual(shown.params?.diagnostics, []);
    await isWell(client);
  });

  it("answers about documents with any kind of URI", async () => {
    const { client, folder } = await start();
    const uris = [
      "untitled:Untitled-1",
      "vscode-notebook-cell:/a/b.star#c1",
      "git:/a/b.ocu.star?{}",
      "http://example.com/a.star",
      "not a uri at all",
      "",
      "file:",
      "file://host/share/a.ocu.star",
      "file:///c%3A/work/a.ocu.star",
      "file:///C:/work/a.ocu.star",
      "file:///%zz/broken%",
      "file:///a%00b.star",
      `file://${folder}/with%20blank%20%C3%A9%20%F0%9F%98%80%23%3F.ocu.star`,
      `file://${folder}/with blank é.ocu.star`,
      `file://${folder}//./x/../release.ocu.star`,
      `file://${folder}`,
      "file:///",
    ];
    for (const uri of uris) {
      open(client, uri);
      const shown = await client.find((each) => each.params?.uri === uri, `diagnostics of ${uri}`);
      assert.deepEqual(shown.params?.diagnostics, [], uri);
      const symbols = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
      assert.equal(symbols.error, undefined);
      assert.ok(Array.isArray(symbols.result) && symbols.result.length > 0, uri);
      for (const method of requests) {
        const { error } = await client.request(method, {
          textDocument: { uri },
          position: { line: 0, character: 5 },
          range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
          positions: [{ line: 0, character: 1 }],
          context: { diagnostics: [], includeDeclaration: true },
          options: { tabSize: 4, insertSpaces: true },
          newName: "other",
          ch: "\n",
          previousResultId: "0",
        });
        assert.equal(error, undefined, `${method} ${uri}`);
      }
      client.notify("textDocument/didClose", { textDocument: { uri } });
    }
    await isWell(client);
  });

  it("cancels what is not done, and publishes nothing for what is closed", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    const place = { textDocument: { uri }, position: { line: 3, character: 8 } };
    const messages: unknown[] = [];
    for (let id = 1000; id < 1200; id++)
      messages.push({ jsonrpc: "2.0", id, method: "textDocument/completion", params: place });
    for (let id = 1000; id < 1199; id++) messages.push({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } });
    for (let id = 0; id < 50; id++)
      messages.push({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: `no ${id}` } });
    open(client, uri);
    client.bytes(messages.map((each) => frame(JSON.stringify(each))).join(""));
    for (let id = 1000; id < 1200; id++) {
      const { error } = await client.answer(id);
      if (error !== undefined) assert.equal(error.code, codes.cancelled);
    }
    assert.equal((await client.answer(1199)).error, undefined);
    assert.ok(client.messages.some((each) => each.error?.code === codes.cancelled));
    for (let round = 0; round < 20; round++) {
      open(client, uri);
      client.notify("textDocument/didChange", {
        textDocument: { uri, version: 2 },
        contentChanges: [{ text: "x = (" }],
      });
      client.begin("textDocument/hover", place);
      client.notify("textDocument/didClose", { textDocument: { uri } });
    }
    await isWell(client);
    const last = client.messages.findLast((each) => each.params?.uri === uri);
    assert.deepEqual(last?.params?.diagnostics, []);
    assert.equal(last?.params?.version, undefined);
  });

  it("does one batch of work for a burst of edits, after the request that follows it", async () => {
    const { client, folder } = await start();
    const uri = `file://${folder}/release.ocu.star`;
    open(client, uri);
    await published(client, uri, 1);
    const messages: unknown[] = [];
    const at = { line: 0, character: 0 };
    for (let version = 2; version <= 501; version++) {
      const contentChanges = [{ range: { start: at, end: at }, text: version % 5 === 0 ? "\n" : "#" }];
      messages.push({
        jsonrpc: "2.0",
        method: "textDocument/didChange",
        params: { textDocument: { uri, version }, contentChanges },
      });
    }
    const params = { textDocument: { uri }, position: { line: 0, character: 0 } };
    messages.push({ jsonrpc: "2.0", id: 5000, method: "textDocument/completion", params });
    client.bytes(messages.map((each) => frame(JSON.stringify(each))).join(""));
    await published(client, uri, 501);
    const order = client.messages.flatMap((each) =>
      each.id === 5000 ? ["completion"] : Number(each.params?.version) > 1 ? [`version ${each.params?.version}`] : [],
    );
    // The same version is published once more when what it depends on has been read meanwhile.
    assert.deepEqual([...new Set(order)], ["completion", "version 501"]);
  });
});
