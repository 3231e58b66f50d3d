import { runCli } from "./runCli.ts";

// A reader that goes away (`ocuroot … | head`) must not end a release in its middle.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const { stdout, stderr, stdin, env } = process;
void runCli(process.argv.slice(2), { cwd: process.cwd(), env, stdout, stderr, stdin, signals: process }).then(
  (code) => {
    // What was interrupted may still wait for something.
    if (code === 130) process.exit(code);
    process.exitCode = code;
  },
);
