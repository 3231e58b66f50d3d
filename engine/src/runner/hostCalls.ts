import type { NodeHost } from "../host/nodeHost.ts";
import type { HttpRequest, ShellRequest } from "../sdk/host.ts";
import type { SecretMask } from "../secrets.ts";
import type { CommandListener, LineListener } from "./caller.ts";
import { shellReply } from "./shellReply.ts";
import type { CallHandler } from "./thread.ts";

/** What the main thread does for a worker that runs Starlark. */
export function hostCalls(
  host: NodeHost,
  secrets: SecretMask,
  onLine: LineListener,
  onCommand?: CommandListener,
): CallHandler {
  const onStart = onCommand && ((pid: number, command: string) => onCommand(pid, secrets.mask(command)));
  const line: LineListener = (stream, text, position) => onLine(stream, secrets.mask(text), position);
  return (method, args) => {
    switch (method) {
      case "print":
        return line("print", args[0] as string, args[1] as string | undefined);
      case "secret":
        return void secrets.register(args[0] as string);
      case "shell":
        return host
          .shell(args[0] as ShellRequest, (stream, text) => line(stream, text, args[1] as string | undefined), onStart)
          .then(shellReply);
      case "http":
        return host.http(args[0] as HttpRequest);
      case "readFile":
        return host.readFile(args[0] as string);
      case "writeFile":
        return host.writeFile(args[0] as string, args[1] as Uint8Array);
      case "readDir":
        return host.readDir(args[0] as string);
      case "isDir":
        return host.isDir(args[0] as string);
      case "env":
        return host.env();
      case "os":
        return host.os();
      case "arch":
        return host.arch();
      default:
        throw new Error(`a worker asked for ${method}, which nobody does`);
    }
  };
}
