import { type StarlarkFunction, textOf, type Value } from "@ocuroot/starlark";
import { toStringList, toStringRecord } from "../convert.ts";
import { SdkFailure } from "../failure.ts";
import { StoreValue } from "../values.ts";
import type { SdkCall, SdkImplementations } from "./call.ts";
import { checkBranch, checkSupportFile } from "./gitStore.ts";
import { optionalText } from "./release.ts";

/** What `repo.ocu.star` may call. */

function repoAlias({ args, thread, session }: SdkCall): Value {
  session.settings.setAlias(thread, textOf(args.need("name") as string));
  return null;
}

function storeSet({ args, thread, session }: SdkCall): Value {
  const state = args.need("state") as StoreValue;
  const intent = args.get("intent") as StoreValue | undefined;
  session.settings.setStores(thread, state.description, intent?.description);
  return null;
}

function storeFs({ args }: SdkCall): Value {
  const path = textOf(args.need("path") as string);
  if (path === "") throw new SdkFailure("repository/store", "store.fs: the path is empty");
  return new StoreValue({ kind: "fs", path });
}

function storeGit({ args }: SdkCall): Value {
  const remoteUrl = textOf(args.need("remote_url") as string);
  if (remoteUrl === "") throw new SdkFailure("repository/store", "store.git: the remote URL is empty");
  const branch = optionalText(args.get("branch"));
  if (branch !== undefined) checkBranch(branch);
  const supportFiles = toStringRecord(args.get("support_files"), "store.git: support_files");
  for (const path of Object.keys(supportFiles)) checkSupportFile(path);
  return new StoreValue({
    kind: "git",
    remoteUrl,
    ...(branch === undefined ? {} : { branch }),
    createBranch: args.get("create_branch") !== false,
    supportFiles,
  });
}

function remotes({ fn, args, thread, session }: SdkCall): Value {
  session.settings.setRemotes(thread, toStringList(args.need("urls"), `${fn.name}: urls`));
  return null;
}

function releaseIgnore({ fn, args, thread, session }: SdkCall): Value {
  session.settings.setReleaseIgnore(thread, toStringList(args.need("globs"), `${fn.name}: globs`));
  return null;
}

function trigger({ args, thread, session }: SdkCall): Value {
  session.settings.setTrigger(thread, args.need("fn") as StarlarkFunction);
  return null;
}

export const repositoryImplementations: SdkImplementations = {
  repo_alias: repoAlias,
  "store.set": storeSet,
  "store.fs": storeFs,
  "store.git": storeGit,
  remotes,
  repo_remotes: remotes,
  release_ignore: releaseIgnore,
  trigger,
};
