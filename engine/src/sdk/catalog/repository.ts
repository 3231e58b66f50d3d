import type { SdkEntry } from "../catalog.ts";
import { alsoNamed, optional, required, sdkFunction, sdkNamespace } from "./entries.ts";

/** Repository configuration (spec 1.4): only in `repo.ocu.star` and in modules that it loads. */

const repoAlias = sdkFunction({
  name: "repo_alias",
  parameters: [required("name", "string", "The short name that refs use for this repository.", { aliases: ["alias"] })],
  returns: "None",
  place: "repository",
  doc: `
Names this repository in refs.

Without an alias its name is the path of its \`origin\` URL, such as \`github.com/acme/shop\`. A global \`repo_alias = "shop"\` and the environment variable \`OCU_CFG_repo_alias\` do the same; the variable wins, then the global.

\`\`\`starlark
repo_alias("shop")
\`\`\``,
});

const store = sdkNamespace(
  "store",
  "repository",
  `
Where state and intent are kept.

Without \`store.set(...)\` they lie in \`.ocuroot/store\`, on this machine only.`,
);

const storeSet = sdkFunction({
  name: "store.set",
  parameters: [
    required("state", "store", "Where state is kept: `store.fs(...)` or `store.git(...)`."),
    optional("intent", "store", "Where intent is kept; together with state when left out."),
  ],
  returns: "None",
  place: "repository",
  doc: `
Chooses where state and intent are kept. It can be set once.

The globals \`state_store = ...\` and \`intent_store = ...\` do the same.

\`\`\`starlark
store.set(
    store.git("https://github.com/acme/state.git", branch="state"),
    intent=store.git("https://github.com/acme/state.git", branch="intent"),
)
\`\`\``,
});

const storeFs = sdkFunction({
  name: "store.fs",
  parameters: [required("path", "string", "A folder, relative to the repository's root.")],
  returns: "store",
  place: "repository",
  doc: `
A store in a folder of this machine.

\`\`\`starlark
store.set(store.fs(".store"))
\`\`\``,
});

const storeGit = sdkFunction({
  name: "store.git",
  parameters: [
    required("remote_url", "string", "URL of the git remote; a path on this machine starts at the repository root."),
    optional("branch", "string", "The branch that holds the store."),
    optional("create_branch", "bool", "False makes a missing branch an error.", { default: "True" }),
    optional(
      "support_files",
      "dict of strings",
      "Files to keep at the root of the branch, content by path: a CI configuration, for example.",
    ),
  ],
  returns: "store",
  place: "repository",
  doc: `
A store on a branch of a git remote, shared by many machines.

\`\`\`starlark
store.set(store.git("git@github.com:acme/state.git", branch="state"))
\`\`\``,
});

const remotes = sdkFunction({
  name: "remotes",
  parameters: [
    required("urls", "list of strings", "URLs from which this repository can be cloned.", { aliases: ["remotes"] }),
  ],
  returns: "None",
  place: "repository",
  doc: `
Says where this repository can be cloned from, for work that starts from state alone.

\`\`\`starlark
remotes(["https://github.com/acme/shop.git"])
\`\`\``,
});

const repoRemotes = alsoNamed(
  remotes,
  "repo_remotes",
  `
Says where this repository can be cloned from; the same as \`remotes\`.

A global \`repo_remotes = [...]\` and the environment variable \`OCU_CFG_repo_remotes\` do the same; the variable wins, then the global.

\`\`\`starlark
repo_remotes(["https://github.com/acme/shop.git"])
\`\`\``,
);

const trigger = sdkFunction({
  name: "trigger",
  parameters: [required("fn", "top-level function", "Called with a commit; makes the CI platform work on it.")],
  returns: "None",
  place: "repository",
  doc: `
Names the function that starts work for a commit on your CI platform.

It is called with the commit when another repository's release, or intent, leaves work to do there.

\`\`\`starlark
def start_ci(commit):
    http.post(
        "https://ci.example.com/run",
        headers={"Authorization": secret(host.env()["CI_TOKEN"])},
        body=json.encode({"commit": commit}),
    )

trigger(start_ci)
\`\`\``,
});

const releaseIgnore = sdkFunction({
  name: "release_ignore",
  parameters: [
    required(
      "globs",
      "list of strings",
      "Package files that a push leaves alone, as globs from the repository's root.",
    ),
  ],
  returns: "None",
  place: "repository",
  doc: `
Keeps package files out of the releases that \`ocuroot push\` makes.

A global \`release_ignore = [...]\` and the environment variable \`OCU_CFG_release_ignore\` do the same; the variable wins, then the global.

\`\`\`starlark
release_ignore = ["examples/**", "**/*_test.ocu.star"]
\`\`\``,
});

export const repositoryEntries: readonly SdkEntry[] = [
  repoAlias,
  store,
  storeSet,
  storeFs,
  storeGit,
  remotes,
  repoRemotes,
  trigger,
  releaseIgnore,
];
