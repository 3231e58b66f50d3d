import {
  type Connection,
  createConnection,
  createServerPipeTransport,
  createServerSocketTransport,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  ProposedFeatures,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { collectAtRest } from "../heap.ts";
import { Gate } from "./gate.ts";
import { Lifetime } from "./lifetime.ts";
import { StreamReader } from "./streamReader.ts";

/** Where messages come from and go to. */
export interface Transport {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/** A connection over a transport, behind the gate that keeps the protocol's order. */
export function connect({ reader, writer }: Transport): Connection {
  return createConnection(ProposedFeatures.all, new Gate(reader, writer), writer);
}

/** The same for a process that serves one client: it ends when the client is gone, whichever way. */
export function connectProcess({ reader, writer }: Transport): Connection {
  const lifetime: Lifetime = new Lifetime(() => (gate.isShutDown ? 0 : 1));
  const gate = new Gate(reader, writer, lifetime);
  const end = (): void => lifetime.end();
  reader.onClose(end);
  writer.onClose(end);
  writer.onError(end);
  process.on("disconnect", end);
  collectAtRest(() => gate.messages);
  return createConnection(ProposedFeatures.all, gate, writer);
}

/** The transport that the command line names; stdio when it names none, so that the server can be started by hand. */
export function openTransport(args: readonly string[]): Transport {
  if (args.includes("--node-ipc")) {
    return { reader: new IPCMessageReader(process), writer: new IPCMessageWriter(process) };
  }
  const socket = Number(valueOf(args, "--socket"));
  if (socket > 0) return pairOf(createServerSocketTransport(socket));
  const pipe = valueOf(args, "--pipe");
  if (pipe !== undefined) return pairOf(createServerPipeTransport(pipe));
  return { reader: new StreamReader(process.stdin), writer: new StreamMessageWriter(process.stdout) };
}

function pairOf([reader, writer]: [MessageReader, MessageWriter]): Transport {
  return { reader, writer };
}

/** `--name=value` or `--name value`. */
function valueOf(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((each) => each === name || each.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1);
}
