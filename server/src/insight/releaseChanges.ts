import {
  deployedReleases,
  documentRefs,
  listReleases,
  type PackageModel,
  type PackagePlace,
  readReleaseBody,
  readReleaseHistory,
  type StoreReader,
} from "@ocuroot/engine";
import { findRegistered } from "../analysis/refTarget.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { own } from "../own.ts";
import { placeOf } from "../preview/graph.ts";
import type { ReleaseChange, ReleaseChangeKind, ReleaseChanges } from "../protocol/index.ts";
import { compareWork, fileOf, functionsOf, type WorkDifference } from "./compareWork.ts";
import type { InsightContext } from "./context.ts";
import { fileId, findDependencies } from "./dependencies.ts";
import { findDownstream } from "./downstream.ts";
import { committedSources, currentSources, dependsOn, differences } from "./functionText.ts";

/** Gravest first. */
const order: readonly ReleaseChangeKind[] = [
  "teardown",
  "leftBehind",
  "removed",
  "environmentRemoved",
  "environmentChanged",
  "changed",
  "environmentAdded",
  "added",
  "moved",
];

/** What releasing a file as it is in the editor would change (spec 6.4.6). */
export async function findReleaseChanges(
  context: InsightContext,
  uri: string,
  signal: AbortSignal,
): Promise<ReleaseChanges | null> {
  const snapshot = context.snapshot(uri);
  const { repository, path } = snapshot?.file ?? {};
  if (snapshot === undefined || repository === undefined || path === undefined || snapshot.file.role !== "package")
    return null;
  const store = await context.stores.at(repository.root);
  const evaluated = await context.previews.once(snapshot, signal);
  const model = evaluated.model ?? context.previews.lastModel(uri);
  const repo = store?.name ?? repository.name ?? ".";
  const place: PackagePlace = { repo, file: path };
  const base = store?.state === undefined ? undefined : await readBase(store.state, place, signal);
  const about = {
    uri,
    ...(base === undefined ? {} : { base: base.shown }),
    next: `r${(base?.number ?? 0) + 1}`,
    stale: evaluated.model === undefined && model !== undefined,
  };
  const problem = evaluated.problem?.message ?? store?.problem;
  if (model === undefined) {
    const reason = problem ?? "The file could not be evaluated.";
    return { ...about, problem: reason, summary: reason, changes: [], downstream: [] };
  }
  // The text may have moved on while we waited.
  const now = context.snapshot(uri) ?? snapshot;
  const compared = await withFunctionTexts(context, now, compareWork(place, model, base), base?.shown.commit);
  const graph = await findDependencies(context, { uri }, signal);
  const own = fileId(repository, path);
  const isPlain = store?.state === undefined || base === undefined;
  const downstream = isPlain ? [] : await findDownstream(context, store.state as StoreReader, own, graph, signal);
  const changes = [
    ...compared.flatMap((each) => workChange(now, each)),
    ...(store?.state === undefined ? [] : await lostDeployments(store.state, store.intent, place, model)),
    ...registeredChanges(now, model),
  ];
  const sorted = order.flatMap((kind) => changes.filter((each) => each.kind === kind));
  const shown = withoutRepeats(sorted);
  return {
    ...about,
    ...(problem === undefined ? {} : { problem }),
    summary: summarize(shown, downstream.length, base === undefined),
    changes: shown,
    downstream,
  };
}

async function readBase(state: StoreReader, place: PackagePlace, signal: AbortSignal) {
  const [newest] = await listReleases(state, place, { signal });
  if (newest === undefined) return undefined;
  const ref = `${documentRefs.package(place)}/@${newest.name}`;
  const [stored, history] = await Promise.all([
    state.read(ref, { signal }),
    readReleaseHistory(state, ref, { signal }).catch(() => undefined),
  ]);
  if (stored?.kind !== "ref") return undefined;
  const document = readReleaseBody(ref, stored.body);
  const shown = {
    ref,
    name: `r${newest.number}`,
    commit: document.commit,
    status: history?.status ?? "pending",
  } as const;
  return { ref, number: newest.number, document, shown };
}

/** Work whose declaration is the same may run functions that are not. */
async function withFunctionTexts(
  context: InsightContext,
  snapshot: Snapshot,
  found: readonly WorkDifference[],
  commit: string | undefined,
): Promise<WorkDifference[]> {
  const { repository, path } = snapshot.file;
  if (commit === undefined || repository === undefined || path === undefined) return [...found];
  const old = committedSources(context.parser, repository.root, commit);
  const current = currentSources(repository);
  if ((await old(path)) === undefined) return [...found];
  const known = new Map<string, Promise<string[]>>();
  const compare = (file: string, name: string): Promise<string[]> => {
    const key = `${file}:${name}`;
    let result = known.get(key);
    if (result === undefined) {
      result = Promise.all([dependsOn(old, file, name), dependsOn(current, file, name)]).then(([before, now]) =>
        differences(before, now, file),
      );
      known.set(key, result);
    }
    return result;
  };
  return Promise.all(
    found.map(async (each) => {
      if (each.now === undefined || each.before === undefined) return each;
      const before = functionsOf(each.before);
      const details: string[] = [];
      for (const [role, fn] of Object.entries(functionsOf(each.now))) {
        if (before[role]?.name !== fn.name || fn.name === "lambda") continue;
        const changed = await compare(fileOf(fn), fn.name);
        if (changed.length === 0) continue;
        const others = changed.filter((name) => name !== fn.name).map((name) => `\`${name}\``);
        const own = changed.length > others.length ? `\`${fn.name}\` was edited` : undefined;
        const used = others.length === 0 ? undefined : `what \`${fn.name}\` uses was edited: ${others.join(", ")}`;
        details.push(`${capitalized([own, used].filter((part) => part !== undefined).join("; "))}.`);
      }
      if (details.length === 0) return each;
      return { ...each, kind: "changed" as const, details: [...each.details, ...new Set(details)] };
    }),
  );
}

function workChange(snapshot: Snapshot, difference: WorkDifference): ReleaseChange[] {
  const { kind, id, phase, now, inputs, details } = difference;
  if (kind === "same") return [];
  const said = inputs.map(({ name, kind: what, before, after }) =>
    what === "added"
      ? `Input \`${name}\` is new: ${after}.`
      : what === "removed"
        ? `Input \`${name}\` is gone (was ${before}).`
        : `Input \`${name}\`: ${before} → ${after}.`,
  );
  return [
    {
      kind,
      id,
      title: id.replace("/", " "),
      details: [...details, ...said],
      phase,
      ...(now === undefined ? {} : { place: placeOf(snapshot, now.position) }),
      ...(inputs.length === 0 ? {} : { inputs }),
    },
  ];
}

/** What is deployed of the file and will not be after it: taken down, or left behind. */
async function lostDeployments(
  state: StoreReader,
  intent: StoreReader | undefined,
  place: PackagePlace,
  model: PackageModel,
): Promise<ReleaseChange[]> {
  const kept = new Set(
    model.phases.flatMap((phase) =>
      phase.work.flatMap((each) => (each.kind === "deploy" ? each.environment.name : [])),
    ),
  );
  const found = await Promise.all(
    (await deployedReleases(state, place)).map(async ({ environment, release }): Promise<ReleaseChange | undefined> => {
      const id = `deploy/${environment}`;
      const name = release.slice(release.lastIndexOf("@") + 1);
      const about = { id, title: `deploy ${environment}` };
      const intended = documentRefs.current(place, id);
      for (const ref of [documentRefs.environment(environment), intended]) {
        if (intent === undefined || (await intent.resolve(ref)) !== undefined) continue;
        const what = ref === intended ? "its deployment" : "its environment";
        const details = [
          `${name} is live there and would be taken down: ${what} was deleted in intent (\`ocuroot state diff\`), and \`ocuroot work any\` or \`ocuroot state apply ${ref}\` runs its \`down\`.`,
        ];
        return { ...about, kind: "teardown", details };
      }
      if (kept.has(environment)) return undefined;
      const details = [
        `${name} stays deployed: the file no longer deploys to \`${environment}\`, and nothing takes it down by itself. To take it down first: \`ocuroot state delete ${intended}\`, then \`ocuroot state apply ${intended}\`.`,
      ];
      return { ...about, kind: "leftBehind", details };
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** Environments that the file registers, against those in state. */
function registeredChanges(snapshot: Snapshot, model: PackageModel): ReleaseChange[] {
  const { environments } = snapshot.state;
  if (model.registered.length === 0 || environments === undefined) return [];
  const known = new Map(environments.map((each) => [each.name, each.attributes]));
  const changes = model.registered.flatMap(({ name, attributes }): ReleaseChange[] => {
    const about = { id: `environment/${name}`, title: `environment ${name}` };
    const before = known.get(name);
    if (before === undefined) {
      const details = ["Files that deploy are looked at again for it, and deploy to it where they choose it."];
      return [{ ...about, kind: "environmentAdded", details }];
    }
    const keys = [...new Set([...Object.keys(before), ...Object.keys(attributes)])];
    const details = keys.flatMap((key) => {
      const [old, now] = [own(before, key), own(attributes, key)];
      if (old === now) return [];
      if (now === undefined) return [`\`${key}\` is gone (was \`${old}\`).`];
      return [old === undefined ? `\`${key}\` is new: \`${now}\`.` : `\`${key}\`: \`${old}\` → \`${now}\`.`];
    });
    return details.length === 0 ? [] : [{ ...about, kind: "environmentChanged", details }];
  });
  return [...changes, ...unregistered(snapshot, model, [...known.keys()])];
}

/** Environments in state that no file registers any more. */
function unregistered(snapshot: Snapshot, model: PackageModel, inState: readonly string[]): ReleaseChange[] {
  const { file } = snapshot;
  const others = findRegistered(file.repository, file).filter((each) => each.view.path !== file.path);
  if (others.some((each) => each.name === undefined)) return [];
  const kept = new Set([...model.registered.map((each) => each.name), ...others.map((each) => each.name)]);
  return inState
    .filter((name) => !kept.has(name))
    .map((name) => ({
      kind: "environmentRemoved" as const,
      id: `environment/${name}`,
      title: `environment ${name}`,
      details: [
        `It stays in state with all that is deployed there: no file registers it. To take everything down and remove it: \`ocuroot state delete @/environment/${name}\`, then \`ocuroot state apply @/environment/${name}\`.`,
      ],
    }));
}

/** A deployment that is left behind says more than that its work was removed. */
function withoutRepeats(changes: readonly ReleaseChange[]): ReleaseChange[] {
  const lost = new Set(changes.flatMap(({ kind, id }) => (kind === "leftBehind" || kind === "teardown" ? [id] : [])));
  return changes.filter(({ kind, id }) => kind !== "removed" || !lost.has(id));
}

const words: Readonly<Record<ReleaseChangeKind, string>> = {
  teardown: "to be taken down",
  leftBehind: "left behind",
  removed: "removed",
  environmentRemoved: "no longer registered",
  environmentChanged: "changed",
  changed: "changed",
  environmentAdded: "registered",
  added: "added",
  moved: "moved",
};

function summarize(changes: readonly ReleaseChange[], downstream: number, isFirst: boolean): string {
  const counts = new Map<string, number>();
  for (const { kind } of changes) counts.set(words[kind], (counts.get(words[kind]) ?? 0) + 1);
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  if (downstream > 0) parts.push(`${downstream} may run again elsewhere`);
  if (parts.length === 0) return "Nothing would change";
  return `${isFirst ? "First release: " : ""}${parts.join(" · ")}`;
}

function capitalized(text: string): string {
  return text.startsWith("`") ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
