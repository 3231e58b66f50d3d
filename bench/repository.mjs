// Git repositories that benchmarks work in.
import { spawnSync } from "node:child_process";

/** Whoever runs the benchmark, and whatever is signed there. */
const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"];

/** Commits all that is in `folder`, as the first commit of a new repository. */
export function commitAll(folder) {
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "--message", "Start"],
  ]) {
    const { status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }
}
