/** The part of JSON Schema that describes arguments of tools, and the check of arguments against it. */

export interface Property {
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ArgumentSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

export function argumentSchema(
  properties: Readonly<Record<string, Property>>,
  required: readonly string[] = [],
): ArgumentSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** What is wrong with arguments, in one sentence; undefined when nothing is. */
export function checkArguments(schema: ArgumentSchema, args: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(schema.properties);
  const unknown = Object.keys(args).find((name) => !Object.hasOwn(schema.properties, name));
  if (unknown !== undefined) return `there is no argument "${unknown}"; known: ${names.join(", ") || "none"}`;
  const missing = schema.required.find((name) => args[name] === undefined);
  if (missing !== undefined) return `the argument "${missing}" is missing`;
  for (const name of names) {
    const problem = args[name] === undefined ? undefined : wrong(schema.properties[name] as Property, args[name]);
    if (problem !== undefined) return `the argument "${name}" must be ${problem}`;
  }
  return undefined;
}

function wrong(property: Property, value: unknown): string | undefined {
  const { type, minimum = -Infinity, maximum = Infinity } = property;
  if (type === "integer") {
    if (!Number.isSafeInteger(value)) return "a whole number";
    const number = value as number;
    return number < minimum || number > maximum ? `from ${minimum} to ${maximum}` : undefined;
  }
  if (typeof value !== type) return type === "string" ? "a string" : "true or false";
  if (property.enum && !property.enum.includes(value as string)) return `one of ${property.enum.join(", ")}`;
  return undefined;
}
