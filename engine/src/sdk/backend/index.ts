import { BuiltinFunction, jsonModule, makeStruct, NativeModule, type Value } from "@ocuroot/starlark";
import { bindArguments } from "../bind.ts";
import type { SdkFunction } from "../catalog.ts";
import { SdkFailure } from "../failure.ts";
import type { SdkSession } from "../session.ts";
import { sdkCatalog } from "../versions.ts";
import type { SdkImplementation, SdkImplementations } from "./call.ts";
import { environmentImplementations } from "./environments.ts";
import { hostImplementations } from "./host.ts";
import { httpImplementations } from "./http.ts";
import { inputImplementations } from "./inputs.ts";
import { logImplementations } from "./log.ts";
import { releaseImplementations } from "./release.ts";
import { repositoryImplementations } from "./repository.ts";
import { resultImplementations } from "./results.ts";

/** The functions behind the catalog of SDK 0.3. */
export const implementations: SdkImplementations = {
  ...releaseImplementations,
  ...resultImplementations,
  ...inputImplementations,
  ...environmentImplementations,
  ...hostImplementations,
  ...httpImplementations,
  ...logImplementations,
  ...repositoryImplementations,
};

/** Functions that describe the release or the repository: they make no sense once work runs. */
const declaring = new Set(["ocuroot", "task", "call", "deploy", "phase", "register_environment"]);

/** The values that a file of the given SDK version finds predeclared. */
export function createPredeclared(version: string, session: SdkSession): Map<string, Value> {
  const catalog = sdkCatalog(version);
  const predeclared = new Map<string, Value>([
    ["struct", makeStruct],
    ["json", jsonModule],
  ]);
  for (const entry of catalog.entries.values()) {
    if (predeclared.has(entry.name)) continue;
    if (entry.kind === "namespace") {
      const members = catalog.members(entry.name).map((member) => {
        return [member.name.slice(entry.name.length + 1), createBuiltin(member, session)] as const;
      });
      predeclared.set(entry.name, new NativeModule(entry.name, new Map(members)));
    } else if (!entry.name.includes(".") && entry.language === undefined) {
      predeclared.set(entry.name, createBuiltin(entry, session));
    }
  }
  return predeclared;
}

function createBuiltin(fn: SdkFunction, session: SdkSession): BuiltinFunction {
  const implementation = implementations[fn.name] as SdkImplementation;
  return new BuiltinFunction(fn.name, (thread, args, kwargs) => {
    session.enter(thread);
    checkPlace(fn, session);
    return implementation({ fn, args: bindArguments(fn, args, kwargs), thread, session });
  });
}

function checkPlace(fn: SdkFunction, session: SdkSession): void {
  if (fn.place !== "anywhere" && fn.place !== session.place) {
    const where =
      fn.place === "repository" ? "works only in `repo.ocu.star`" : "belongs in a package file, not in `repo.ocu.star`";
    throw new SdkFailure("sdk/wrong-place", `\`${fn.name}\` ${where}`);
  }
  const declares = declaring.has(fn.name) || fn.place === "repository";
  if (declares && !session.isEvaluating) {
    const message = `\`${fn.name}\` works only while the file is evaluated, not while its functions run`;
    throw new SdkFailure("sdk/wrong-place", message);
  }
}
