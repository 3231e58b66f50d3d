/**
 * Keeps the process small. What a keystroke needs lives for milliseconds, and V8 left to itself lets tens of megabytes
 * of it pile up before it looks. Set here, before anything else is loaded, because a client that starts the server by
 * its name passes no options; threads inherit it.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes of the young generation (both halves) at which it stops growing. */
const youngest = 16 * 1024 * 1024;

// What is left after a collection grows by little more than a half, at most, before the next one.
setFlagsFromString("--heap-growing-percent=60");
// V8 takes the largest size of the young generation at its own start only; its growth can be stopped at any time.
const timer = setInterval(() => {
  const young = getHeapSpaceStatistics().find((each) => each.space_name === "new_space");
  if (young === undefined || young.space_size < youngest) return;
  setFlagsFromString("--semi-space-growth-factor=1");
  clearInterval(timer);
}, 100);
timer.unref();

/** Milliseconds without a message after which a client is thought to rest; it may be twice as long. */
const rest = 5_000;

/** Gives back what is not needed once the client rests: V8 by itself waits for the next work to need it. */
export function collectAtRest(messages: () => number): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let seen = 0;
  let collected = 0;
  const look = setInterval(() => {
    const now = messages();
    if (now === seen && now !== collected) {
      collect();
      collected = now;
    }
    seen = now;
  }, rest);
  look.unref();
}
