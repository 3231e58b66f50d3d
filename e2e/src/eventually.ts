const intervalMs = 100;
/** Long: what is waited for comes at once on a machine at rest, and takes its time on one that is busy with other things. */
const patienceMs = 60_000;

/**
 * Calls `probe` until it returns something other than undefined, null or false, and returns that. After `timeoutMs` it
 * throws, naming `what` was awaited and the last error of the probe, if any.
 */
export async function eventually<T>(
  what: string | (() => string),
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  timeoutMs = patienceMs,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== null && result !== false) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= end) break;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  const reason = lastError instanceof Error ? ` (${lastError.message})` : "";
  const name = typeof what === "string" ? what : what();
  throw new Error(`Waited ${timeoutMs / 1000} s for ${name}${reason}`);
}
