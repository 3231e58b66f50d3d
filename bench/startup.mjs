// How long `ocuroot version` takes as a whole process; the yardstick is a Node process that does nothing. And what the
// extension costs before the editor can go on, in processor time: a busy machine makes no difference to it.
import { execFileSync } from "node:child_process";
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

const activations = Array.from({ length: runs }, () =>
  JSON.parse(execFileSync(process.execPath, [join(root, "bench/activation/host.cjs")], { encoding: "utf8" })),
);
const middle = (name) => median(activations.map((each) => each[name]).sort((a, b) => a - b));
printTable("Activation of the extension (goal: under 150 ms)", [
  { what: "loading its code", median: milliseconds(middle("load")) },
  { what: "activate()", median: milliseconds(middle("activate")) },
  { what: "together", median: milliseconds(middle("load") + middle("activate")) },
]);
