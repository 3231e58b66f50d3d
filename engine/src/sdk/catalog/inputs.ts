import type { SdkEntry } from "../catalog.ts";
import { optional, required, sdkFunction } from "./entries.ts";

/** Inputs (spec 1.4). */

const input = sdkFunction({
  name: "input",
  parameters: [
    optional(
      "ref",
      "ref",
      "Where the value comes from: a string such as `./task/build#output/tag`, or a `ref(...)` value.",
    ),
    optional("default", "any", "The value while the ref has none. Without it the work waits until the ref exists."),
  ],
  returns: "input",
  place: "package",
  doc: `
Describes where the value of an input comes from.

Give \`ref\`, \`default\` or both. The value is read when the work starts.

\`\`\`starlark
inputs={
    # Of this release; waits until build is complete.
    "tag": input(ref="./task/build#output/tag"),
    # Of the most recent release in which build was complete; 0 the first time.
    "previous": input(ref="./@/task/build#output/number", default=0),
    # Of another file.
    "host": input(ref="./-/database/release.ocu.star/@/deploy/staging#output/host"),
}
\`\`\``,
});

const ref = sdkFunction({
  name: "ref",
  parameters: [
    required(
      "ref",
      "string",
      "The ref: `[repo]/-/[path]/@[release]/[kind]/[name]#[fragment]`; usually relative, such as `./task/build#output/tag`.",
    ),
  ],
  returns: "ref",
  place: "package",
  doc: `
Names a value in state; as an input the same as \`input(ref=...)\` without a default.

The work waits until the value exists.

\`\`\`starlark
task(test, name="test", inputs={"tag": ref("./task/build#output/tag")})
\`\`\``,
});

export const inputEntries: readonly SdkEntry[] = [input, ref];
