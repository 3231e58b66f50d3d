import type { PackageModel } from "../model/package.ts";
import { formatDot } from "./dot.ts";
import { formatJson } from "./json.ts";
import { formatMermaid } from "./mermaid.ts";
import { formatSvg } from "./svg.ts";
import { formatText } from "./text.ts";

/** What `ocuroot preview --format` knows. */
export const previewFormats = ["text", "json", "mermaid", "dot", "svg"] as const;

export type PreviewFormat = (typeof previewFormats)[number];

/** The phase graph of a package file, with a line end at its end. */
export function formatPreview(model: PackageModel, format: PreviewFormat): string {
  switch (format) {
    case "text":
      return formatText(model);
    case "json":
      return formatJson(model);
    case "mermaid":
      return formatMermaid(model);
    case "dot":
      return formatDot(model);
    case "svg":
      return formatSvg(model);
  }
}
