/**
 * Pages of the documentation, run as they stand. In a section, a block whose fence names a file (```python release.ocu.star)
 * is that file; a `console` block is typed line by line, and what follows a `$ ` line must be what it prints. An ellipsis
 * stands for anything: `…` within a line, a line of its own for any lines.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { runCli } from "../../../src/cli/runCli.ts";
import { Sandbox } from "../sandbox.ts";

const documents = join(__dirname, "../../../../docs");

interface Block {
  readonly language: string;
  /** The path after the language, if there is one. */
  readonly path: string;
  readonly text: string;
  /** Line of the page. */
  readonly line: number;
}

interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Declares a test for each section of a page that has something to run. */
export function describePage(page: string): void {
  describe(`docs/${page}`, function () {
    this.timeout(60_000);
    const sections = sectionsOf(readFileSync(join(documents, page), "utf8"));
    const told = sections.filter(({ blocks }) => blocks.some(({ language }) => language === "console"));
    if (told.length === 0) throw new Error(`${page} has nothing to run`);
    for (const section of told) it(section.title, () => tell(section, page));
  });
}

function sectionsOf(text: string): Section[] {
  const sections: { title: string; blocks: Block[] }[] = [{ title: "introduction", blocks: [] }];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const heading = /^## (.*)$/.exec(lines[i] as string)?.[1];
    if (heading !== undefined) sections.push({ title: heading, blocks: [] });
    const fence = /^```(\w*) ?(.*)$/.exec(lines[i] as string);
    if (!fence) continue;
    const start = i + 1;
    while (++i < lines.length && lines[i] !== "```");
    const text = lines
      .slice(start, i)
      .map((line) => `${line}\n`)
      .join("");
    sections.at(-1)?.blocks.push({ language: fence[1] as string, path: fence[2] as string, text, line: start + 1 });
  }
  return sections;
}

async function tell({ blocks }: Section, page: string): Promise<void> {
  const sandbox = new Sandbox();
  try {
    sandbox.git("init", "-q", "-b", "main");
    let isChanged = false;
    for (const block of blocks) {
      if (block.language === "console") {
        if (isChanged) sandbox.commit();
        isChanged = false;
        await type(sandbox, block, page);
      } else if (block.path !== "") {
        sandbox.write(block.path, block.text);
        if (block.path.endsWith(".sh")) chmodSync(sandbox.path(block.path), 0o755);
        isChanged = true;
      }
    }
  } finally {
    sandbox.remove();
  }
}

async function type(sandbox: Sandbox, { text, line }: Block, page: string): Promise<void> {
  const parts = text.split(/^\$ /m);
  assert.equal(parts[0], "", `${page}:${line}: a console block begins with a command`);
  for (const part of parts.slice(1)) {
    const [command = "", ...expected] = part.replace(/\n+$/, "").split("\n");
    const printed = await run(sandbox, command);
    const shown = printed.replaceAll(sandbox.root, "/home/you/shop").trimEnd();
    if (!fits(expected, shown === "" ? [] : shown.split("\n"))) {
      assert.equal(shown, expected.join("\n"), `${page}, from line ${line}: $ ${command}`);
    }
  }
}

/** Our own command in this process, anything else by the shell. */
async function run(sandbox: Sandbox, command: string): Promise<string> {
  const words = /^ocuroot (.*?)(?: +#.*)?$/.exec(command)?.[1];
  if (words === undefined) {
    const { stdout, stderr } = spawnSync("sh", ["-c", command], {
      cwd: sandbox.root,
      env: sandbox.env as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
    return stdout + stderr;
  }
  let printed = "";
  const output = { write: (text: string) => (printed += text) };
  const env = { ...sandbox.env, OCUROOT_HOME: join(sandbox.root, ".git/ocuroot-home") };
  const io = { cwd: sandbox.root, env, stdout: output, stderr: output, stdin: Readable.from([]) };
  await runCli(wordsOf(words), { ...io, signals: new EventEmitter() });
  return printed;
}

/** Words of a command line, quoted as for a shell. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"),
  );
}

/** Whether lines are as expected, with an ellipsis for anything. */
function fits(expected: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return shown.length === 0;
  if (first.trim() === "…") return shown.some((_, i) => fits(rest, shown.slice(i))) || rest.length === 0;
  return shown.length > 0 && linePattern(first).test((shown[0] as string).trimEnd()) && fits(rest, shown.slice(1));
}

function linePattern(line: string): RegExp {
  const escaped = line.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("…", ".*")}$`);
}
