import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledCommand } from "../bundle.ts";
import { Machines, type Said } from "./machines.ts";

const page = join(__dirname, "../../../docs/three-machines.md");

const work = (name: string, more = "") => `ocuroot("0.3.0")

def build(ctx):
    host.shell("echo building ${name}; sleep 0.2")
    return done(outputs={"image": "${name}:1"})

def up(environment, image${more && ", approval"}):
    host.shell("echo deploying {} to {}; sleep 0.2".format(image, environment["name"]))
    return done(outputs={"url": "https://{}.example.com/${name}".format(environment["name"])})

def down(environment, image${more && ", approval"}):
    return done()

task(build, name="build")
phase("deploy", work=[
    deploy(environment=e, up=up, down=down, inputs={"image": ref("./task/build#output/image")${more}})
    for e in environments()
])
`;

const files = {
  "repo.ocu.star":
    'ocuroot("0.3.0")\nrepo_alias("shop")\nstore.set(store.git(host.env()["STATE_REMOTE"], branch="state"))\n',
  "environments.ocu.star":
    'ocuroot("0.3.0")\n\nregister_environment(environment("eu"))\nregister_environment(environment("us"))\n',
  "backend.ocu.star": work("backend"),
  "frontend.ocu.star": work("frontend", ', "approval": ref("./custom/approval")'),
};

/** What the page says between the commands. */
const story = {
  start: "Ann, at her laptop, makes the environments known. The branch `state` is not there yet; it is made.",
  together:
    "Then all three start at the same moment: two of them even release the same file. Both pushes reach the branch: who is second fetches, builds its transaction again on top of what is there, and pushes again. So the releases have different numbers, and nothing of either is lost.",
  same: "Whoever looks sees the same, from any machine.",
  approval:
    "The frontend waits for an approval. Ann gives it; a CI machine that looks for work applies it and deploys.",
  offline: "A machine that loses the network says so, and changes nothing. Its next command catches up.",
  end: "In the end nothing is wrong on any machine, and the branch tells what happened, a commit for each group of changes.",
} as const;

describe("three machines that share a git store", function () {
  this.timeout(300_000);

  it("work on it at the same time, as the page of the documentation shows", async () => {
    const machines = new Machines(await bundledCommand(), files, ["laptop", "ci-1", "ci-2"]);
    const parts: { readonly text: string; readonly said: readonly Said[] }[] = [];
    const tell = async (text: string, act: () => Promise<unknown>) => {
      const from = machines.said.length;
      await act();
      parts.push({ text, said: machines.said.slice(from) });
    };
    const run = (machine: string, ...args: string[]) => machines.run(machine, ...args);

    await tell(story.start, () => run("laptop", "release", "new", "environments.ocu.star"));
    await tell(story.together, () =>
      Promise.all([
        run("laptop", "release", "new", "frontend.ocu.star"),
        run("ci-1", "release", "new", "--force", "backend.ocu.star"),
        run("ci-2", "release", "new", "--force", "backend.ocu.star"),
      ]),
    );
    await tell(story.same, () => run("ci-2", "release", "list"));
    await tell(story.approval, async () => {
      await run("laptop", "state", "set", "frontend.ocu.star/@r1/custom/approval", "ann");
      await Promise.all([run("ci-1", "work", "any"), run("ci-2", "work", "any")]);
    });
    await tell(story.offline, async () => {
      await machines.offline(() => run("laptop", "release", "new", "--force", "backend.ocu.star"));
      await run("laptop", "release", "list", "frontend.ocu.star");
    });
    await tell(story.end, async () => {
      for (const machine of ["laptop", "ci-1", "ci-2"]) {
        await run(machine, "work", "continue");
        await run(machine, "state", "check");
      }
    });

    const outputs = (command: string) =>
      machines.said.filter((each) => each.command === command).map((each) => each.output);
    const numbers = outputs("release new --force backend.ocu.star").flatMap(
      (text) => /✓ (r\d) complete/.exec(text)?.[1] ?? [],
    );
    assert.deepEqual(numbers.sort(), ["r1", "r2"]);
    assert.match(outputs("release new frontend.ocu.star")[0]!, /⏸ r1 waits for/);
    assert.match(outputs("release list")[0]!, /r2 [\s\S]*r1 [\s\S]*r1 /);
    const any = outputs("work any").join("\n");
    assert.equal(any.match(/│ deploying frontend:1 to eu/g)?.length, 1, any);
    assert.equal(any.match(/│ deploying frontend:1 to us/g)?.length, 1, any);
    const failed = machines.said.filter(({ code }) => code !== 0);
    assert.deepEqual(
      failed.map(({ command, machine }) => `${machine}: ${command}`),
      ["laptop: release new --force backend.ocu.star"],
    );
    assert.match(failed[0]!.output, /^error: The state at \/srv\/state\.git could not be read: /m);
    for (const text of outputs("state check")) assert.match(text, /nothing is wrong/);
    const history = machines.history();
    assert.ok(
      history.length > 10 && history.some((line) => /backend\.ocu\.star\/@r2\/task\/build\/1 complete/.test(line)),
      history.join("\n"),
    );

    const text = printPage(parts, history);
    // `npm run docs:machines` writes the page; any other run sees that it tells the same story.
    if (process.env.UPDATE_DOCS) writeFileSync(page, text);
    assert.deepEqual(outline(readFileSync(page, "utf8")), outline(text));
  });
});

function printPage(parts: readonly { text: string; said: readonly Said[] }[], history: readonly string[]): string {
  const blocks = parts.map(({ text, said }) => {
    const shown = said.map(({ machine, command, output }) => `${machine}$ ocuroot ${command}\n${output}\n`);
    return `${text}\n\n\`\`\`console\n${shown.join("\n")}\`\`\`\n`;
  });
  const log = `\`\`\`console\nlaptop$ git -C /srv/state.git log --reverse --format=%s state\n${history.join("\n")}\n\`\`\`\n`;
  return `# Three machines, one state

Three machines share a repository and its state, which is on a branch of a git remote:

\`\`\`python
store.set(store.git("/srv/state.git", branch="state"))
\`\`\`

All that follows is what the commands really said: \`npm run docs:machines\` runs them again and writes this page, and the
tests see that it still goes like this. Within a part, commands stand in the order in which they ended.

${blocks.join("\n")}
${log}`;
}

/** What does not depend on who was faster: the text, and the commands of each part. */
function outline(text: string): string[] {
  const parts = text.replaceAll("\r\n", "\n").split("```");
  return parts.flatMap((part, index) =>
    index % 2 === 0
      ? [part.trim()]
      : part
          .split("\n")
          .filter((line) => /^[\w-]+\$ /.test(line))
          .sort(),
  );
}
