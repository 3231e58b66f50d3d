import type { Span } from "@ocuroot/starlark";
import type { FileView } from "../snapshot.ts";
import { argumentOf, type SdkCall } from "./calls.ts";
import { joinPath } from "./loads.ts";
import { decodeString, spanInString } from "./strings.ts";
import { unwrap } from "./values.ts";

/** The relative script that a shell command starts with. */
export interface Script {
  /** As written. */
  readonly text: string;
  /** From the repository's root. */
  readonly path: string;
  readonly span: Span;
}

/** Finds `./deploy.sh` in `host.shell("./deploy.sh {}".format(x))`; undefined when the command starts otherwise. */
export function findScript(view: FileView, call: SdkCall): Script | undefined {
  if (call.entry.name !== "host.shell" && call.entry.name !== "shell") return undefined;
  // In another folder the same words mean another file; a module's commands run in the folder of whoever loads it.
  if (view.role !== "package" || view.path === undefined || call.bound.has("dir") || call.hasSpread) return undefined;
  let command = argumentOf(call, "command");
  if (command === undefined) return undefined;
  command = unwrap(command);
  if (
    command.kind === "CallExpression" &&
    command.callee.kind === "DotExpression" &&
    command.callee.name.name === "format"
  ) {
    command = unwrap(command.callee.object);
  }
  if (command.kind !== "StringLiteral") return undefined;
  const decoded = decodeString(view.source, command);
  const match = /^\s*(\.{1,2}\/[\w./-]+)(?=\s|$)/.exec(decoded.text);
  const path = match?.[1] === undefined ? undefined : joinPath(view.path, match[1]);
  if (match?.[1] === undefined || path === undefined) return undefined;
  const start = match[0].length - match[1].length;
  return { text: match[1], path, span: spanInString(decoded, start, start + match[1].length) };
}
