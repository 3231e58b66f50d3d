/** How long (milliseconds) reads from disk may go on after the end. */
const grace = 500;

/** How often (milliseconds) the client's process is looked for. */
const watchInterval = 1_000;

/** The end of the process: with the client's, and also when a disk does not answer any more. */
export class Lifetime {
  #isEnding = false;

  /** `exitCode` is asked at the end: 0 when the client has shut the server down before. */
  constructor(private readonly exitCode: () => number) {}

  /** Ends the process once the client's is gone. */
  watchClient(processId: number): void {
    const timer = setInterval(() => {
      try {
        process.kill(processId, 0);
      } catch (error) {
        // A process that may not be asked is there.
        if ((error as NodeJS.ErrnoException).code !== "EPERM") this.end();
      }
    }, watchInterval);
    timer.unref();
  }

  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const latest = Date.now() + grace;
    const look = (): void => {
      // Leaving waits for threads that read. One that waits for a dead disk would keep the process for ever.
      const isReading = process.getActiveResourcesInfo().some((each) => each.startsWith("FSReq"));
      if (!isReading) process.exit(this.exitCode());
      if (Date.now() > latest) process.kill(process.pid, "SIGKILL");
      setTimeout(look, 20);
    };
    look();
  }
}
