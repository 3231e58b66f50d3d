/** What can stand where somebody pressed Tab: commands, options, their values, files and refs. */
import type { Command, Option } from "commander";

export interface Candidate {
  /** The whole word, as it is without quotes. */
  readonly value: string;
  readonly description?: string;
  /** More of the same word may follow: no space after it. */
  readonly isOpen?: boolean;
}

/** What a word names that no command line knows by itself. */
export interface CompletionSources {
  folders(partial: string): Candidate[];
  /** Package files and modules, and the folders that lead there. */
  files(partial: string): Candidate[];
  /** Files with what the stores have below them; of `release`, the releases only. */
  refs(partial: string, kind: "ref" | "release"): Promise<Candidate[]>;
}

/** Where a command line has come to. */
interface Position {
  readonly command: Command;
  /** Arguments that the command has got. */
  readonly given: readonly string[];
  /** The option whose value is to follow. */
  readonly option: Option | undefined;
}

/** Candidates for the last of `words`, which come after the program's name. */
export async function candidates(
  program: Command,
  words: readonly string[],
  sources: CompletionSources,
): Promise<Candidate[]> {
  const partial = words.at(-1) ?? "";
  const { command, given, option } = positionOf(program, words.slice(0, -1));
  const found = await candidatesAt(program, { command, given, option }, partial, sources);
  return found.filter(({ value }) => value.startsWith(partial));
}

/** The folder that `-C` names. */
export function folderOption(program: Command, words: readonly string[]): string | undefined {
  const option = program.options.find(({ long }) => long === "--directory");
  const index = words.findIndex((word) => word === option?.short || word === option?.long);
  return index < 0 || index >= words.length - 2 ? undefined : words[index + 1];
}

async function candidatesAt(
  program: Command,
  { command, given, option }: Position,
  partial: string,
  sources: CompletionSources,
): Promise<Candidate[]> {
  if (option) return await valuesOf(option, partial, sources);
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(partial) ?? [];
  const long = name === undefined ? undefined : findOption(program, command, name);
  if (long && value !== undefined) {
    return (await valuesOf(long, value, sources)).map((each) => ({ ...each, value: `${name}=${each.value}` }));
  }
  if (partial.startsWith("-")) return optionsOf(program, command);
  const visible = command.commands.filter((each) => !each.name().startsWith("_"));
  if (visible.length > 0) {
    // After a word that is no command nothing can follow.
    if (given.length > 0) return [];
    return visible.map((each) => ({ value: each.name(), description: each.description() }));
  }
  const argument = command.registeredArguments[given.length] ?? command.registeredArguments.findLast((a) => a.variadic);
  return argument ? await argumentsOf(argument.name(), partial, sources) : [];
}

function positionOf(program: Command, words: readonly string[]): Position {
  let command = program;
  let given: string[] = [];
  let option: Option | undefined;
  for (const word of words) {
    if (option) {
      option = undefined;
      continue;
    }
    if (word.startsWith("-") && word !== "-") {
      const found = findOption(program, command, word);
      option = found && (found.required || found.optional) ? found : undefined;
      continue;
    }
    const next = given.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (next) command = next;
    else given = [...given, word];
  }
  return { command, given, option };
}

function findOption(program: Command, command: Command, word: string): Option | undefined {
  return [...command.options, ...program.options].find(({ long, short }) => word === long || word === short);
}

function optionsOf(program: Command, command: Command): Candidate[] {
  const all = command === program ? program.options : [...command.options, ...program.options];
  return [...all.map(({ long, short, description }) => ({ value: long ?? short ?? "", description })), help];
}

const help: Candidate = { value: "--help", description: "display help for command" };

async function valuesOf(option: Option, partial: string, sources: CompletionSources): Promise<Candidate[]> {
  if (option.argChoices) return option.argChoices.map((value) => ({ value }));
  return await argumentsOf(/<(\w+)>/.exec(option.flags)?.[1] ?? "", partial, sources);
}

/** By the argument's name in the usage: `<file>`, `<ref>`, `<release>`, `[dir]`. */
async function argumentsOf(name: string, partial: string, sources: CompletionSources): Promise<Candidate[]> {
  switch (name) {
    case "file":
      return sources.files(partial);
    case "dir":
      return sources.folders(partial);
    case "ref":
    case "glob":
      return await sources.refs(partial, "ref");
    case "release":
      return await sources.refs(partial, "release");
    case "shell":
      return ["bash", "zsh", "fish"].map((value) => ({ value }));
    default:
      return [];
  }
}
