import type { TextEdit } from "vscode-languageserver-types";
import { rangeOf } from "../convert.ts";
import { formatFile } from "../format/formatFile.ts";
import type { Snapshot } from "../snapshot.ts";

/** Lays the whole file out. */
export function doFormat({ file }: Snapshot): TextEdit[] {
  return formatFile(file).map(({ span, text }) => ({ range: rangeOf(file.source, span), newText: text }));
}
