/** Starts the command from its bundle, by way of code that V8 compiled in an earlier run. */
import { join } from "node:path";
import { runWithCodeCache } from "./codeCache.ts";

runWithCodeCache(join(__dirname, "starlarkMain.cjs"), require);
