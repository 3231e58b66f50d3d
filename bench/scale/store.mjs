// Large stores, as years of releases leave them: twenty packages, each release with ten tasks and ten deployments.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitAll } from "../repository.mjs";

/** Environments of every store; one package deploys to all of them. */
export const environments = 1_000;

const maxPackages = 20;
const workOfRelease = 10;
const time = "2026-01-01T00:00:00Z";

/** A repository with a store of about so many documents. Returns the number of releases of each package. */
export function createRepository(folder, documents) {
  mkdirSync(folder, { recursive: true });
  const write = (path, text) => writeFileSync(join(folder, path), text);
  write("repo.ocu.star", 'ocuroot("0.3.0")\nrepo_alias("bench")\nstore.set(store.fs(".ocuroot/store"))\n');
  write(".gitignore", ".ocuroot/\n");
  write("one.ocu.star", packageText("[environment('e0')]"));
  write("wide.ocu.star", packageText("environments()"));
  commitAll(folder);
  const store = join(folder, ".ocuroot/store");
  for (const kind of ["state", "intent"]) {
    mkdirSync(join(store, kind), { recursive: true });
    writeFileSync(join(store, kind, ".ocuroot-store"), JSON.stringify({ version: 3, Tags: { [kind]: {} } }));
  }
  return fill(store, documents);
}

function packageText(where) {
  return `ocuroot("0.3.0")

def up(environment):
    return done(outputs={"name": environment["name"]})

def down(environment):
    return done()

phase("all", work=[deploy(environment=e, up=up, down=down) for e in ${where}])
`;
}

function fill(store, documents) {
  let written = 0;
  const put = (kind, ref, content) => {
    const folder = join(store, kind, "refs", ref);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "@object.json"), JSON.stringify(content, null, 2));
    if (kind === "state") written++;
  };
  const document = (ref, type, body, links = []) => put("state", ref, { kind: "ref", body_type: type, links, body });
  // In the smallest store they would be all there is.
  const count = Math.min(environments, documents / 4);
  for (let index = 0; index < count; index++) {
    const body = { name: `e${index}`, attributes: {} };
    for (const kind of ["state", "intent"]) {
      put(kind, `@/environment/e${index}`, { kind: "ref", body_type: "environment", links: [], body });
    }
  }
  const perRelease = 2 + workOfRelease * 2 * 4;
  const packages = Math.min(maxPackages, Math.floor((documents - written) / perRelease));
  const releases = Math.floor((documents - written) / packages / perRelease);
  for (let file = 0; file < packages; file++) {
    const name = `bench/-/services/p${file}/release.ocu.star`;
    for (let number = 1; number <= releases; number++) {
      writeRelease({ document, put }, name, number, number === releases);
    }
  }
  return releases;
}

function writeRelease({ document, put }, file, number, isNewest) {
  const release = `${file}/@r${number}`;
  const fn = { name: "f", pos: "release.ocu.star:3:1" };
  const tasks = Array.from({ length: workOfRelease }, (_, index) => ({ task: { name: `t${index}`, inputs: {}, fn } }));
  const deploys = Array.from({ length: workOfRelease }, (_, index) => ({
    deploy: { environment: `e${index}`, up: fn, down: fn, inputs: {} },
  }));
  const commit = String(number).padStart(40, "0");
  const phases = [
    { name: "build", tasks },
    { name: "deploy", tasks: deploys },
  ];
  document(release, "release", { commit, package: { functions: {}, phases } });
  document(`${release}/commit/${commit}`, "marker", { time });
  for (const [kind, prefix, type] of [
    ["task", "t", "task"],
    ["deploy", "e", "up"],
  ]) {
    for (let index = 0; index < workOfRelease; index++) {
      const name = `${kind}/${prefix}${index}`;
      const work = `${release}/${name}`;
      const functions = [{ fn, dependencies: [], inputs: {} }];
      document(`${work}/1`, "run", { type, release, functions, output: {} });
      document(`${work}/1/status/complete`, "marker", { time });
      document(`${work}/1/logs`, "logs", []);
      const body = { run_ref: `${work}/1`, type, release, input: {}, output: {} };
      document(work, "work", body, isNewest ? [`${file}/@/${name}`] : []);
      if (!isNewest) continue;
      put("state", `${file}/@/${name}`, { kind: "link", body: work });
      if (kind === "deploy") {
        const wanted = { kind: "ref", body_type: "deploy", links: [], body: { release, input: {} } };
        put("intent", `${file}/@/${name}`, wanted);
      }
    }
  }
}
