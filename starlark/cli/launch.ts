/** Starts the command from its bundle. */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runWithCodeCache } from "./codeCache.ts";

const bundle = join(__dirname, "starlarkMain.cjs");

if (process.argv.includes("--batch")) {
  require(bundle).main();
} else {
  // Optimising the parser pays only when it has much to parse; for one program it would take longer than all the rest.
  // The flag belongs to what the cache is checked for, so it is set before that is read.
  setFlagsFromString("--liftoff-only");
  // Programs are short: what is saved by optimising less code at a time is more than what inlining all of it would gain.
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
  const requireModule = (path: string) => runWithCodeCache(path, require);
  (requireModule(bundle) as typeof import("./main.ts")).main(requireModule);
}
