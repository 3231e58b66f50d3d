/**
 * The ways of lines between cards: never below a card. A line leaves its card to the side, follows the gaps between
 * columns and the channel above the cards, and bends at right angles, so that many lines from one card run as one until
 * they part. Places are pixels of the canvas.
 */

/** A card as lines see it: its edges, and the height at which they meet it. */
export interface CardBox {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

export interface RouteRoom {
  /** Width of the gap between columns. */
  readonly gap: number;
  /** Height of the free line above the cards. */
  readonly channel: number;
}

/** Lines of this many cards can be told apart within a gap. */
const lanes = 5;
const laneWidth = 4;
const channelLanes = 3;
const corner = 6;

type Point = readonly [x: number, y: number];

/**
 * The paths of all lines from one card to cards of one column: the way that they share is drawn once, to the farthest of
 * them, and the others leave it where they part. A hundred lines on top of each other would take their time.
 */
export function routesAround(from: CardBox, targets: readonly CardBox[], lane: number, room: RouteRoom): string[] {
  const turn = (to: CardBox) => (isNextTo(from, to, room) ? from.middle : room.channel);
  const byHeight = [...targets].sort((a, b) => a.middle - b.middle);
  const ends = new Set([byHeight[0], byHeight.at(-1)]);
  return byHeight.map((to) => {
    const down = Math.sign(to.middle - turn(to));
    // So near to where they turn in, there is no room to part.
    if (ends.has(to) || Math.abs(to.middle - turn(to)) < 2 * corner) return routeAround(from, to, lane, room);
    const x = to.left - room.gap / 2 + shiftOf(lane);
    return bent([
      [x, to.middle - down * corner],
      [x, to.middle],
      [to.left, to.middle],
    ]);
  });
}

/** The path of a line, as SVG writes it. `lane`: number of the card that it comes from; its lines share their way. */
export function routeAround(from: CardBox, to: CardBox, lane: number, room: RouteRoom): string {
  const { gap, channel } = room;
  const shift = shiftOf(lane);
  const [start, end]: [Point, Point] = [
    [to.left > from.left ? from.right : from.left, from.middle],
    [to.left, to.middle],
  ];
  const isForward = to.left > from.right;
  const enter = to.left - gap / 2 + shift;
  if (isNextTo(from, to, room)) return bent([start, [enter, start[1]], [enter, end[1]], end]);
  const leave = isForward ? from.right + gap / 2 + shift : from.left - gap / 2 + shift;
  const above = channel + ((lane % channelLanes) - 1) * 2;
  return bent([start, [leave, start[1]], [leave, above], [enter, above], [enter, end[1]], end]);
}

/** In the next column, or in the same one: one gap is the whole way. */
function isNextTo(from: CardBox, to: CardBox, { gap }: RouteRoom): boolean {
  return (to.left > from.right && to.left - from.right <= gap * 1.5) || to.left === from.left;
}

function shiftOf(lane: number): number {
  return ((lane % lanes) - (lanes - 1) / 2) * laneWidth;
}

/** In one column the lines run along the left edge. */
export function routeBeside(from: CardBox, to: CardBox, lane: number): string {
  const beside = Math.min(from.left, to.left) - 6 - (lane % 3) * 3;
  return bent([
    [from.left, from.middle],
    [beside, from.middle],
    [beside, to.middle],
    [to.left, to.middle],
  ]);
}

/** Straight pieces with round corners. */
function bent(points: readonly Point[]): string {
  const [first, ...rest] = points.filter((point, index) => index === 0 || !isSame(point, points[index - 1]!));
  let path = `M${first!.join(" ")}`;
  let before = first!;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) {
      path += `L${point.join(" ")}`;
      return;
    }
    const room = index === 0 ? distance(before, point) : distance(before, point) / 2;
    const radius = Math.min(corner, room, distance(point, next) / 2);
    path += `L${towards(point, before, radius).join(" ")}Q${point.join(" ")} ${towards(point, next, radius).join(" ")}`;
    before = point;
  });
  return path;
}

function isSame([x, y]: Point, [otherX, otherY]: Point): boolean {
  return x === otherX && y === otherY;
}

function distance([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.abs(x - otherX) + Math.abs(y - otherY);
}

/** The point `by` pixels from `point` in the direction of another that lies straight beside or below it. */
function towards([x, y]: Point, [toX, toY]: Point, by: number): Point {
  return [x + Math.sign(toX - x) * by, y + Math.sign(toY - y) * by];
}
