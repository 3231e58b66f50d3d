import type { DiskGate } from "@ocuroot/engine";

/** A store may be asked twice at once, the second time only while most threads are free: it may never answer. */
const maxReadsOfStore = 2;

/** How often (milliseconds) a disk is looked at that keeps somebody waiting, and how many looks in vain are enough. */
const look = 500;
const looksInVain = 4;

/** Decides which store's disk is asked next, so that one that hangs holds up itself and no other. */
export class DiskLanes {
  readonly #waiting = new Set<DiskLane>();
  readonly #maxReads: number;
  #reads = 0;

  /**
   * `threads`: those in which Node reads files. A disk that does not answer keeps each thread that asks it, so stores
   * together leave some of them to files, git and whatever else is asked for.
   */
  constructor(threads = Number(process.env.UV_THREADPOOL_SIZE) || 4) {
    this.#maxReads = Math.max(1, threads - (threads > 4 ? 2 : 1));
  }

  /** The way to the disk of one repository's stores. */
  lane(): DiskLane {
    return new DiskLane({
      tryBegin: (isFirst) => {
        if (this.#reads >= (isFirst ? this.#maxReads : this.#maxReads / 2)) return false;
        this.#reads++;
        return true;
      },
      wait: (lane) => void this.#waiting.add(lane),
      end: () => {
        this.#reads--;
        // Each of those that waited once: what cannot begin now waits for its own store.
        const waiting = [...this.#waiting];
        this.#waiting.clear();
        for (const each of waiting) each.goOn();
      },
    });
  }
}

interface Threads {
  tryBegin(isFirst: boolean): boolean;
  wait(lane: DiskLane): void;
  end(): void;
}

/** What is read of one repository's stores. */
export class DiskLane implements DiskGate {
  readonly #queue: (() => void)[] = [];
  #reads = 0;
  #answers = 0;

  constructor(private readonly threads: Threads) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#queue.push(resolve);
      this.goOn();
    });
    try {
      return await work();
    } finally {
      this.#answers++;
      this.#reads--;
      this.threads.end();
      this.goOn();
    }
  }

  /** Begins what may begin now. */
  goOn(): void {
    while (this.#queue.length > 0 && this.#reads < maxReadsOfStore) {
      if (!this.threads.tryBegin(this.#reads === 0)) {
        this.threads.wait(this);
        return;
      }
      this.#reads++;
      this.#queue.shift()?.();
    }
  }

  /**
   * Gives up on something that needs this disk when the disk does not answer: not when it takes long, but when nothing at
   * all comes from it though something was asked for. Resolves to undefined then.
   */
  async orStalled<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<undefined>((resolve) => {
      let answers = this.#answers;
      let inVain = 0;
      timer = setInterval(() => {
        const isAsked = this.#reads > 0 || this.#queue.length > 0;
        inVain = isAsked && this.#answers === answers ? inVain + 1 : 0;
        answers = this.#answers;
        if (inVain >= looksInVain) resolve(undefined);
      }, look);
      timer.unref();
    });
    return Promise.race([work, stalled]).finally(() => clearInterval(timer));
  }
}
