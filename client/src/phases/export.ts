import type { GraphCard, PhaseGraph } from "@ocuroot/server/protocol";
import { shorten } from "../model/format.ts";
import { lookOf } from "../model/status.ts";
import { cardNews, findEdges } from "./graphModel.ts";
import { routeAround } from "./routes.ts";

/** The graph as Mermaid: a subgraph for each phase, arrows for inputs and from phase to phase. */
export function toMermaid(graph: PhaseGraph): string {
  const ids = new Map(graph.phases.flatMap((phase) => phase.cards).map((card, index) => [card.id, `w${index}`]));
  const lines = ["flowchart LR"];
  graph.phases.forEach((phase, index) => {
    lines.push(`  subgraph p${index}["${mermaidText(phase.name || " ")}"]`);
    for (const card of phase.cards) {
      const [open, close] = card.kind === "deploy" ? ["([", "])"] : ["[", "]"];
      lines.push(`    ${ids.get(card.id)}${open}"${mermaidText(cardTitle(card))}"${close}`);
    }
    lines.push("  end");
  });
  for (let index = 1; index < graph.phases.length; index++) lines.push(`  p${index - 1} --> p${index}`);
  for (const edge of findEdges(graph))
    lines.push(`  ${ids.get(edge.from)} -. "${mermaidText(edge.input)}" .-> ${ids.get(edge.to)}`);
  return `${lines.join("\n")}\n`;
}

function cardTitle(card: GraphCard): string {
  return card.status ? `${card.title} (${lookOf(card.status).word})` : card.title;
}

function mermaidText(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[#"<>&|`\\]/g, (character) => `#${character.charCodeAt(0)};`);
}

/** Colours and font of a drawing: CSS values. */
export interface SvgTheme {
  readonly background: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly dim: string;
  readonly font: string;
}

const cardWidth = 220;
const cardHeight = 56;
const columnGap = 48;
const rowGap = 12;
const margin = 24;
const header = 28;

/**
 * The graph as a drawing that stands alone: every card with its status, every edge, the theme's colours. What `ocuroot preview`
 * draws is the file alone, without a release and for any theme.
 */
export function toSvg(graph: PhaseGraph, theme: SvgTheme): string {
  const places = new Map<string, { x: number; y: number }>();
  graph.phases.forEach((phase, column) => {
    phase.cards.forEach((card, row) => {
      places.set(card.id, {
        x: margin + column * (cardWidth + columnGap),
        y: margin + header + row * (cardHeight + rowGap),
      });
    });
  });
  const rows = Math.max(1, ...graph.phases.map((phase) => phase.cards.length));
  const width = margin * 2 + Math.max(1, graph.phases.length) * (cardWidth + columnGap) - columnGap;
  const height = margin * 2 + header + rows * (cardHeight + rowGap) - rowGap;
  const headers = graph.phases.map((phase, column) => {
    const x = margin + column * (cardWidth + columnGap);
    return `<text x="${x}" y="${margin + 12}" fill="${theme.dim}" font-weight="600">${xml(phase.name)}</text>`;
  });
  const lanes = new Map([...places.keys()].map((card, index) => [card, index]));
  const edges = findEdges(graph).map(({ from, to, blocked }) =>
    edgePath(places.get(from)!, places.get(to)!, lanes.get(from)!, blocked, theme),
  );
  const cards = graph.phases
    .flatMap((phase) => phase.cards)
    .map((card) => cardShape(card, places.get(card.id)!, theme));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xml(theme.font)}" font-size="12">`,
    `<rect width="100%" height="100%" fill="${theme.background}"/>`,
    ...headers,
    ...edges,
    ...cards,
    "</svg>",
    "",
  ].join("\n");
}

function edgePath(
  from: { x: number; y: number },
  to: { x: number; y: number },
  lane: number,
  blocked: boolean,
  theme: SvgTheme,
): string {
  const box = ({ x, y }: { x: number; y: number }) => ({ left: x, right: x + cardWidth, middle: y + cardHeight / 2 });
  const dash = blocked ? ' stroke-dasharray="4 3"' : "";
  const way = routeAround(box(from), box(to), lane, { gap: columnGap, channel: margin + header - 6 });
  return `<path d="${way}" fill="none" stroke="${theme.dim}"${dash}/>`;
}

function cardShape(card: GraphCard, { x, y }: { x: number; y: number }, theme: SvgTheme): string {
  const radius = card.kind === "deploy" ? 12 : 3;
  const status = card.status ? lookOf(card.status).word : "";
  const news = shorten(cardNews(card), 34);
  return [
    `<g><title>${xml(`${card.kind} ${card.title}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${cardWidth}" height="${cardHeight}" rx="${radius}" fill="${theme.card}" stroke="${theme.border}"/>`,
    `<text x="${x + 12}" y="${y + 22}" fill="${theme.text}" font-weight="600">${xml(shorten(card.title, 22))}</text>`,
    `<text x="${x + cardWidth - 12}" y="${y + 22}" fill="${theme.dim}" text-anchor="end">${xml(status)}</text>`,
    `<text x="${x + 12}" y="${y + 42}" fill="${theme.dim}">${xml(news)}</text></g>`,
  ].join("");
}

/** XML 1.0 has no place for control characters, not even as references. */
function xml(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "�")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
