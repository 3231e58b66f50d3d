// The demo repository: a copy of the shop sample in a scratch folder, under git.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { root } from "./prepare.mjs";

/** Where the demo repository is (it need not exist yet): the same one each time, and not that of somebody else. */
function demoFolder() {
  return join(tmpdir(), `ocuroot-demo-${userInfo().username}`, "shop");
}

/** Makes the demo repository anew and returns its folder. */
export function createDemo() {
  const folder = demoFolder();
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, "test-fixtures/repos/shop"), folder, { recursive: true });
  git(folder, ["init", "--quiet", "--initial-branch=main"]);
  git(folder, ["add", "--all"]);
  git(folder, ["commit", "--quiet", "--message", "Open the shop"]);
  return folder;
}

/** The demo repository, made if it is not there. */
export function ensureDemo() {
  return existsSync(join(demoFolder(), ".git")) ? demoFolder() : createDemo();
}

function git(folder, args) {
  const identity = ["-c", "user.name=Ocuroot demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false"];
  const { status, error, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  if (error) throw new Error(`git could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
}
