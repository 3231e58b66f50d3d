/** The scripts that shells read. They only pass on what was typed: what can follow is said by the command itself. */

const bash = `# bash completion for ocuroot; load it with: source <(ocuroot completion bash)
_ocuroot() {
  local value
  COMPREPLY=()
  while IFS= read -r value; do
    COMPREPLY+=("$value")
  done < <("\${COMP_WORDS[0]}" __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
# Refs hold these characters: they end no word.
COMP_WORDBREAKS=\${COMP_WORDBREAKS//@/}
COMP_WORDBREAKS=\${COMP_WORDBREAKS//=/}
complete -o nospace -o nosort -F _ocuroot ocuroot 2>/dev/null || complete -o nospace -F _ocuroot ocuroot`;

const zsh = `#compdef ocuroot
# zsh completion for ocuroot; load it with: source <(ocuroot completion zsh)
_ocuroot() {
  local line value
  local -a open closed openshown closedshown
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    case "$line" in
      *$'\\t'+*) open+=("$value"); openshown+=("$value") ;;
      *) closed+=("$value"); closedshown+=("$value\${\${line#*$'\\t'}:+  -- \${line#*$'\\t'}}") ;;
    esac
  done < <("\${words[1]}" __complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  compadd -V open -S '' -d openshown -a open
  compadd -V closed -l -d closedshown -a closed
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _ocuroot ocuroot`;

const fish = `# fish completion for ocuroot; load it with: ocuroot completion fish | source
function __ocuroot_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  command $words[1] __complete fish -- $words[2..-1] (string unescape -- "$current"; or echo -- "$current") 2>/dev/null
end
complete -c ocuroot -e
complete -c ocuroot -f -k -a '(__ocuroot_complete)'`;

export const completionScripts: ReadonlyMap<string, string> = new Map([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
]);
