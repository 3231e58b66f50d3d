import { createParser, type Parser } from "@ocuroot/starlark";
import { readParserAssets } from "../host/assets.ts";

let parser: Promise<Parser> | undefined;

/** The parser of this process, made when it is first needed. */
export function openParser(): Promise<Parser> {
  parser ??= createParser(readParserAssets());
  return parser as Promise<Parser>;
}
