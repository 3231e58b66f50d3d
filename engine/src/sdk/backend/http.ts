import { STATUS_CODES } from "node:http";
import { bytesOf, Dict, List, Struct, textOf, type Value } from "@ocuroot/starlark";
import { toStringRecord } from "../convert.ts";
import type { HttpRequest } from "../host.ts";
import type { SdkCall, SdkImplementation, SdkImplementations } from "./call.ts";
import { callHost } from "./host.ts";

/** `http.*`. */

function request(method: HttpRequest["method"]): SdkImplementation {
  return ({ fn, args, session }: SdkCall): Value => {
    const body = args.get("body") as string | undefined;
    const response = callHost(() =>
      session.host.http({
        method,
        url: textOf(args.need("url") as string),
        headers: toStringRecord(args.get("headers"), `${fn.name}: headers`),
        body: Buffer.from(body ?? "", "latin1"),
      }),
    );
    const headers = Object.entries(response.headers).map(
      ([name, values]) => [bytesOf(canonicalName(name)), new List(values.map(bytesOf))] as const,
    );
    return new Struct([
      ["status_code", response.statusCode],
      ["status_text", bytesOf(response.statusText || (STATUS_CODES[response.statusCode] ?? ""))],
      ["headers", Dict.from(headers)],
      ["body", Buffer.from(response.body).toString("latin1")],
    ]);
  };
}

/** `content-type` as `Content-Type`: the spelling that scripts written for Go look up. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

export const httpImplementations: SdkImplementations = {
  "http.get": request("GET"),
  "http.head": request("HEAD"),
  "http.delete": request("DELETE"),
  "http.post": request("POST"),
  "http.put": request("PUT"),
  "http.patch": request("PATCH"),
};
