/**
 * Starts the bundled command with the editor's own runtime. On the desktop that is Electron, which is Node only while
 * ELECTRON_RUN_AS_NODE is set: the variable ends here, so that the shells a release starts never see it.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

delete process.env.ELECTRON_RUN_AS_NODE;
const command = join(__dirname, "ocuroot.cjs");
process.argv[1] = command;
createRequire(__filename)(command);
