/**
 * A process for the tests of gates: `gateChild.ts FOLDER POINT` starts a command that leaves `proof` in the folder, and kills
 * itself: `unrecorded` between the command's start and its record, `recorded` between that and the moment at which the
 * command may begin, `begun` while it runs. The command's process number is in `pid` before that.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordCommand } from "../../src/host/commandRecords.ts";
import { ProcessGroups } from "../../src/host/processes.ts";
import { runShell } from "../../src/host/shell.ts";

const [folder = "", point] = process.argv.slice(2);
const die = () => process.kill(process.pid, "SIGKILL");

void runShell(
  { command: "echo ran >> proof; echo begun; exec sleep 600", shell: "sh", dir: folder, env: {}, mute: false },
  {
    groups: new ProcessGroups(),
    env: process.env,
    onLine: () => point === "begun" && die(),
    onStart: (pid, command) => {
      writeFileSync(join(folder, "pid"), String(pid));
      if (point === "unrecorded") die();
      const forget = recordCommand(folder, "r/-/a/@r1/task/b/1", pid, command);
      if (point === "recorded") die();
      return forget;
    },
  },
);
