import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { checkArguments } from "../../src/mcp/schema.ts";
import { tools } from "../../src/mcp/tools.ts";
import { Sandbox } from "./sandbox.ts";

interface Message {
  readonly jsonrpc: string;
  readonly id: string | number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
}

const hello = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

describe("ocuroot mcp", () => {
  let sandbox: Sandbox;

  /** Sends lines, and gives back all that stdout had: every line of it must be a message. */
  const talk = async (...lines: unknown[]) => {
    const stdin = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const { code, stdout, stderr } = await sandbox.run(["mcp"], { stdin: `${stdin}\n` });
    assert.equal(code, 0, stderr);
    return stdout === ""
      ? []
      : stdout
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Message);
  };
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const request = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } };
    const [answer] = await talk(request);
    assert.deepEqual([answer?.jsonrpc, answer?.id], ["2.0", 1]);
    const result = answer?.result as unknown as ToolResult;
    assert.ok(result, JSON.stringify(answer));
    assert.equal(result.content.length, 1);
    assert.equal(result.content[0]?.type, "text");
    return { ...result, text: result.content[0]?.text ?? "", isError: result.isError === true };
  };
  const documents = async () => (await sandbox.ok(["state", "match"])).stdout;

  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("demo")\nsecret("hunter22")\n',
      "environments.ocu.star": 'register_environment(environment("eu"))\n',
      "release.ocu.star": `
def build(ctx):
    print("building")
    host.shell("for i in 1 2 3; do echo line $i; done")
    return done(outputs={"tag": "v1", "note": "hunter22", "big": 12345678901234567890})
def up(ctx):
    fail("quota exceeded")
def down(ctx):
    return done()
task(build, name="build")
phase("live", work=[deploy(e, up, down) for e in environments()])
`,
      "broken.ocu.star": "def build(ctx):\n    return don()\n",
    });
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
    assert.equal((await sandbox.run(["release", "new", "release.ocu.star"])).code, 1);
  });
  after(() => sandbox.remove());

  it("agrees on a version of the protocol, and says what it is", async () => {
    const [answer] = await talk(hello);
    assert.equal(answer?.id, 0);
    assert.equal(answer?.result?.protocolVersion, "2025-06-18");
    assert.deepEqual(answer?.result?.capabilities, { tools: {} });
    assert.deepEqual(Object.keys(answer?.result?.serverInfo as object), ["name", "title", "version"]);
    const older = { ...hello, params: { ...hello.params, protocolVersion: "2024-11-05" } };
    assert.equal((await talk(older))[0]?.result?.protocolVersion, "2024-11-05");
    const unknown = { ...hello, params: { ...hello.params, protocolVersion: "1999-01-01" } };
    assert.equal((await talk(unknown))[0]?.result?.protocolVersion, "2025-06-18");
  });

  it("lists tools that only look, each with a schema of its arguments", async () => {
    const [answer] = await talk({ jsonrpc: "2.0", id: "a", method: "tools/list" });
    const listed = answer?.result?.tools as { name: string; inputSchema: { type: string }; annotations: object }[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      [
        "preview",
        "lint",
        "state_get",
        "state_match",
        "release_list",
        "release_show",
        "release_logs",
        "sdk_documentation",
      ],
    );
    for (const tool of listed) {
      assert.match(tool.name, /^[a-zA-Z0-9_-]{1,64}$/);
      assert.equal(tool.inputSchema.type, "object");
      assert.equal((tool.annotations as { readOnlyHint: boolean }).readOnlyHint, true);
    }
  });

  it("shows phases and problems of files", async () => {
    assert.match((await call("preview", { file: "release.ocu.star" })).text, /task build\n[\s\S]*deploy eu/);
    const graph = await call("preview", { file: "release.ocu.star", format: "json" });
    assert.equal((graph.structuredContent as { file: string }).file, "release.ocu.star");
    const lint = await call("lint", { file: "broken.ocu.star" });
    assert.equal(lint.isError, false);
    const { problems } = lint.structuredContent as { problems: { message: string; position: object }[] };
    assert.match(problems[0]?.message ?? "", /`don` is not defined; did you mean `done`\?/);
    assert.deepEqual(problems[0]?.position, { file: "broken.ocu.star", line: 2, column: 12 });
  });

  it("reads state, with secrets masked and numbers as they are", async () => {
    const tag = await call("state_get", { ref: "release.ocu.star/@/task/build#output/tag" });
    assert.deepEqual(tag.structuredContent, { value: "v1" });
    const output = await call("state_get", { ref: "release.ocu.star/@/task/build#output" });
    assert.deepEqual(output.structuredContent, { tag: "v1", note: "<secret>", big: "12345678901234567890" });
    const found = await call("state_match", { glob: "@/environment/*" });
    assert.deepEqual(found.structuredContent, { refs: ["@/environment/eu"], leftOut: 0 });
    const some = await call("state_match", { limit: 2 });
    assert.match(some.text, /^\S+\n\S+\n\(\d+ more left out\)$/);
  });

  it("tells what failed and why", async () => {
    const { structuredContent } = await call("release_list");
    const releases = structuredContent?.releases as { ref: string; status: string }[];
    assert.ok(releases.some(({ ref, status }) => ref === "demo/-/release.ocu.star/@r1" && status === "failed"));
    assert.match((await call("release_show", { release: "release.ocu.star" })).text, /quota exceeded/);
    const logs = await call("release_logs", { ref: "release.ocu.star/@r1/task/build", lines: 2 });
    assert.match(logs.text, /^\(\d+ earlier left out\)\nline 2\nline 3$/);
  });

  it("documents the SDK", async () => {
    assert.match((await call("sdk_documentation")).text, /^SDK 0\.3\.0\n[\s\S]*deploy\(environment, up, down/);
    assert.match((await call("sdk_documentation", { name: "host.shell" })).text, /continue_on_error/);
    assert.match((await call("sdk_documentation", { name: "host" })).text, /- `host\.shell\(/);
    assert.match((await call("sdk_documentation", { name: "all" })).text, /^# SDK 0\.3\.0/);
    const wrong = await call("sdk_documentation", { name: "deplo" });
    assert.deepEqual([wrong.isError, wrong.text], [true, "the SDK has no deplo; did you mean deploy?"]);
    assert.equal((await call("sdk_documentation", { version: "9.9.9" })).isError, true);
  });

  it("says what is wrong: in the result what a command refuses, as errors of the protocol what was asked wrongly", async () => {
    const missing = await call("state_get", { ref: "release.ocu.star/@/task/biuld" });
    assert.deepEqual([missing.isError, /did you mean .*task\/build/.test(missing.text)], [true, true]);
    assert.match((await call("preview", { file: "nothing.ocu.star" })).text, /there is no file nothing\.ocu\.star/);
    assert.deepEqual(await errorOf("tools/call", { name: "state_set", arguments: {} }), -32_602);
    assert.deepEqual(await errorOf("tools/call", { name: "lint", arguments: {} }), -32_602);
    assert.deepEqual(await errorOf("tools/call", { name: "lint", arguments: { file: 1 } }), -32_602);
    assert.deepEqual(await errorOf("tools/call", { name: "lint", arguments: { file: "a", force: true } }), -32_602);
    assert.deepEqual(await errorOf("state/set", {}), -32_601);
    assert.deepEqual(await errorOf("initialize", {}), -32_602);
  });
  const errorOf = async (method: string, params: object) => {
    const [answer] = await talk({ jsonrpc: "2.0", id: 1, method, params });
    return answer?.error?.code;
  };

  it("takes no argument for an option of the command", async () => {
    const before = await documents();
    for (const [name, args] of [
      ["lint", { file: "--json" }],
      ["preview", { file: "--serve" }],
      ["state_get", { ref: "-C/" }],
      ["release_logs", { ref: "--follow" }],
    ] as const) {
      const { isError, text } = await call(name, args);
      assert.equal(isError, true, `${name}: ${text}`);
    }
    assert.equal(await documents(), before);
  });

  it("runs nothing to check a file, not even the commands of repo.ocu.star", async () => {
    const other = Sandbox.create({
      "repo.ocu.star": 'repo_alias("r")\nhost.shell("touch ran")\n',
      "release.ocu.star": 'host.shell("touch ran")\ndef f(ctx):\n    pass\ntask(f, name="f")\n',
    });
    for (const name of ["lint", "preview"]) {
      const params = { name, arguments: { file: "release.ocu.star" } };
      const stdin = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params })}\n`;
      const { stdout } = await other.run(["mcp"], { stdin });
      assert.match(stdout, /"isError":false/);
    }
    assert.equal(other.git("status", "--porcelain"), "");
    other.remove();
  });

  it("changes nothing", async () => {
    const before = await documents();
    const status = sandbox.git("status", "--porcelain");
    await call("lint", { file: "release.ocu.star" });
    await call("release_list");
    assert.equal(await documents(), before);
    assert.equal(sandbox.git("status", "--porcelain"), status);
  });

  it("answers whatever comes: broken lines, foreign messages, batches, notifications, answers to nothing", async () => {
    const answers = await talk(
      "{",
      "",
      "[]",
      "3",
      { jsonrpc: "1.0", id: 1, method: "ping" },
      { jsonrpc: "2.0", id: 2 },
      { jsonrpc: "2.0", id: null, method: "ping" },
      { jsonrpc: "2.0", id: 4, method: "ping", params: [] },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", method: "no/such/notification", params: 3 },
      { jsonrpc: "2.0", id: 9, result: {} },
      { jsonrpc: "2.0", id: 5, method: "ping" },
      [
        { jsonrpc: "2.0", id: 6, method: "ping" },
        { jsonrpc: "2.0", method: "notifications/initialized" },
        { jsonrpc: "2.0", id: 7, method: "nothing" },
      ],
    );
    const batch = answers.find((answer) => Array.isArray(answer)) as unknown as Message[];
    assert.deepEqual(
      batch.map(({ id, error }) => `${id} ${error?.code}`),
      ["6 undefined", "7 -32601"],
    );
    const single = answers.filter((answer) => !Array.isArray(answer)).map(({ id, error }) => `${id} ${error?.code}`);
    assert.deepEqual(single.sort(), [
      "1 -32600",
      "2 -32600",
      "4 -32602",
      "5 undefined",
      "null -32600",
      "null -32600",
      "null -32600",
      "null -32700",
    ]);
  });

  it("gives no answer to what was cancelled", async () => {
    const slow = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "release_list" } };
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    const answers = await talk(slow, cancel, { jsonrpc: "2.0", id: 2, method: "ping" });
    assert.deepEqual(
      answers.map(({ id }) => id),
      [2],
    );
  });

  it("works as a process of its own, with one message a line, and ends with its input", async function () {
    this.timeout(30_000);
    const child = sandbox.spawn(["mcp"]);
    assert.ok(child.stdin && child.stdout);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (message: object) => {
      child.stdin?.write(`${JSON.stringify(message)}\n`);
      return JSON.parse((await lines.next()).value as string) as Message;
    };
    assert.equal((await ask(hello)).id, 0);
    const shown = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "preview", arguments: { file: "release.ocu.star" } },
    };
    assert.match(JSON.stringify((await ask(shown)).result), /task build/);
    child.stdin.end();
    const [code] = await once(child, "exit");
    assert.equal(code, 0);
    assert.equal((await lines.next()).done, true);
  });
});

describe("arguments of tools", () => {
  it("are checked against their schemas", () => {
    const schema = tools.find(({ name }) => name === "release_list")?.inputSchema;
    assert.ok(schema);
    assert.equal(checkArguments(schema, {}), undefined);
    assert.equal(checkArguments(schema, { file: "a", limit: 3 }), undefined);
    assert.match(checkArguments(schema, { limit: 0 }) ?? "", /"limit" must be from 1 to 10000/);
    assert.match(checkArguments(schema, { limit: 1.5 }) ?? "", /"limit" must be a whole number/);
    assert.match(checkArguments(schema, { toString: 1 }) ?? "", /there is no argument "toString"; known: file, limit/);
  });
});
