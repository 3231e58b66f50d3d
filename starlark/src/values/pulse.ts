/**
 * Built-in functions that work on long values look up now and then: whoever runs the program may want it to end. Only
 * one program runs at a time, so what is to be looked at need not be passed through everything that loops.
 */

/** `taking` bytes are about to be taken: the memory must be looked at then, at other times it may be. */
type Listener = (taking: number) => void;

/** All its bits are set (see `pulseAt`). */
const longest = 4095;
/** Milliseconds between two looks that are aimed at: rounds may take very different times. */
const aim = 8;
let interval = longest;
let countdown = interval;
let lastLook = 0;
let taken = 0;
let listener: Listener | undefined;

/** Bytes after which the memory is looked at, however little time has passed. */
const handful = 64_000_000;

/** Called in each round of a loop that may be long. May throw. */
export function pulse(): void {
  if (--countdown >= 0) return;
  const now = Date.now();
  interval = nextInterval(interval, now - lastLook, longest);
  lastLook = now;
  countdown = interval;
  listener?.(0);
}

/** Called in place of so many rounds at once. May throw. */
export function pulseFor(rounds: number): void {
  countdown = Math.max(countdown - rounds, 0);
  pulse();
}

/** Called in each round of a loop over an array, with its index: for loops that a call in each round would slow down. */
export function pulseAt(index: number): void {
  if ((index & longest) === longest) pulseFor(longest);
}

/** Called for so many elements that were copied in one go. May throw. */
export function pulseForElements(count: number): void {
  if (count > longest) pulseFor(count);
}

/** How many rounds to make until the next look, after so many took so long. */
export function nextInterval(rounds: number, milliseconds: number, most: number): number {
  if (milliseconds > aim) return Math.max(1, Math.floor((rounds * aim) / milliseconds));
  return milliseconds * 2 < aim ? Math.min(most, rounds * 2) : rounds;
}

/** Called before so many bytes are taken in one go. May throw. */
export function take(bytes: number): void {
  taken += bytes;
  if (taken < handful) return;
  taken = 0;
  listener?.(bytes);
}

/** Whether somebody may want that to end which is running. */
export function isWatched(): boolean {
  return listener !== undefined;
}

/** Runs something that takes its time, and calls `look` now and then, which may throw. */
export function watched<Result>(look: () => void, run: () => Result): Result {
  const outer = listenToPulse(look);
  try {
    return run();
  } finally {
    listenToPulse(outer);
  }
}

/** Sets what is called now and then; returns what was called so far. */
export function listenToPulse(next: Listener | undefined): Listener | undefined {
  const previous = listener;
  listener = next;
  lastLook = Date.now();
  return previous;
}
