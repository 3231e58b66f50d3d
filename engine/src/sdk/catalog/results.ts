import type { SdkEntry } from "../catalog.ts";
import { optional, required, sdkFunction } from "./entries.ts";

/** Results of work functions (spec 1.4). */

const done = sdkFunction({
  name: "done",
  parameters: [
    optional(
      "outputs",
      "dict of JSON values",
      "Values for later work, by name; anything JSON can hold. The older spelling `output` means the same; give one of them.",
      { default: "{}", aliases: ["output"] },
    ),
    optional(
      "tags",
      "list of strings",
      "Names for this release, usable in refs (`@v1.2.0`): letters, digits, `-`, `_` and `.`, but neither digits only nor `r` followed by digits.",
      { default: "[]" },
    ),
    optional("watch", "list of strings", "Files or folders whose change should cause a new release.", {
      default: "[]",
    }),
    optional("annotation", "string", "A sentence about the result, shown beside the work."),
  ],
  returns: "done",
  place: "package",
  doc: `
Ends a piece of work successfully.

Return it from a work function. Outputs can be read by refs such as \`./task/build#output/tag\`. A work function that returns nothing counts as \`done()\`.

\`\`\`starlark
def build(version):
    host.shell("make")
    return done(outputs={"version": version}, tags=["v" + version], watch=["src"])
\`\`\``,
});

const next = sdkFunction({
  name: "next",
  parameters: [
    required(
      "fn",
      "function",
      "The function to continue with; one that is defined at top level, when an input is a ref.",
    ),
    optional(
      "inputs",
      "dict of inputs",
      "What that function receives. Refs that have no value yet pause the work until they do.",
    ),
    optional("annotation", "string", "A sentence that says what is being waited for or done next."),
  ],
  returns: "next",
  place: "package",
  doc: `
Continues a piece of work with another function.

Return it from a work function. The work goes on in the same run; when an input of the next function is not there yet, the run is paused until it is. That is how approvals are written.

\`\`\`starlark
def check(tag):
    return next(
        publish,
        inputs={"tag": tag, "approval": ref("./custom/approval")},
        annotation="waiting for approval",
    )

def publish(tag, approval):
    host.shell("./publish.sh {}".format(tag))
    return done()
\`\`\``,
});

export const resultEntries: readonly SdkEntry[] = [done, next];
