/**
 * Node reads files in four threads unless told otherwise before the first one is read. A thread that waits for a disk which
 * does not answer is lost to all others; idle ones cost next to nothing. On Windows the process itself cannot say so any more.
 */
if (process.platform !== "win32") process.env.UV_THREADPOOL_SIZE ??= "8";
