/**
 * Keeps the process small. What a keystroke needs lives for milliseconds, and V8 left to itself lets tens of megabytes
 * of it pile up before it looks. Set here, before anything else is loaded, because a client that starts the server by
 * its name passes no options; threads inherit it.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// What is left after a collection grows by little more than a half, at most, before the next one.
setFlagsFromString("--heap-growing-percent=60");
stopYoungGrowth();

/**
 * Keeps the young generation at the megabyte that it begins with: it holds what an edit leaves behind, most of which is
 * garbage. V8 takes the largest size at its own start only, but growth can be stopped at any time; each thread that
 * starts has it go on.
 */
export function stopYoungGrowth(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Milliseconds without a message after which a client is thought to rest; it may be twice as long. */
const rest = 5_000;

/**
 * Gives back what is not needed: V8 by itself waits for the next work to need it, and leaves pages that are half empty as
 * they are. Takes some tens of milliseconds.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  collect ??= runInNewContext("gc") as () => void;
  setFlagsFromString("--compact-on-every-full-gc");
  collect();
  setFlagsFromString("--no-compact-on-every-full-gc");
}

let collect: (() => void) | undefined;

/** Does so whenever the client comes to rest. */
export function collectAtRest(messages: () => number): void {
  let seen = 0;
  let collected = 0;
  const look = setInterval(() => {
    const now = messages();
    if (now === seen && now !== collected) {
      collectGarbage();
      collected = now;
    }
    seen = now;
  }, rest);
  look.unref();
}
