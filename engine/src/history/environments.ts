/** Environments and what is deployed where. */
import type { JsonValue } from "../json/json.ts";
import { listPackageFiles, listRepositories } from "../release/listing.ts";
import type { ReadOptions, StoreReader } from "../state/store.ts";
import type { DeploymentHistory, EnvironmentHistory } from "./model.ts";

/** All environments in state, sorted by name, each with its deployments from every repository (or one of them). */
export async function readEnvironments(
  store: StoreReader,
  options: ReadOptions & { readonly repo?: string } = {},
): Promise<EnvironmentHistory[]> {
  const names = await store.children("@/environment", options);
  const repos = options.repo === undefined ? await listRepositories(store, options) : [options.repo];
  const deployments = new Map<string, DeploymentHistory[]>();
  await Promise.all(
    repos.map(async (repo) => {
      for (const file of await listPackageFiles(store, repo, options))
        await addDeployments(store, repo, file, deployments, options);
    }),
  );
  const environments = await Promise.all(
    names.map(async (name): Promise<EnvironmentHistory | undefined> => {
      const document = await store.read(`@/environment/${name}`, options);
      if (document?.kind !== "ref") return undefined;
      const here = (deployments.get(name) ?? []).sort((a, b) => (a.ref < b.ref ? -1 : 1));
      return { name, attributes: attributesOf(document.body), deployments: here };
    }),
  );
  return environments.filter((environment) => environment !== undefined);
}

async function addDeployments(
  store: StoreReader,
  repo: string,
  file: string,
  deployments: Map<string, DeploymentHistory[]>,
  options: ReadOptions,
): Promise<void> {
  const current = `${repo}/-/${file}/@/deploy`;
  for (const name of await store.children(current, options)) {
    const link = await store.read(`${current}/${name}`, options);
    const target = link?.kind === "link" ? link.target : undefined;
    const number = /\/@r?(\d+)\/deploy\//.exec(target ?? "")?.[1];
    if (target === undefined || number === undefined) continue;
    const here = deployments.get(name) ?? [];
    deployments.set(name, here);
    here.push({ repo, file, release: `r${number}`, ref: target });
  }
}

function attributesOf(body: JsonValue): Record<string, string> {
  const attributes =
    typeof body === "object" && body !== null ? (body as Record<string, JsonValue>).attributes : undefined;
  if (typeof attributes !== "object" || attributes === null) return {};
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
}
