// `npm start`: a real release of the sample shop, from checking its files to a failed deployment and its retry.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createDemo } from "./demo.mjs";
import { prepare, root } from "./prepare.mjs";

prepare();
const shop = createDemo();
const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\x1b[1m${text}\x1b[22m` : text);

console.log(`\nThe sample shop is in ${shop}: three packages, five environments.`);

say("Tell Ocuroot which environments there are");
ocuroot(["release", "new", "environments.ocu.star"]);

say("Check the package files");
for (const name of ["database", "backend", "frontend"]) ocuroot(["release", "lint", `${name}/release.ocu.star`]);

say("See what a release of the frontend would do");
ocuroot(["preview", "frontend/release.ocu.star"]);

say("Release the database: production waits for an approval");
ocuroot(["release", "new", "database/release.ocu.star"]);

say("Approve it, and go on");
ocuroot(["state", "set", "database/release.ocu.star/@r1/custom/approval", "granted"]);
ocuroot(["state", "apply", "database/release.ocu.star/@r1/custom/approval"]);
ocuroot(["release", "continue", "database/release.ocu.star/@r1"]);

say("Release the backend, which uses the database's host names");
ocuroot(["release", "new", "backend/release.ocu.star"]);

say("Release the frontend: one region has no quota yet, so this fails");
ocuroot(["release", "new", "frontend/release.ocu.star"], 1);

say("The reason was transient: retry what failed, and only that");
ocuroot(["release", "retry", "frontend/release.ocu.star"]);

say("What is where now");
ocuroot(["release", "show", "frontend/release.ocu.star/@r1"]);

console.log(
  `\n${bold("Now in VS Code:")} npm run vscode\nIt opens this same repository: edit a package file, see its phases, start and retry releases there.`,
);

function say(text) {
  console.log(`\n${bold(`— ${text}`)}`);
}

/** Runs the bundled command in the shop, as a user would, and insists on its exit status. */
function ocuroot(args, expected = 0) {
  console.log(`$ ocuroot ${args.join(" ")}`);
  const { status, error } = spawnSync(process.execPath, [join(root, "dist/ocuroot.cjs"), ...args], {
    cwd: shop,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw error;
  if (status === expected) return;
  console.error(`\nocuroot ${args.join(" ")} ended with ${status}, not ${expected}.`);
  process.exit(1);
}
