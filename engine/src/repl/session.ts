import {
  attributeNames,
  BuiltinFunction,
  findAttribute,
  isCallable,
  repr,
  textOf,
  toJson,
  type Value,
} from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import { asEvalError, Evaluation, type EvaluationOptions } from "../package/evaluation.ts";
import { hasErrors, problemOfError } from "../package/problems.ts";
import { repositoryFile } from "../package/repository.ts";
import { createPredeclared } from "../sdk/backend/index.ts";
import { newestSdkVersion, sdkCatalog } from "../sdk/versions.ts";
import { helpText } from "./help.ts";
import { type ReplInput, type ReplReply, type ReplRequest, resultName } from "./messages.ts";

/** The values of a prompt: those of the file, and those that the inputs so far have bound. Lives in a worker thread. */
export class ReplSession {
  readonly #evaluation: Evaluation;
  readonly #options: EvaluationOptions;
  readonly #version: string;
  readonly #names = new Map<string, Value>();

  constructor(options: EvaluationOptions) {
    const { main } = options.closure;
    this.#options = options;
    this.#evaluation = new Evaluation(main === repositoryFile ? "repository" : "package", options);
    this.#version = this.#evaluation.versionOf(main) ?? newestSdkVersion;
    this.#names.set("help", this.#help());
  }

  answer(request: ReplRequest): ReplReply {
    switch (request.kind) {
      case "open":
        return this.#open();
      case "run":
        return this.#run(request.input);
      case "attributes":
        return { kind: "attributes", attributes: this.#attributes(request.path) };
    }
  }

  #open(): ReplReply {
    const { problems, files } = this.#options.closure;
    if (hasErrors(problems) || files.size === 0) return { kind: "opened", problems, names: this.#allNames() };
    const globals = this.#evaluation.execute()?.globals ?? new Map<string, Value>();
    for (const [name, value] of globals) this.#names.set(name, value);
    return { kind: "opened", problems: [...problems, ...this.#evaluation.problems], names: this.#allNames() };
  }

  #run({ program, files }: ReplInput): ReplReply {
    const before = this.#evaluation.problems.length;
    try {
      const bound = this.#evaluation.interpret(program, this.#version, this.#names, files);
      const result = bound.get(resultName) ?? null;
      for (const [name, value] of bound) if (name !== resultName) this.#names.set(name, value);
      if (result === null) return { kind: "ran", names: this.#allNames() };
      this.#names.set("_", result);
      const json = jsonOf(result);
      const shown = this.#evaluation.mask(textOf(repr(result)));
      const withJson = json === undefined ? {} : { json: this.#evaluation.mask(json) };
      return { kind: "ran", shown, ...withJson, names: this.#allNames() };
    } catch (error) {
      const problem = this.#evaluation.mask(problemOfError(asEvalError(error)));
      return { kind: "ran", problem, names: this.#allNames() };
    } finally {
      // What an input reports is told with it, or not at all.
      this.#evaluation.problems.splice(before);
    }
  }

  #allNames(): string[] {
    return [...this.#names.keys()];
  }

  #attributes(path: readonly string[]) {
    const value = this.#follow(path);
    if (value === undefined || value === null) return [];
    return attributeNames(value).map((name) => {
      const attribute = quietly(() => findAttribute(value, name));
      return { name, isCallable: attribute !== undefined && isCallable(attribute) };
    });
  }

  #follow([first = "", ...rest]: readonly string[]): Value | undefined {
    let value = this.#names.get(first) ?? createPredeclared(this.#version, this.#evaluation).get(first);
    for (const name of rest) {
      if (value === undefined || value === null) return undefined;
      const from: Value = value;
      value = quietly(() => findAttribute(from, name));
    }
    return value;
  }

  #help(): BuiltinFunction {
    return new BuiltinFunction("help", (_thread, args) => {
      const text = helpText(args[0], sdkCatalog(this.#version));
      for (const line of this.#evaluation.mask(text).split("\n")) this.#options.host.print(line);
      return null;
    });
  }
}

/** Hosts' values may refuse a look at an attribute: then it cannot be completed. */
function quietly(look: () => Value | undefined): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function jsonOf(value: Value): JsonValue | undefined {
  try {
    return toJson(value) as JsonValue;
  } catch {
    return undefined; // Functions and the like have no such form.
  }
}
