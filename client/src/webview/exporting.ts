import type { PhaseGraph } from "@ocuroot/server/protocol";
import { type SvgTheme, toMermaid, toSvg } from "../phases/export.ts";
import { send } from "./host.ts";

/** Makes the drawing and hands it to the extension, which asks where to keep it. */
export async function exportGraph(graph: PhaseGraph, format: "svg" | "png" | "mermaid"): Promise<void> {
  if (format === "mermaid") return send({ type: "save", format, data: toMermaid(graph) });
  const svg = toSvg(graph, currentTheme());
  send({ type: "save", format, data: format === "svg" ? svg : await rasterize(svg) });
}

/** Twice the size, for screens with fine pixels. Base64 without the data URL's head. */
async function rasterize(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png").replace(/^[^,]*,/, "");
}

function currentTheme(): SvgTheme {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string, other: string) => style.getPropertyValue(`--vscode-${name}`).trim() || other;
  return {
    background: value("editor-background", "#ffffff"),
    card: value("editorWidget-background", "#f3f3f3"),
    border: value("contrastBorder", value("editorWidget-border", "#c8c8c8")),
    text: value("foreground", "#3b3b3b"),
    dim: value("descriptionForeground", "#717171"),
    font: value("font-family", "sans-serif"),
  };
}
