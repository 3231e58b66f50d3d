// How long `ocuroot version` takes as a whole process; the yardstick is a Node process that does nothing.
import { join } from "node:path";
import { root } from "../scripts/prepare.mjs";
import { median, milliseconds, printTable, timeProcess, times } from "./measure.mjs";

const runs = 15;
const node = median(times(runs, () => timeProcess(process.execPath, ["-e", "0"])));
const version = median(times(runs, () => timeProcess(process.execPath, [join(root, "dist/ocuroot.cjs"), "version"])));

printTable("Process start", [
  { what: "node -e 0 (yardstick)", median: milliseconds(node), ratio: "1.0" },
  { what: "ocuroot version", median: milliseconds(version), ratio: (version / node).toFixed(1) },
]);
