/** A server of the Model Context Protocol: tools only, read-only. */
import type { JsonValue } from "../json/json.ts";
import { parseJson } from "../json/jsonText.ts";
import { codes, isObject, type JsonObject, RpcConnection, RpcError } from "./rpc.ts";
import { checkArguments } from "./schema.ts";
import { type Answer, type CommandCall, type Tool, tools } from "./tools.ts";

/** Newest first. */
const protocolVersions = ["2025-06-18", "2025-03-26", "2024-11-05"];

/** Longer answers are cut: an assistant has to read them. Characters. */
const longestAnswer = 200_000;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface McpOptions {
  /** Of `ocuroot`. */
  readonly version: string;
  /** Runs a command that changes nothing; what it prints has its secrets masked. */
  run(call: CommandCall): Promise<CommandResult>;
  send(line: string): void;
  onError(error: unknown): void;
}

const instructions = `Ocuroot releases what package files (*.ocu.star) declare, and keeps what is in state: JSON documents addressed by refs. A ref is written FILE/@RELEASE/KIND/NAME#FIELD, such as frontend/release.ocu.star/@r8/deploy/eu#output/url; without a release (FILE/@/...) it means the most recent one. To find out why a release failed: release_list, then release_show, then release_logs. These tools only look; releases are started, retried and approved by people with the ocuroot command.`;

export function createMcpServer(options: McpOptions): RpcConnection {
  const connection: RpcConnection = new RpcConnection({
    request: (method, params) => answer(method, params, options),
    notify: (method, params) => {
      if (method === "notifications/cancelled") connection.cancel(params.requestId);
    },
    send: options.send,
    onError: options.onError,
  });
  return connection;
}

async function answer(method: string, params: JsonObject, options: McpOptions): Promise<JsonObject> {
  switch (method) {
    case "initialize":
      return initialize(params, options);
    case "ping":
      return {};
    case "tools/list":
      if (params.cursor !== undefined) throw new RpcError(codes.invalidParams, "there is one page of tools only");
      return { tools: tools.map(description) };
    case "tools/call":
      return await call(params, options);
    default:
      throw new RpcError(codes.unknownMethod, `there is no method ${method}`);
  }
}

function initialize({ protocolVersion }: JsonObject, { version }: McpOptions): JsonObject {
  if (typeof protocolVersion !== "string") {
    throw new RpcError(codes.invalidParams, "initialize needs a protocolVersion");
  }
  const agreed = protocolVersions.includes(protocolVersion) ? protocolVersion : (protocolVersions[0] as string);
  return {
    protocolVersion: agreed,
    capabilities: { tools: {} },
    serverInfo: { name: "ocuroot", title: "Ocuroot", version },
    instructions,
  };
}

function description({ name, title, description, inputSchema }: Tool): JsonObject {
  const annotations = {
    title,
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  };
  return { name, title, description, inputSchema: inputSchema as unknown as JsonValue, annotations };
}

async function call({ name, arguments: given }: JsonObject, options: McpOptions): Promise<JsonObject> {
  const args = given ?? {};
  const tool = tools.find((each) => each.name === name);
  if (!tool) throw new RpcError(codes.invalidParams, `there is no tool ${JSON.stringify(name)}`);
  if (!isObject(args)) throw new RpcError(codes.invalidParams, "arguments must be an object");
  const problem = checkArguments(tool.inputSchema, args);
  if (problem !== undefined) throw new RpcError(codes.invalidParams, `${tool.name}: ${problem}`);
  const asked = tool.run(args);
  return "argv" in asked ? resultOf(asked, await options.run(asked)) : textResult(asked);
}

function resultOf(call: CommandCall, { code, stdout, stderr }: CommandResult): JsonObject {
  const isRefused = code !== 0 && !(call.mayFail && stdout !== "");
  if (isRefused) return textResult({ text: (stderr || stdout).trim(), isError: true });
  if (call.output === "text") return call.keep ? keptLines(call, stdout) : textResult({ text: stdout });
  if (call.output === "lines") {
    const values = stdout.split("\n").filter((line) => line !== "");
    return structured({ [call.name ?? "values"]: values.map((line) => parseJson(line) as JsonValue) });
  }
  const value = parseJson(stdout) as JsonValue;
  return structured(isObject(value) ? value : { value });
}

function keptLines({ keep, name = "lines" }: CommandCall, stdout: string): JsonObject {
  const lines = stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
  const { count, from } = keep ?? { count: lines.length, from: "start" };
  const kept = from === "start" ? lines.slice(0, count) : lines.slice(-count);
  const left = lines.length - kept.length;
  const note = left === 0 ? [] : [`(${left} ${from === "start" ? "more" : "earlier"} left out)`];
  const text = from === "start" ? [...kept, ...note] : [...note, ...kept];
  return { ...textResult({ text: text.join("\n") }), structuredContent: { [name]: kept, leftOut: left } };
}

/** The value, and its text for those who read text only. */
function structured(value: JsonObject): JsonObject {
  const text = JSON.stringify(value, safeNumber, 2);
  if (text.length > longestAnswer) return textResult({ text });
  return { ...textResult({ text }), structuredContent: JSON.parse(JSON.stringify(value, safeNumber)) as JsonObject };
}

/** JSON of this protocol has no integers beyond those of JavaScript: they are given as text. */
function safeNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function textResult({ text, isError = false }: Answer): JsonObject {
  const shown =
    text.length > longestAnswer
      ? `${text.slice(0, longestAnswer)}\n(cut: the whole has ${text.length} characters)`
      : text;
  return { content: [{ type: "text", text: shown }], isError };
}
