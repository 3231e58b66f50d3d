import type { Command } from "commander";
import { usageError } from "../errors.ts";
import type { Ui } from "../ui.ts";

/** What follows `ocuroot a b`: subcommands and options, by the words before. */
interface Words {
  readonly path: string;
  readonly words: readonly string[];
}

/** `completion`: a script that a shell reads, made of the commands that are there. */
export function completion(program: Command): (ui: Ui, args: readonly string[]) => number {
  return (ui, args) => {
    const table = wordsOf(program, []);
    const scripts: Readonly<Record<string, (table: readonly Words[]) => string>> = { bash, zsh, fish };
    const script = scripts[args[0] ?? ""];
    if (!script) throw usageError(`there is no completion for ${args[0]}`, ["use bash, zsh or fish"]);
    ui.out(script(table));
    return 0;
  };
}

function wordsOf(command: Command, path: readonly string[]): Words[] {
  const names = command.commands.map((each) => each.name());
  const options = command.options.flatMap((option) => option.long ?? []);
  const own = { path: path.join(" "), words: [...names, ...options] };
  return [own, ...command.commands.flatMap((each) => wordsOf(each, [...path, each.name()]))];
}

function bash(table: readonly Words[]): string {
  const cases = table.map(({ path, words }) => `    "${path}") words="${words.join(" ")}" ;;`);
  return `# bash completion for ocuroot; load it with: source <(ocuroot completion bash)
_ocuroot() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*|*.star*|*/*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -X '!*.star' -- "$current") $(compgen -d -S / -- "$current"))
}
complete -o nospace -F _ocuroot ocuroot`;
}

function zsh(table: readonly Words[]): string {
  const cases = table.map(({ path, words }) => `    "${path}") words=(${words.join(" ")}) ;;`);
  return `#compdef ocuroot
# zsh completion for ocuroot; load it with: source <(ocuroot completion zsh)
_ocuroot() {
  local path_="" word
  local -a words_ words
  words_=("\${(@)\${(z)BUFFER}[2,CURRENT-1]}")
  for word in $words_; do
    case "$word" in -*|*.star*|*/*) ;; *) path_="\${path_:+$path_ }$word" ;; esac
  done
  case "$path_" in
${cases.join("\n")}
  esac
  compadd -- $words
  _files -g '*.star'
}
compdef _ocuroot ocuroot`;
}

function fish(table: readonly Words[]): string {
  const lines = table.map(({ path, words }) => {
    const seen =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return `complete -c ocuroot -n '${seen}' -a '${words.filter((word) => !word.startsWith("-")).join(" ")}'`;
  });
  return `# fish completion for ocuroot; load it with: ocuroot completion fish | source\n${lines.join("\n")}`;
}
