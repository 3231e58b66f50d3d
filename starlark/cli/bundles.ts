import { join } from "node:path";

/** Whether this was bundled, and does not run from source. */
export const isBundled = !__filename.endsWith(".ts");

/** The module that makes programs (frontEnd.ts). */
export const frontEndPath = join(__dirname, isBundled ? "starlarkFrontEnd.cjs" : "frontEnd.ts");

/** Loads a module of ours by its path. */
export type RequireModule = (path: string) => unknown;
