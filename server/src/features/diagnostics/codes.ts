import type { Severity } from "@ocuroot/starlark";

/** One kind of problem that the server finds itself (the parser's and the resolver's have codes of their own). */
export interface CodeEntry {
  readonly severity: Severity;
  /** One line for the documentation. */
  readonly doc: string;
}

const error = (doc: string): CodeEntry => ({ severity: "error", doc });
const hint = (doc: string): CodeEntry => ({ severity: "hint", doc });
const information = (doc: string): CodeEntry => ({ severity: "information", doc });
const warning = (doc: string): CodeEntry => ({ severity: "warning", doc });

/** Every code with its level; tests and quick fixes act on the code, never on the message. */
export const codes = {
  "call/too-many-arguments": error("A call gives more positional arguments than the function takes."),
  "call/unknown-argument": error("A call names a parameter that the function does not have."),
  "call/missing-argument": error("A call leaves out a parameter that has no default."),
  "call/repeated-argument": error("A call gives a parameter twice."),
  "load/path": error("A `load` names something that is no relative path of a `.star` file."),
  "load/missing-file": error("A `load` names a file that is not there."),
  "load/missing-symbol": error("A `load` names something that the module does not define."),
  "load/outside-repository": error("A `load` leads out of the repository."),
  "load/cycle": error("Modules load each other in a circle."),
  "sdk/unknown-version": error("`ocuroot(...)` asks for a version that does not exist."),
  "sdk/version-place": error("`ocuroot(...)` takes one string literal, at top level, at most once."),
  "sdk/unknown-argument": error("An SDK function is given an argument that it does not have."),
  "sdk/missing-argument": error("A required argument of an SDK function is left out."),
  "sdk/repeated-argument": error("An argument of an SDK function is given twice, maybe under two spellings."),
  "sdk/too-many-arguments": error("An SDK function is given too many positional arguments."),
  "sdk/wrong-type": error("An argument of an SDK function has the wrong type."),
  "sdk/unknown-member": error("`host`, `http`, `store` or `json` has no member of that name."),
  "sdk/wrong-place": error("An SDK function is called in a file where it is not allowed."),
  "sdk/work-twice": error("Two pieces of work of one file have the same name."),
  "sdk/environment-twice": error("Two deploys of one file use the same environment."),
  "sdk/environments-and-work": error("A file both registers environments and declares work."),
  "sdk/not-top-level": error("`up` and `down` must be functions defined at the top level of a file."),
  "sdk/empty-input": error("`input()` needs `ref`, `default` or both."),
  "sdk/input-name": error("An input's name is not an identifier."),
  "sdk/environment-name": error("An environment's name has characters that are not allowed."),
  "sdk/environment-input": error("A deploy gets `environment` by itself; it cannot be an input."),
  "sdk/bad-tag": error("A tag has characters that are not allowed, or looks like the number of a release."),
  "sdk/unused-result": warning("The value of `done(...)` or `next(...)` is thrown away: it must be returned."),
  "sdk/unknown-input": error("A function reads an input that no caller passes."),
  "sdk/unknown-parameter": error("An input is passed to a function that has no such parameter."),
  "sdk/missing-input": error("A function's parameter without a default gets no input."),
  "refs/syntax": error("A ref cannot be read."),
  "refs/unknown-kind": error("A ref has a kind that does not exist."),
  "refs/unknown-file": error("A ref names a file that is not in the repository."),
  "refs/unknown-task": error("A ref names a task that the file does not declare."),
  "refs/unknown-environment": warning("A ref names an environment that is neither in state nor registered."),
  "refs/unknown-output": error("A ref names an output that the work does not have."),
  "refs/later-phase": error("A ref waits for work of the same or a later phase: it can never be ready."),
  "refs/self": error("Work waits for its own output of the same release: it can never be ready."),
  "refs/first-release": warning("A ref to an earlier release without a default blocks the first release."),
  "refs/cycle": warning("Files wait for each other in a circle: a first release of them can never finish."),
  "shell/syntax": error("A shell command has a fault in its syntax."),
  "shell/missing-script": warning("A shell command runs a script of the repository that does not exist."),
  "flow/unfinished": hint("Some paths of a work function end in `done`, `next` or `fail`, and another one just ends."),
  "refs/not-set": information("Work waits for custom state that nobody has set yet; `ocuroot state set` gives it."),
  "secrets/literal": warning(
    "A literal looks like a secret: keep it out of the repository and pass it through `secret()`.",
  ),
  "secrets/unmasked": hint("A value that looks like a secret is not passed through `secret()`, so logs would show it."),
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type Code = keyof typeof codes;
