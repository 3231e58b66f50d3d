import type { TextEdit } from "vscode-languageserver-types";
import type { Snapshot } from "../analysis/snapshot.ts";
import { formatFile } from "../format/formatFile.ts";
import { rangeOf } from "../text/convert.ts";

/** Lays the whole file out. */
export function doFormat({ file }: Snapshot): TextEdit[] {
  return formatFile(file).map(({ span, text }) => ({ range: rangeOf(file.source, span), newText: text }));
}
