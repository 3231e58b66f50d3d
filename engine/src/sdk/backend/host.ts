import { resolve } from "node:path";
import { bytesOf, Dict, List, Struct, textOf, type Value } from "@ocuroot/starlark";
import { toStringRecord } from "../convert.ts";
import { SdkFailure } from "../failure.ts";
import type { ShellResult } from "../host.ts";
import type { SdkCall, SdkImplementation, SdkImplementations } from "./call.ts";

/** `host.*` and its bare names. */

function shell({ fn, args, session }: SdkCall): Value {
  const command = textOf(args.need("command") as string);
  const mute = args.get("mute") === true;
  const result = callHost(() =>
    session.host.shell({
      command,
      shell: text(args.get("shell"), "sh"),
      dir: resolve(session.folder, text(args.get("dir"), ".")),
      env: toStringRecord(args.get("env"), `${fn.name}: env`),
      mute,
    }),
  );
  if (result.exitCode !== 0 && args.get("continue_on_error") !== true) {
    throw new SdkFailure("host/shell", describeFailure(command, mute, result));
  }
  return new Struct([
    ["stdout", bytesOf(result.stdout)],
    ["stderr", bytesOf(result.stderr)],
    ["combined_output", bytesOf(result.combinedOutput)],
    ["exit_code", result.exitCode],
  ]);
}

/**
 * The command and how it ended, then, on a line of its own, the last thing it said. What a muted command writes to stdout
 * is its result, a token perhaps, that nobody is to see.
 */
function describeFailure(command: string, mute: boolean, result: ShellResult): string {
  const [first = "", ...more] = command.trim().split("\n");
  const end = result.signal === undefined ? `exit status ${result.exitCode}` : `ended by ${result.signal}`;
  const said = lastLine(result.stderr) ?? (mute ? undefined : lastLine(result.stdout));
  return `${first}${more.length > 0 ? " …" : ""}: ${end}${said === undefined ? "" : `\n${said}`}`;
}

function lastLine(output: string): string | undefined {
  return output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .findLast((line) => line !== "");
}

function readFile({ args, session }: SdkCall): Value {
  const path = resolve(session.folder, textOf(args.need("path") as string));
  return Buffer.from(callHost(() => session.host.readFile(path))).toString("latin1");
}

function writeFile({ args, session }: SdkCall): Value {
  const path = resolve(session.folder, textOf(args.need("path") as string));
  callHost(() => session.host.writeFile(path, Buffer.from(args.need("content") as string, "latin1")));
  return null;
}

function readDir({ args, session }: SdkCall): Value {
  const path = resolve(session.folder, textOf(args.need("path") as string));
  const names = callHost(() => session.host.readDir(path)).map(bytesOf);
  return new List(names.sort());
}

function isDir({ args, session }: SdkCall): Value {
  const path = resolve(session.folder, textOf(args.need("path") as string));
  return callHost(() => session.host.isDir(path));
}

const os: SdkImplementation = ({ session }) => bytesOf(callHost(() => session.host.os()));
const arch: SdkImplementation = ({ session }) => bytesOf(callHost(() => session.host.arch()));
const pwd: SdkImplementation = ({ session }) => bytesOf(session.folder);

function env({ session }: SdkCall): Value {
  const variables = callHost(() => session.host.env());
  return Dict.from(Object.entries(variables).map(([name, value]) => [bytesOf(name), bytesOf(value)] as const));
}

function text(value: Value | undefined, otherwise: string): string {
  return value === undefined ? otherwise : textOf(value as string);
}

/** Calls the host; what it could not do fails the call in the user's file. */
export function callHost<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof SdkFailure || !(error instanceof Error)) throw error;
    const code = error.name === "InterruptedError" ? "host/interrupted" : "host/failed";
    throw new SdkFailure(code, error.message, [], error);
  }
}

export const hostImplementations: SdkImplementations = {
  "host.shell": shell,
  "host.os": os,
  "host.arch": arch,
  "host.env": env,
  "host.pwd": pwd,
  "host.read_file": readFile,
  "host.write_file": writeFile,
  "host.read_dir": readDir,
  "host.is_dir": isDir,
  "host.read": readFile,
  "host.write": writeFile,
  shell,
  os,
  arch,
  env,
  pwd,
  read: readFile,
  write: writeFile,
  read_dir: readDir,
  is_dir: isDir,
};
