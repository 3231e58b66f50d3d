import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const packages = 200;
export const environments = 100;
const lines = 2_000;

/** A repository with one large package, many small ones that read its output and load its module, and environments. */
export function makeWorkspace(): { readonly folder: string; readonly text: string } {
  const folder = mkdtempSync(join(tmpdir(), "ocuroot-bench-server-"));
  const text = generatePackage();
  writeFileSync(join(folder, "repo.ocu.star"), 'repo_alias("bench")\n');
  writeFileSync(join(folder, "environments.ocu.star"), generateEnvironments());
  writeFileSync(join(folder, "release.ocu.star"), text);
  writeFileSync(join(folder, "shared.star"), 'def tag_of(name):\n    return "{}:latest".format(name)\n');
  for (let index = 0; index < packages; index++) {
    const inside = join(folder, `service${index}`);
    mkdirSync(inside);
    writeFileSync(join(inside, "package.ocu.star"), generateService(index));
  }
  return { folder, text };
}

function generateEnvironments(): string {
  const each = Array.from(
    { length: environments },
    (_, index) => `register_environment(environment("env${index}", {"type": "${index % 2 === 0 ? "prod" : "test"}"}))`,
  );
  return `ocuroot("0.3.0")\n\n${each.join("\n")}\n`;
}

/** A release process of many tasks, each with a function, inputs by refs and outputs. */
function generatePackage(): string {
  const parts = [
    'ocuroot("0.3.0")',
    "",
    "def task0():",
    '    return done(outputs={"value": 0})',
    "",
    'task(task0, name="task0")',
    "",
  ];
  for (let index = 1; parts.length < lines; index++) {
    parts.push(
      `def task${index}(previous, mode="fast"):`,
      `    # Work number ${index}.`,
      `    value = previous + ${index}`,
      `    host.shell("echo {} {}".format(value, mode))`,
      `    result = [x * 2 for x in range(value) if x % 3 == 0]`,
      `    return done(outputs={"value": value, "count": len(result)})`,
      "",
      "task(",
      `    task${index},`,
      `    name="task${index}",`,
      `    inputs={"previous": input(ref="./task/task${index - 1}#output/value")},`,
      ")",
      "",
    );
  }
  return `${parts.join("\n")}\n`;
}

function generateService(index: number): string {
  return `ocuroot("0.3.0")

load("../shared.star", "tag_of")

def build(value):
    tag = tag_of("service${index}")
    host.shell("docker build -t {} .".format(tag))
    return done(outputs={"tag": tag, "value": value})

def up(environment, tag):
    host.shell("deploy {} {}".format(environment["name"], tag))
    return done()

def down(environment, tag):
    host.shell("remove {}".format(environment["name"]))
    return done()

task(
    build,
    name="build",
    inputs={"value": input(ref="./-/release.ocu.star/@/task/task0#output/value")},
)

phase(
    name="all",
    work=[
        deploy(e, up=up, down=down, inputs={"tag": input(ref="./task/build#output/tag")})
        for e in environments()
        if e.attributes["type"] == "prod"
    ],
)
`;
}
