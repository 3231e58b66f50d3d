import { Bytes } from "../values/bytes.ts";
import { Dict } from "../values/dict.ts";
import { BuiltinFunction, type Method } from "../values/functions.ts";
import { List } from "../values/list.ts";
import { StarlarkSet } from "../values/set.ts";
import { StarlarkValue, typeOf, type Value } from "../values/value.ts";
import { bytesMethods, dictMethods, listMethods, setMethods } from "./collections.ts";
import { stringMethods } from "./strings.ts";

const noMethods: ReadonlyMap<string, Method> = new Map();

/** The methods of one name that values of the different types have. */
export interface MethodsOfName {
  readonly name: string;
  readonly string: Method | undefined;
  readonly list: Method | undefined;
  readonly dict: Method | undefined;
}

export function methodsNamed(name: string): MethodsOfName {
  const [string, list, dict] = [stringMethods, listMethods, dictMethods].map((table) => table.get(name));
  // Each is only looked at for values of its own type.
  return { name, string, list, dict } as unknown as MethodsOfName;
}

/** The methods of a value's type, if it is one of the language's own. */
function methodsOf(value: Value): ReadonlyMap<string, Method<never>> {
  if (typeof value === "string") return stringMethods;
  if (value instanceof List) return listMethods;
  if (value instanceof Dict) return dictMethods;
  if (value instanceof StarlarkSet) return setMethods;
  return value instanceof Bytes ? bytesMethods : noMethods;
}

/** The method `name` of a value of one of the language's own types. */
export function findMethod(value: Value, name: string): Method | undefined {
  // The table was chosen by the type of the value, which is therefore what the method takes.
  return methodsOf(value).get(name) as Method | undefined;
}

/** The attribute `name` of any value; undefined when it has none. Hosts' values may throw NoSuchAttribute instead. */
export function findAttribute(value: Value, name: string): Value | undefined {
  const method = findMethod(value, name);
  if (method) {
    const call = (thread: Parameters<Method["call"]>[3], args: Value[], kwargs: Parameters<Method["call"]>[2]) =>
      method.call(value, args, kwargs, thread);
    return new BuiltinFunction(name, call, value, typeOf(value));
  }
  return value instanceof StarlarkValue ? value.attribute?.(name) : undefined;
}

/** Names of all attributes, sorted. */
export function attributeNames(value: Value): string[] {
  const methods = methodsOf(value);
  const names = methods.size > 0 ? [...methods.keys()] : ((value as StarlarkValue | null)?.attributeNames?.() ?? []);
  return [...names].sort();
}

export const methodTables: Readonly<Record<string, ReadonlyMap<string, Method<never>>>> = {
  string: stringMethods,
  list: listMethods,
  dict: dictMethods,
  set: setMethods,
  bytes: bytesMethods,
};
