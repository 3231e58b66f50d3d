/**
 * Built-in functions that work on long values look up now and then: whoever runs the program may want it to end. Only
 * one program runs at a time, so what is to be looked at need not be passed through everything that loops.
 */

const interval = 4096;
let countdown = interval;
let listener: (() => void) | undefined;

/** Called in each round of a loop that may be long. May throw. */
export function pulse(): void {
  if (--countdown < 0) {
    countdown = interval;
    listener?.();
  }
}

/** Sets what is called now and then; returns what was called so far. */
export function listenToPulse(next: (() => void) | undefined): (() => void) | undefined {
  const previous = listener;
  listener = next;
  return previous;
}
