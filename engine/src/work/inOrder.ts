/**
 * Acts on items, each after those that it needs, otherwise at the same time and at most `limit` at once. Of items that need
 * each other in a circle, the one that comes first in the list begins. Waits for all that were begun; after an error nothing
 * new is begun, and the first error is thrown. `act` returns false to have nothing new begun, too.
 */
export async function inOrder<T>(
  items: readonly T[],
  options: { readonly limit: number; readonly needs: (item: T) => readonly T[] },
  act: (item: T) => Promise<boolean>,
): Promise<void> {
  const waiting = new Set(items);
  const running = new Map<T, Promise<void>>();
  const errors: unknown[] = [];
  let isStopped = false;
  const isFree = (item: T) => options.needs(item).every((other) => other === item || isOver(other));
  const isOver = (item: T) => !waiting.has(item) && !running.has(item);
  const begin = (item: T) => {
    waiting.delete(item);
    const done = act(item)
      .then(
        (goOn) => {
          if (!goOn) isStopped = true;
        },
        (error: unknown) => {
          errors.push(error);
          isStopped = true;
        },
      )
      .finally(() => running.delete(item));
    running.set(item, done);
  };
  for (;;) {
    if (isStopped) waiting.clear();
    for (const item of [...waiting]) if (running.size < options.limit && isFree(item)) begin(item);
    if (running.size === 0) {
      const [first] = waiting;
      if (first === undefined) break;
      begin(first);
    }
    await Promise.race(running.values());
  }
  if (errors.length > 0) throw errors[0];
}
