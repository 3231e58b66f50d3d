/**
 * Giving up waiting: for a git remote that does not answer, for a lock that another process holds. Whatever is done within
 * `whileWanted` ends soon after its signal is aborted. What waits is deep below the command that Ctrl-C is meant for, in
 * stores and sources of all kinds, so the signal goes with the flow of control.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export interface Patience {
  readonly signal: AbortSignal;
  /** Told when something is waited for so long that a person should know of what. */
  readonly onWaiting?: (text: string) => void;
}

const current = new AsyncLocalStorage<Patience>();

/** Does something that may be given up. */
export function whileWanted<T>(patience: Patience, act: () => T): T {
  return current.run(patience, act);
}

/** How long waiting is wanted by who asked for what is done now; undefined: as long as it takes. */
export function patience(): Patience | undefined {
  return current.getStore();
}
