/** Examples under `--help`, by command: what a person would type, and what it is for. */
import type { Command } from "commander";

type Example = readonly [command: string, purpose: string];

export const examples: Readonly<Record<string, readonly Example[]>> = {
  "": [
    ["ocuroot init", "a first repository"],
    ["ocuroot release new frontend/release.ocu.star", "release what is checked out"],
    ["ocuroot release list", "what there is"],
  ],
  release: [
    ["ocuroot release new release.ocu.star", "start"],
    ["ocuroot release show release.ocu.star", "how the newest one stands"],
    ["ocuroot release retry release.ocu.star", "when something failed"],
  ],
  "release new": [
    ["ocuroot release new frontend/release.ocu.star", "release what is checked out"],
    ["ocuroot release new --force release.ocu.star", "once more for the same commit"],
    ["ocuroot release new --cascade lib/release.ocu.star", "and redo what uses it"],
  ],
  "release retry": [
    ["ocuroot release retry release.ocu.star", "what failed in the newest release"],
    ["ocuroot release retry release.ocu.star/@r7", "in r7"],
  ],
  "release continue": [["ocuroot release continue release.ocu.star/@r7", "after its approval was set"]],
  "release lint": [["ocuroot release lint release.ocu.star", "every problem, without running anything"]],
  "release list": [
    ["ocuroot release list", "of every file"],
    ["ocuroot release list frontend/release.ocu.star --limit 3", "the last three of one"],
  ],
  "release show": [
    ["ocuroot release show release.ocu.star", "the newest one"],
    ["ocuroot release show release.ocu.star/@v1.2.0", "the one with a tag"],
  ],
  "release logs": [
    ["ocuroot release logs release.ocu.star/@r7", "all of it"],
    ["ocuroot release logs --follow release.ocu.star/@r7/deploy/eu", "one deployment, while it runs"],
    ["ocuroot release logs release.ocu.star/@r7/task/build/1", "the first attempt"],
  ],
  "release cancel": [["ocuroot release cancel release.ocu.star/@r7", "give up what waits for an approval"]],
  state: [
    ["ocuroot state match '**/@/deploy/*'", "what is deployed"],
    ["ocuroot state get release.ocu.star/@/deploy/eu", "one deployment"],
    ["ocuroot state view", "all of it in the browser"],
  ],
  "state get": [
    ["ocuroot state get release.ocu.star/@/task/build", "what the newest build gave"],
    ["ocuroot state get release.ocu.star/@r7/deploy/eu#output/host", "one field"],
    ["ocuroot state get @/environment/eu", "an environment"],
  ],
  "state match": [
    ["ocuroot state match", "everything"],
    ["ocuroot state match -l '**/@r*/deploy/eu'", "all releases that were deployed to eu"],
    ["ocuroot state match './release.ocu.star/@r7/**'", "what r7 consists of"],
  ],
  "state set": [
    ["ocuroot state set release.ocu.star/@r7/custom/approval ann", "an approval"],
    ['ocuroot state set -f json @/environment/eu \'{"name": "eu", "attributes": {"type": "prod"}}\'', "an environment"],
    ["ocuroot state set -f json release.ocu.star/@/custom/limits - < limits.json", "a value from a file"],
  ],
  "state delete": [
    ["ocuroot state delete @/environment/eu", "then apply it: everything there is taken down"],
    ["ocuroot state delete release.ocu.star/@/deploy/eu", "then apply it: this deployment is taken down"],
  ],
  "state diff": [["ocuroot state diff", "what was set and not yet applied"]],
  "state apply": [
    ["ocuroot state apply release.ocu.star/@r7/custom/approval", "make an approval count"],
    ["ocuroot state apply --cascade @/environment/eu", "and deploy what belongs there"],
  ],
  "state view": [
    ["ocuroot state view", "open the page"],
    ["ocuroot state view --no-open --port 4000", "print its address only"],
  ],
  "state check": [
    ["ocuroot state check", "what is wrong, file by file"],
    ["ocuroot state check --repair", "mend it, after a backup"],
  ],
  work: [
    ["ocuroot work any --dryrun", "what there is to do"],
    ["ocuroot work continue", "do what this commit can do"],
    ["ocuroot work cascade", "do everything"],
  ],
  "work continue": [
    ["ocuroot work continue", "after an approval was set"],
    ["ocuroot work continue --dryrun", "what would be done"],
  ],
  "work ops": [["ocuroot work ops", "runs for environments that are new; starts none"]],
  "work any": [
    ["ocuroot work any", "on a CI machine, when state or intent has changed"],
    ["ocuroot work any --dryrun --comprehensive", "what there is to do, in old releases too"],
  ],
  "work trigger": [
    ["ocuroot work trigger", "tell each commit that has work"],
    ["ocuroot work trigger --intent", "when intent was pushed"],
  ],
  "work cascade": [
    ["ocuroot work cascade", "every repository and commit, on this machine"],
    ["ocuroot work cascade --parallel 4", "four pieces of work at once"],
  ],
  preview: [
    ["ocuroot preview release.ocu.star", "the phases as text"],
    ["ocuroot preview release.ocu.star --format svg > phases.svg", "as a picture"],
    ["ocuroot preview release.ocu.star --serve", "live in the browser"],
  ],
  run: [
    ["ocuroot run release.ocu.star task/build", "try the build"],
    ["ocuroot run release.ocu.star deploy/eu -i tag=myapp:7", "deploy with an input of your own"],
  ],
  push: [
    ["ocuroot push --dryrun", "what would be released"],
    ["ocuroot push", "on a CI machine, for each commit of the main branch"],
  ],
  "find-deploys": [
    ["ocuroot find-deploys v1.0 HEAD", "where the commits since v1.0 are deployed"],
    ["ocuroot find-deploys --json HEAD~10 HEAD", "for a script"],
  ],
  repl: [
    ["ocuroot repl release.ocu.star", "a prompt with the file's names"],
    ["ocuroot repl -c '[e.name for e in environments()]'", "evaluate and print"],
  ],
  mcp: [["ocuroot mcp", "the command to give to an assistant"]],
  init: [
    ["ocuroot init", "here"],
    ["ocuroot init shop", "in a new folder"],
  ],
  completion: [
    ["source <(ocuroot completion bash)", "in ~/.bashrc"],
    ["source <(ocuroot completion zsh)", "in ~/.zshrc, after compinit"],
    ["ocuroot completion fish | source", "in ~/.config/fish/config.fish"],
  ],
  help: [["ocuroot help release new", "the options of one command"]],
};

/** Puts the examples under the help of each command. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const own = examples[path.join(" ")];
  if (own) command.addHelpText("after", () => `\nExamples:\n${exampleLines(own).join("\n")}`);
  for (const each of command.commands) addExamples(each, [...path, each.name()]);
}

/** The purpose beside the command where there is room, else above it. */
function exampleLines(list: readonly Example[]): string[] {
  const width = Math.max(...list.map(([command]) => command.length));
  if (width <= 50) return list.map(([command, purpose]) => `  ${command.padEnd(width)}  # ${purpose}`);
  return list.flatMap(([command, purpose]) => [`  # ${purpose}`, `  ${command}`]);
}
