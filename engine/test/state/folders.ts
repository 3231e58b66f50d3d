import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** A new folder that is removed when the tests of this process are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ocuroot-store-"));
  made.push(folder);
  return folder;
}

process.on("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
