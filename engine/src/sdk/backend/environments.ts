import { bytesOf, Dict, List, textOf, type Value } from "@ocuroot/starlark";
import { fromJsonValue, toStringRecord } from "../convert.ts";
import { describeType } from "../describeType.ts";
import { SdkFailure } from "../failure.ts";
import { EnvironmentValue } from "../values.ts";
import type { SdkCall, SdkImplementations } from "./call.ts";

/** `environment` and its relatives. */

/** What is wrong with an environment's name, or undefined. */
function environmentNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9._-]+$/.test(name) && name !== "." && name !== "..") return undefined;
  if (name === "." || name === "..") return `the environment name "${name}" would be read as a folder`;
  return `the environment name ${JSON.stringify(name)} may hold only letters, digits, ".", "_" and "-"`;
}

function createEnvironment(spelling: string, name: Value | undefined, attributes: Value | undefined): EnvironmentValue {
  if (typeof name !== "string") {
    const found = name === undefined ? "there is no `name`" : `\`name\` is ${describeType(name)}, want string`;
    throw new SdkFailure("sdk/wrong-type", `${spelling}: ${found}`);
  }
  const problem = environmentNameProblem(textOf(name));
  if (problem !== undefined) throw new SdkFailure("sdk/environment-name", `${spelling}: ${problem}`);
  if (attributes !== undefined && attributes !== null && !(attributes instanceof Dict)) {
    throw new SdkFailure("sdk/wrong-type", `${spelling}: \`attributes\` is ${describeType(attributes)}, want dict`);
  }
  return new EnvironmentValue({
    name: textOf(name),
    attributes: toStringRecord(attributes ?? undefined, `${spelling}: attributes`),
  });
}

function environment({ fn, args }: SdkCall): Value {
  return createEnvironment(fn.name, args.need("name"), args.get("attributes"));
}

function environments({ session }: SdkCall): Value {
  return new List(session.environments.map((model) => new EnvironmentValue(model)));
}

function registerEnvironment({ args, thread, session }: SdkCall): Value {
  session.declarations.registerEnvironment(thread, args.need("env") as EnvironmentValue);
  return null;
}

function environmentFromDict({ fn, args }: SdkCall): Value {
  const dict = args.need("d") as Dict;
  return createEnvironment(fn.name, dict.get("name"), dict.get("attributes"));
}

function environmentFromJson({ fn, args }: SdkCall): Value {
  const value = parse(fn.name, textOf(args.need("s") as string));
  if (!(value instanceof Dict)) {
    throw new SdkFailure(
      "sdk/wrong-type",
      `${fn.name}: the text is ${describeType(value)}, want an object with \`name\``,
    );
  }
  return createEnvironment(fn.name, value.get("name"), value.get(bytesOf("attributes")));
}

function parse(spelling: string, text: string): Value {
  try {
    return fromJsonValue(JSON.parse(text));
  } catch (error) {
    throw new SdkFailure("sdk/not-json", `${spelling}: the text is not JSON: ${(error as Error).message}`);
  }
}

export const environmentImplementations: SdkImplementations = {
  environment,
  environments,
  register_environment: registerEnvironment,
  environment_from_dict: environmentFromDict,
  environment_from_json: environmentFromJson,
};
