import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import type { Command } from "commander";
import { examples } from "../../src/cli/examples.ts";
import { createProgram } from "../../src/cli/program.ts";

function helpProgram() {
  const io = {
    cwd: process.cwd(),
    env: {},
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    stdin: Readable.from([]),
    signals: new EventEmitter(),
  };
  return createProgram(io, () => {});
}

function commandsOf(command: Command, path: readonly string[] = []): [string, Command][] {
  const visible = command.commands.filter((each) => !each.name().startsWith("_"));
  return [
    [path.join(" "), command] as [string, Command],
    ...visible.flatMap((each) => commandsOf(each, [...path, each.name()])),
  ];
}

/** Words as a shell takes them, up to a redirection or a pipe. */
function shellWords(text: string): string[] {
  const words = [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const end = words.findIndex((word) => [">", "<", "|"].includes(word));
  return end < 0 ? words : words.slice(0, end);
}

describe("help", () => {
  const commands = new Map(commandsOf(helpProgram()));

  for (const [name, command] of commands) {
    if (name === "version") continue;
    it(`shows how to use \`${`ocuroot ${name}`.trim()}\``, () => {
      assert.ok(examples[name]?.length, "it has examples");
      let text = "";
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      assert.match(text, /\nExamples:\n {2}(#|ocuroot|source)/);
      for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
    });
  }

  it("gives examples of commands and options that there are", () => {
    for (const [name, list] of Object.entries(examples)) {
      assert.ok(commands.has(name), `there is no command ${name}`);
      for (const [example] of list) {
        const [, typed = example] = /^source <\((.*)\)$/.exec(example) ?? [];
        const [program, ...words] = shellWords(typed);
        assert.equal(program, "ocuroot", example);
        let command = commands.get("") as Command;
        let given = 0;
        for (let index = 0; index < words.length; index++) {
          const word = words[index] as string;
          const next = given === 0 ? command.commands.find((each) => each.name() === word) : undefined;
          if (next) command = next;
          else if (/^--?[a-z]/.test(word)) {
            const all = [...command.options, ...(commands.get("") as Command).options];
            const option = all.find(({ long, short }) => word === long || word === short);
            assert.ok(option, `${example}: there is no option ${word}`);
            if (option.required) index++;
          } else given++;
        }
        const { registeredArguments } = command;
        const most = registeredArguments.at(-1)?.variadic ? Number.POSITIVE_INFINITY : registeredArguments.length;
        assert.ok(given <= most, `${example}: too many arguments`);
        if (command.name() === name.split(" ").at(-1)) {
          assert.ok(given >= registeredArguments.filter((argument) => argument.required).length, example);
        }
      }
    }
  });
});
