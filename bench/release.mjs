// `ocuroot release new` with 1 and with 200 deployments, on stores of 1,000 and of 100,000 documents: the time must not
// grow with the store. The deployments run no commands, so that what is measured is ours.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/prepare.mjs";
import { median, milliseconds, printTable, timeProcess, times } from "./measure.mjs";
import { commitAll } from "./repository.mjs";

const sizes = [1_000, 100_000];
const deployCounts = [1, 200];
const runs = 5;
const scratch = mkdtempSync(join(tmpdir(), "ocuroot-bench-"));

try {
  const results = new Map();
  for (const documents of sizes) {
    const repository = createRepository(documents);
    for (const deploys of deployCounts) {
      const sorted = times(runs, () => release(repository, deploys));
      results.set(`${documents}/${deploys}`, median(sorted));
    }
    rmSync(repository, { recursive: true });
  }
  printTable(
    "ocuroot release new",
    deployCounts.flatMap((deploys) =>
      sizes.map((documents) => {
        const time = results.get(`${documents}/${deploys}`);
        const yardstick = results.get(`${sizes[0]}/${deploys}`);
        return {
          deployments: deploys,
          documents: documents.toLocaleString("en"),
          median: milliseconds(time),
          "against 1,000 documents": (time / yardstick).toFixed(2),
        };
      }),
    ),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function release(repository, deploys) {
  return ocuroot(repository, ["release", "new", "--force", `deploy${deploys}.ocu.star`]);
}

function ocuroot(repository, args) {
  return timeProcess(process.execPath, [join(root, "dist/ocuroot.cjs"), ...args], { cwd: repository });
}

/** A repository with package files for each number of deployments and a store of about so many documents of earlier releases. */
function createRepository(documents) {
  const folder = join(scratch, `store-${documents}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "repo.ocu.star"), 'repo_alias("bench")\n');
  writeFileSync(join(folder, ".gitignore"), ".ocuroot/\n");
  writeFileSync(join(folder, "environments.ocu.star"), environmentsText(Math.max(...deployCounts)));
  for (const count of deployCounts) writeFileSync(join(folder, `deploy${count}.ocu.star`), packageText(count));
  commitAll(folder);
  // The environments' release lays the store out; the rest is written as the documents of other packages' releases.
  ocuroot(folder, ["release", "new", "environments.ocu.star"]);
  fillStore(join(folder, ".ocuroot/store/state/refs"), documents);
  return folder;
}

function environmentsText(count) {
  return `def register_all():
    for i in range(${count}):
        register_environment(environment("e{}".format(i)))

register_all()
`;
}

function packageText(count) {
  return `ocuroot("0.3.0")

def up(environment):
    return done(outputs={"name": environment["name"]})

def down(environment):
    return done()

phase("all", work=[deploy(environment=environment("e{}".format(i)), up=up, down=down) for i in range(${count})])
`;
}

/** Writes documents as releases of other packages leave them: five for each piece of work. */
function fillStore(refs, documents) {
  const write = (ref, bodyType, body) => {
    const folder = join(refs, ref);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "@object.json"),
      JSON.stringify({ kind: "ref", body_type: bodyType, links: [], body }, null, 2),
    );
  };
  const time = "2026-01-01T00:00:00Z";
  for (let written = 0, release = 1; written < documents; release++) {
    const base = `bench/-/old${release % 20}.ocu.star/@r${release}`;
    for (let work = 0; work < 20 && written < documents; work++, written += 5) {
      const run = `${base}/task/work${work}/1`;
      write(`${base}/task/work${work}`, "work", { run_ref: run, type: "task", release: base, output: {} });
      write(run, "run", { type: "task", release: base, functions: [], output: {} });
      write(`${run}/status/complete`, "status", { time });
      write(`${run}/logs`, "logs", []);
      write(`${base}/commit/${String(release * 20 + work).padStart(40, "0")}`, "commit", { time });
    }
  }
}
