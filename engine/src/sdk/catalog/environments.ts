import type { SdkEntry } from "../catalog.ts";
import { optional, required, sdkFunction } from "./entries.ts";

/** Environments (spec 1.4). */

const fields = [
  { name: "name", type: "string", doc: "The environment's name." },
  { name: "attributes", type: "dict of strings", doc: "Its attributes, such as `type` or `region`." },
];

const environment = sdkFunction({
  name: "environment",
  parameters: [
    required("name", "string", "Letters, digits, `.`, `_` and `-`."),
    optional("attributes", "dict of strings", "What package files select environments by.", { default: "{}" }),
  ],
  returns: "environment",
  fields,
  place: "anywhere",
  doc: `
Makes an environment value, with \`.name\` and \`.attributes\`.

It is known to other files once a file that passes it to \`register_environment\` has been released.

\`\`\`starlark
register_environment(environment("staging", {"type": "staging", "region": "eu"}))
\`\`\``,
});

const environments = sdkFunction({
  name: "environments",
  parameters: [],
  returns: "list of environments",
  place: "package",
  doc: `
The environments that are in state, sorted by name.

\`\`\`starlark
production = [e for e in environments() if e.attributes.get("type") == "prod"]
\`\`\``,
});

const registerEnvironment = sdkFunction({
  name: "register_environment",
  parameters: [required("env", "environment", "A value of `environment(...)`.", { aliases: ["environment"] })],
  returns: "None",
  place: "package",
  doc: `
Registers an environment when this file is released.

Releasing the file writes its environments to intent and applies them to state; releases that deploy then look again at what they have to do. A file that registers environments cannot declare work.

\`\`\`starlark
register_environment(environment("staging", {"type": "staging"}))
register_environment(environment("production", {"type": "prod"}))
\`\`\``,
});

const environmentFromDict = sdkFunction({
  name: "environment_from_dict",
  parameters: [required("d", "dict", "A dict with `name` and, if any, `attributes`.", { aliases: ["dict"] })],
  returns: "environment",
  fields,
  place: "anywhere",
  doc: `
Makes an environment from a dict.

\`\`\`starlark
e = environment_from_dict({"name": "staging", "attributes": {"type": "staging"}})
\`\`\``,
});

const environmentFromJson = sdkFunction({
  name: "environment_from_json",
  parameters: [required("s", "string", 'JSON text: `{"name": …, "attributes": {…}}`.', { aliases: ["json"] })],
  returns: "environment",
  fields,
  place: "anywhere",
  doc: `
Makes an environment from JSON text.

\`\`\`starlark
e = environment_from_json(host.read_file("staging.json"))
\`\`\``,
});

export const environmentEntries: readonly SdkEntry[] = [
  environment,
  environments,
  registerEnvironment,
  environmentFromDict,
  environmentFromJson,
];
