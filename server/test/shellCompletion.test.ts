import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { CompletionItem, Hover, Location } from "vscode-languageserver-protocol";
import { findProgram } from "../src/bash/program.ts";
import { TestClient } from "./client.ts";
import { makeFolder } from "./harness.ts";

/** A language server as small as can be: it completes every word with three items. `silent` never answers questions. */
const standIn = (mode: "answers" | "silent", trace: string): string => `#!${process.execPath}
const { writeFileSync } = require("node:fs");
writeFileSync(${JSON.stringify(trace)}, "started");
let text = "", data = Buffer.alloc(0);
const send = (body) => {
  const json = JSON.stringify({ jsonrpc: "2.0", ...body });
  process.stdout.write("Content-Length: " + Buffer.byteLength(json) + "\\r\\n\\r\\n" + json);
};
process.stdin.on("data", (chunk) => {
  data = Buffer.concat([data, chunk]);
  for (;;) {
    const head = data.indexOf("\\r\\n\\r\\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\\d+)/.exec(data.subarray(0, head).toString())[1]);
    if (data.length < head + 4 + length) return;
    const message = JSON.parse(data.subarray(head + 4, head + 4 + length).toString());
    data = data.subarray(head + 4 + length);
    if (message.method === "initialize") send({ id: message.id, result: { capabilities: {} } });
    if (message.method === "textDocument/didOpen") text = message.params.textDocument.text;
    if (message.method === "textDocument/didChange") text = message.params.contentChanges[0].text;
    if (message.method === "textDocument/completion" && ${JSON.stringify(mode)} === "answers") {
      const { line, character } = message.params.position;
      const before = text.split("\\n")[line].slice(0, character);
      send({ id: message.id, result: [{ label: "grep", kind: 3 }, { label: before.length + "-chars" }, { label: "a b" }] });
    }
  }
});
`;

function install(folder: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bash-language-server"), script);
  chmodSync(join(folder, "bash-language-server"), 0o755);
}

describe("completion in shell text", function () {
  this.timeout(30_000);
  const text = `def f():
    host.shell("gr  ./li $IM", env={"IMAGE": "a" + "b", "TAG": "x"})
    host.shell("""
      set -e
      gr
    """)

task(f, name="f")
`;
  const files = { "repo.ocu.star": 'repo_alias("a")\n', "lib/build.sh": "", "lib/deep/x.sh": "", "lint.sh": "" };
  const path = process.env.PATH;
  let client: TestClient | undefined;

  afterEach(async () => {
    process.env.PATH = path;
    assert.deepEqual(client?.logged ?? [], []);
    await client?.stop();
    client = undefined;
  });

  async function start(options: { readonly trusted?: boolean } = {}, folder = makeFolder(files)) {
    client = await TestClient.start(folder, options);
    const uri = await client.open(join(folder, "release.ocu.star"), text);
    await client.diagnosticsOf(uri);
    // Answered when the workspace is listed.
    await client.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] });
    const at = (needle: string): { line: number; character: number } => {
      const before = text.slice(0, text.indexOf(needle) + needle.length).split("\n");
      return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    };
    const ask = <Result>(method: string, needle: string): Promise<Result> =>
      (client as TestClient).connection.sendRequest<Result>(`textDocument/${method}`, {
        textDocument: { uri },
        position: at(needle),
      });
    return { ask, at, uri };
  }

  it("asks the user's bash language server, and puts its answers into the string", async () => {
    const bin = makeFolder();
    const trace = join(bin, "trace");
    install(bin, standIn("answers", trace));
    process.env.PATH = `${bin}${delimiter}${path}`;
    const { ask, at } = await start();
    // The first questions find it starting, and do not wait for that.
    let items: CompletionItem[] = [];
    while (!items.some((each) => each.label === "grep")) items = await ask<CompletionItem[]>("completion", '"gr');
    const grep = items.find((each) => each.label === "grep");
    assert.deepEqual(grep?.textEdit, {
      range: { start: { line: 1, character: at('"gr').character - 2 }, end: at('"gr') },
      newText: "grep",
    });
    assert.ok(items.some((each) => each.label === "2-chars"));
    assert.ok(!items.some((each) => each.label === "a b"));
    let inner: CompletionItem[] = [];
    while (!inner.some((each) => each.label === "8-chars")) inner = await ask("completion", "set -e\n      gr");
    // Nobody is asked outside of shell text.
    const outside = await ask<CompletionItem[]>("completion", "task(f, na");
    assert.ok(!outside.some((each) => each.label === "grep"));
  });

  it("does not wait for one that says nothing", async () => {
    const bin = makeFolder();
    install(bin, standIn("silent", join(bin, "trace")));
    process.env.PATH = `${bin}${delimiter}${path}`;
    const { ask } = await start();
    const items = await ask<CompletionItem[]>("completion", "$IM");
    assert.deepEqual(
      items.map((each) => each.label),
      ["IMAGE", "TAG"],
    );
  });

  it("runs none in an untrusted workspace, and none that lies in the workspace", async () => {
    const bin = makeFolder();
    const trace = join(bin, "trace");
    install(bin, standIn("answers", trace));
    process.env.PATH = bin;
    const { ask } = await start({ trusted: false });
    await ask("completion", '"gr');
    assert.ok(!existsSync(trace));
    const root = makeFolder();
    install(join(root, "tools"), "#!/bin/sh\n");
    assert.equal(findProgram({ env: { PATH: join(root, "tools") }, roots: [root] }), undefined);
    assert.equal(findProgram({ env: { PATH: `tools${delimiter}.` }, roots: [] }), undefined);
    assert.equal(
      findProgram({ env: { PATH: join(root, "tools") }, roots: [] }),
      join(root, "tools/bash-language-server"),
    );
    assert.equal(findProgram({ env: {}, roots: [] }), undefined);
  });

  it("offers paths of the repository and what env= gives, and leads to it", async () => {
    process.env.PATH = makeFolder();
    const { ask, uri } = await start();
    const paths = await ask<CompletionItem[]>("completion", "./li");
    assert.deepEqual(
      paths.map((each) => each.label),
      ["lib/", "lint.sh", "release.ocu.star", "repo.ocu.star"],
    );
    assert.equal(await ask("definition", "$IM"), null);
    const whole = text.replace("$IM", "$IMAGE");
    await (client as TestClient).change(uri, whole);
    const position = { line: 1, character: (whole.split("\n")[1] ?? "").indexOf("$IMAGE") + 3 };
    const params = { textDocument: { uri }, position };
    const found = await (client as TestClient).connection.sendRequest<Location[]>("textDocument/definition", params);
    assert.deepEqual(found[0]?.range.start, { line: 1, character: (whole.split("\n")[1] ?? "").indexOf('"IMAGE"') });
    const hover = await (client as TestClient).connection.sendRequest<Hover>("textDocument/hover", params);
    assert.match((hover.contents as { value: string }).value, /Variable `IMAGE` of the command.*"a" \+ "b"/s);
  });
});
