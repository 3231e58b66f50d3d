import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { findGitTopLevel } from "../../host/git.ts";
import { quoted } from "../../terminal/summary.ts";
import { CliError } from "../errors.ts";
import type { Ui } from "../ui.ts";

/** `init`: the files a repository starts with. Files that are there stay as they are. */
export async function init(ui: Ui, args: readonly string[]): Promise<number> {
  const folder = resolve(ui.cwd, args[0] ?? ".");
  const name = basename(folder).replace(/[^\w.-]/g, "-") || "my-repo";
  const made: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(firstFiles(name))) {
      if (writeNew(join(folder, file), text)) made.push(file);
    }
  } catch (error) {
    throw new CliError(`${ui.shownPath(folder)} cannot be set up: ${(error as Error).message}`);
  }
  if (made.length === 0) throw new CliError(`${ui.shownPath(folder)} is set up already`);
  for (const file of made) ui.out(`made ${ui.shownPath(join(folder, file))}`);
  const isGit = await findGitTopLevel({ cwd: folder, env: ui.io.env }).catch(() => undefined);
  const enter = folder === ui.cwd ? [] : [`cd ${quoted(ui.shownPath(folder))}`];
  const steps = [
    ...enter,
    ...(isGit ? [] : ["git init"]),
    "git add -A && git commit -m 'Set up releases'",
    "ocuroot release new environments.ocu.star",
    "ocuroot release new release.ocu.star",
  ];
  ui.note("Next:", ...steps.map((step) => `  ${step}`));
  return 0;
}

function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function firstFiles(name: string): Record<string, string> {
  return {
    "repo.ocu.star": `ocuroot("0.3.0")

repo_alias(${JSON.stringify(name)})

# State is kept in .ocuroot/store until you say where:
# store.set(store.git("git@github.com:you/state.git"))
`,
    "environments.ocu.star": `ocuroot("0.3.0")

register_environment(environment("staging", {"type": "staging"}))
register_environment(environment("production", {"type": "prod"}))
`,
    "release.ocu.star": `ocuroot("0.3.0")

def build(ctx):
    build_number = ctx.inputs.prev_build_number + 1
    print("Building {}".format(build_number))
    return done(outputs={"build_number": build_number})

def up(ctx):
    print("Deploying build {} to {}".format(ctx.inputs.build_number, ctx.environment.name))
    return done()

def down(ctx):
    print("Removing from {}".format(ctx.environment.name))
    return done()

task(
    build,
    name="build",
    inputs={
        # The number of the last build, or 0 the first time.
        "prev_build_number": input(ref="./@/task/build#output/build_number", default=0),
    },
)

def deploy_to(type):
    return [
        deploy(
            environment=e,
            up=up,
            down=down,
            inputs={"build_number": input(ref="./task/build#output/build_number")},
        )
        for e in environments()
        if e.attributes["type"] == type
    ]

phase("staging", tasks=deploy_to("staging"))
phase("production", tasks=deploy_to("prod"))
`,
  };
}
