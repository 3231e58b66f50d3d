import type { SdkEntry } from "../catalog.ts";
import { optional, required, sdkFunction } from "./entries.ts";

/** Log, secrets and debugging (spec 1.4, under "Host"). */

const print = sdkFunction({
  name: "print",
  parameters: [
    optional("args", "any", "Values to print, as `str` shows them.", { star: "*" }),
    optional("sep", "string", "What stands between them.", { default: '" "', isKeywordOnly: true }),
  ],
  returns: "None",
  place: "anywhere",
  language: "universal",
  doc: `
Writes a line to the log of the run.

\`\`\`starlark
print("Building build {}...".format(build_number))
\`\`\``,
});

const secret = sdkFunction({
  name: "secret",
  parameters: [required("value", "string", "The secret.")],
  returns: "string",
  place: "anywhere",
  doc: `
Keeps a value out of everything that is printed or logged, and returns it.

From then on it shows as \`<secret>\` in the terminal, in logs, traces and error messages; a secret of several lines is masked line by line.

\`\`\`starlark
token = secret(host.env()["DEPLOY_TOKEN"])
host.shell("./deploy.sh", env={"TOKEN": token})
\`\`\``,
});

const debugBreak = sdkFunction({
  name: "debug_break",
  parameters: [],
  returns: "None",
  place: "anywhere",
  doc: `
Stops here when a debugger is attached; does nothing otherwise.

\`\`\`starlark
def up(environment, tag):
    debug_break()
    host.shell("./deploy.sh {}".format(tag))
\`\`\``,
});

export const logEntries: readonly SdkEntry[] = [print, secret, debugBreak];
