import type { PackageModel } from "../model/package.ts";
import { describeWork, type InputDescription, phaseTitle, type WorkDescription } from "./describe.ts";

/** Sizes in pixels. */
const margin = 24;
const columnGap = 56;
const cardGap = 12;
const cardPadding = 12;
const lineHeight = 18;
const headerHeight = 34;
const smallestWidth = 140;
const largestWidth = 340;
/** Width of an average character of the two fonts; text that is longer than its card is cut. */
const titleCharacter = 8.2;
const inputCharacter = 6;

interface Card {
  readonly work: WorkDescription;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Column {
  readonly title: string;
  readonly x: number;
  readonly width: number;
  readonly cards: readonly Card[];
}

/** A picture that stands alone: one column for each phase, one card for each piece of work, a curve for each input. */
export function formatSvg(model: PackageModel): string {
  const { width, height, elements } = drawGraph(model);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(`Phases of ${model.file}`)}</title>`,
    style,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...elements,
    "</svg>",
  ].join("\n")}\n`;
}

/** What a picture of the graph is made of, for those who have a style of their own for its classes. */
export function drawGraph(model: PackageModel): {
  readonly width: number;
  readonly height: number;
  readonly elements: readonly string[];
} {
  const columns = layOut(model);
  const last = columns.at(-1);
  const width = last ? last.x + last.width + margin : 320;
  const bottoms = columns.flatMap(({ cards }) => cards.map((card) => card.y + card.height));
  const height = Math.max(margin + headerHeight + lineHeight, ...bottoms) + margin;
  const cards = new Map(columns.flatMap((column) => column.cards.map((card) => [card.work.id, card] as const)));
  const none = `<text class="dim" x="${margin}" y="${margin + lineHeight}">no phases</text>`;
  const elements = [...drawEdges(cards), ...columns.flatMap(drawColumn), ...(columns.length === 0 ? [none] : [])];
  return { width, height, elements };
}

const style = `<style>
  svg { font-family: ui-sans-serif, system-ui, sans-serif; --page: #fff; --card: #f6f6f6; --line: #b8b8b8; --text: #1f1f1f; --dim: #616161; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #1f1f1f; --card: #2b2b2b; --line: #5a5a5a; --text: #e4e4e4; --dim: #a5a5a5; }
  }
  .page { fill: var(--page); } .card { fill: var(--card); stroke: var(--line); }
  text { fill: var(--text); font-size: 14px; } .phase { font-weight: 600; }
  .dim, .input { fill: var(--dim); } .input { font-size: 11px; }
  .edge { fill: none; stroke: var(--line); stroke-width: 1.5; } .optional { stroke-dasharray: 4 3; }
</style>`;

function layOut(model: PackageModel): Column[] {
  let x = margin;
  return model.phases.map((phase): Column => {
    const items = phase.work.map((work) => {
      const described = describeWork(work);
      return { work: described, lines: described.inputs.map(lineOf) };
    });
    const title = phase.name === "" ? "" : phaseTitle(phase);
    const widths = items.flatMap(({ work, lines }) => [
      headOf(work).length * titleCharacter,
      ...lines.map((line) => line.length * inputCharacter),
    ]);
    const wanted = Math.max(title.length * titleCharacter, ...widths) + 2 * cardPadding;
    const width = Math.round(Math.min(largestWidth, Math.max(smallestWidth, wanted)));
    let y = margin + headerHeight;
    const cards = items.map(({ work, lines }): Card => {
      const height = (1 + lines.length) * lineHeight + cardPadding;
      const card = { work, lines, x, y, width, height };
      y += height + cardGap;
      return card;
    });
    const column = { title, x, width, cards };
    x += width + columnGap;
    return column;
  });
}

function drawColumn({ title, x, width, cards }: Column): string[] {
  const header = `<text class="phase" x="${x}" y="${margin + lineHeight}">${escapeXml(cut(title, width, titleCharacter))}</text>`;
  const empty = `<text class="dim" x="${x}" y="${margin + headerHeight + lineHeight}">(no work)</text>`;
  return [header, ...(cards.length === 0 ? [empty] : cards.flatMap(drawCard))];
}

function drawCard({ work, lines, x, y, width, height }: Card): string[] {
  const room = width - 2 * cardPadding;
  const left = x + cardPadding;
  // Deploys are rounded, tasks square: the two differ by shape, not by colour.
  const radius = work.kind === "deploy" ? 10 : 2;
  const details = [headOf(work), work.annotation, ...lines].filter((line) => line !== undefined);
  return [
    "<g>",
    `<title>${escapeXml(details.join("\n"))}</title>`,
    `<rect class="card" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`,
    `<text x="${left}" y="${y + lineHeight}">${escapeXml(cut(headOf(work), room, titleCharacter))}</text>`,
    ...lines.map((line, i) => {
      const text = escapeXml(cut(line, room, inputCharacter));
      return `<text class="input" x="${left}" y="${y + (i + 2) * lineHeight}">${text}</text>`;
    }),
    "</g>",
  ];
}

function drawEdges(cards: ReadonlyMap<string, Card>): string[] {
  return [...cards.values()].flatMap((to) =>
    to.work.inputs.flatMap(({ from, value }, i) => {
      const source = from === undefined ? undefined : cards.get(from);
      if (!source) return [];
      const [startX, startY] = [source.x + source.width, source.y + lineHeight - 4];
      const [endX, endY] = [to.x, to.y + (i + 2) * lineHeight - 4];
      const reach = Math.max(columnGap / 2, Math.abs(endX - startX) / 2);
      const path = `M${startX} ${startY} C${startX + reach} ${startY} ${endX - reach} ${endY} ${endX} ${endY}`;
      return [`<path class="edge${value === undefined ? "" : " optional"}" d="${path}"/>`];
    }),
  );
}

function headOf({ kind, title }: WorkDescription): string {
  return `${kind} ${title}`;
}

function lineOf({ name, ref, value }: InputDescription): string {
  if (ref === undefined) return `${name} = ${value ?? ""}`;
  return value === undefined ? `${name} ← ${ref}` : `${name} ← ${ref}, else ${value}`;
}

function cut(text: string, width: number, character: number): string {
  const characters = [...text];
  const room = Math.floor(width / character);
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join("")}…`;
}

/** XML 1.0 has no place for control characters, not even as references. */
function escapeXml(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "�")
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
