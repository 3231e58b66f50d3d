import type { SdkEntry } from "../catalog.ts";
import { alsoNamed, optional, required, sdkFunction } from "./entries.ts";

/** Release definition (spec 1.4): the version, and the work a release is made of. */

const inputsDoc =
  "What the function receives, by name: `input(...)` or `ref(...)` for values that other work produces, anything else for constants. Names match `[A-Za-z_][A-Za-z0-9_]*`.";

const ocuroot = sdkFunction({
  name: "ocuroot",
  parameters: [
    required(
      "version",
      "string",
      "An exact version (`0.3.0`) or a semver range (`0.3.x`, `^0.3`), as a string literal.",
    ),
  ],
  returns: "None",
  place: "anywhere",
  doc: `
Chooses the version of the SDK that this file is written for.

Call it at most once, at top level, with exactly one string literal. Without it the newest version is used. A module that is loaded chooses its own version. Any \`0.3.N\` means \`0.3.0\`.

\`\`\`starlark
ocuroot("0.3.0")
\`\`\``,
});

const task = sdkFunction({
  name: "task",
  parameters: [
    required(
      "fn",
      "function",
      "The work function. It ends with `done(...)`, continues with `next(...)` or stops with `fail(...)`.",
    ),
    required("name", "string", "Name of the work, unique within the file. Refs use it: `./task/NAME`."),
    optional("annotation", "string", "A sentence about this work, shown beside its name."),
    optional("inputs", "dict of inputs", inputsDoc),
  ],
  returns: "work",
  place: "package",
  doc: `
Declares one standalone piece of work.

On its own it runs in file order, as a phase of its own; inside \`phase(...)\` it may run in parallel with the rest of the phase. What the function passes to \`done(outputs=...)\` can be read by later work as \`ref("./task/NAME#output/KEY")\`.

\`\`\`starlark
def build(commit_count):
    tag = "myapp:{}".format(commit_count)
    host.shell("docker build . -t {}".format(tag))
    return done(outputs={"tag": tag})

task(build, name="build", inputs={"commit_count": 12})
\`\`\``,
});

const call = alsoNamed(
  task,
  "call",
  `
Declares one standalone piece of work; the older name of \`task\`.

On its own it runs in file order, as a phase of its own; inside \`phase(...)\` it may run in parallel with the rest of the phase. Refs may say \`call\` or \`task\`: \`./call/build#output/tag\` and \`./task/build#output/tag\` are the same.

\`\`\`starlark
def build(ctx):
    number = ctx.inputs.previous + 1
    return done(output={"number": number})

call(
    build,
    name="build",
    inputs={"previous": input(ref="./@/call/build#output/number", default=0)},
)
\`\`\``,
  "task",
);

const deploy = sdkFunction({
  name: "deploy",
  parameters: [
    required(
      "environment",
      "environment",
      "Where to deploy: a value of `environment(...)` or one of `environments()`. At most one deploy of a file may use it.",
    ),
    required(
      "up",
      "top-level function",
      "Deploys, or updates what is deployed. A function defined at the top level of a file: no lambda, not nested.",
    ),
    required(
      "down",
      "top-level function",
      "Takes the deployment away again. A function defined at the top level of a file: no lambda, not nested.",
    ),
    optional("inputs", "dict of inputs", `${inputsDoc} \`environment\` is given by itself and may not be among them.`),
  ],
  returns: "work",
  place: "package",
  doc: `
Declares the deployment of this package to one environment.

\`up\` should be idempotent: it replaces what this file has deployed to the environment before. \`down\` runs when the environment is deleted. Both receive the inputs and the environment: as \`ctx.environment.name\` and \`ctx.environment.attributes\`, or as a parameter \`environment\` (a dict with \`name\` and \`attributes\`). Outputs are read as \`ref("./deploy/ENVIRONMENT#output/KEY")\`.

\`\`\`starlark
def up(environment, tag):
    host.shell("./deploy.sh {} {}".format(tag, environment["name"]))
    return done()

def down(environment, tag):
    host.shell("./undeploy.sh {}".format(environment["name"]))
    return done()

phase("staging", tasks=[
    deploy(environment=e, up=up, down=down, inputs={"tag": ref("./task/build#output/tag")})
    for e in environments()
    if e.attributes["type"] == "staging"
])
\`\`\``,
});

const phase = sdkFunction({
  name: "phase",
  parameters: [
    required("name", "string", "Name of the phase, as graphs and the terminal show it."),
    optional(
      "tasks",
      "list of work",
      "What belongs to the phase: values of `task(...)`, `call(...)` and `deploy(...)`. The older spelling `work` means the same; give one of them.",
      { default: "[]", aliases: ["work"] },
    ),
  ],
  returns: "None",
  place: "package",
  doc: `
Groups work that may run in parallel.

Phases run in the order of the file: a phase starts when all work of the phase before is complete. Work that is in no phase runs in file order too, as a phase of its own.

\`\`\`starlark
phase("test", tasks=[
    task(unit_tests, name="unit"),
    task(browser_tests, name="browser"),
])
\`\`\``,
});

export const releaseEntries: readonly SdkEntry[] = [ocuroot, task, call, deploy, phase];
