// Preloaded into the VS Code server: ends it, with all that it started, when the process that launched it is gone.
// Standard input is a pipe held by the launcher, and the kernel closes it however the launcher ends.
if (process.env.OCUROOT_E2E_SERVER_LAUNCHER === String(process.ppid)) {
  delete process.env.OCUROOT_E2E_SERVER_LAUNCHER;
  process.stdin.on("error", end).on("end", end).resume();
}

function end() {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(1);
  }
}
