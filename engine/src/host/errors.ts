/** All work is being stopped (Ctrl-C, SIGTERM): nothing new is started. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor() {
    super("interrupted");
  }
}
