/** Places for work that runs at once, shared by all releases that a command works on. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Takes as many places as there are, at most those wanted. Each is to be given back. */
  take(wanted: number): number {
    const taken = Math.min(wanted, this.#free);
    this.#free -= taken;
    return taken;
  }

  give(count: number): void {
    if (count === 0) return;
    this.#free += count;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when there is a free place. */
  freed(): Promise<void> {
    if (this.#free > 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
