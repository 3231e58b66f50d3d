/**
 * Keeps the process small. What a keystroke needs lives for milliseconds, and V8 left to itself lets tens of megabytes
 * of it pile up before it looks. Set here, before anything else is loaded, because a client that starts the server by
 * its name passes no options; threads inherit it.
 */
import { setFlagsFromString } from "node:v8";

// The young generation stays as small as it begins; what is left after a collection grows by a quarter before the next.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=25");
