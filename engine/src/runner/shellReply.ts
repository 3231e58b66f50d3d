/** The result of a command on its way to a worker: what both streams said together is left out where one of them said it all. */
import type { ShellResult } from "../sdk/host.ts";

export type ShellReply = Omit<ShellResult, "combinedOutput"> & { readonly combinedOutput?: string };

export function shellReply(result: ShellResult): ShellReply {
  const { combinedOutput, ...rest } = result;
  return combinedOutput === rest.stdout || combinedOutput === rest.stderr ? rest : result;
}

export function shellResult(reply: ShellReply): ShellResult {
  return { ...reply, combinedOutput: reply.combinedOutput ?? (reply.stdout || reply.stderr) };
}
