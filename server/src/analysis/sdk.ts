import {
  newestSdkVersion,
  predeclaredNames as predeclaredOf,
  resolveSdkVersion,
  type SdkCatalog,
  sdkCatalog,
} from "@ocuroot/engine";
import type { CallExpression, Module } from "@ocuroot/starlark";

/** The names of the SDK version that a file asks for; those of the newest when it asks for none or an unknown one. */
export function catalogOf(module: Module): SdkCatalog {
  const call = findVersionCalls(module)[0];
  const argument = call?.arguments[0]?.value;
  if (argument?.kind !== "StringLiteral") return sdkCatalog(newestSdkVersion);
  const resolved = resolveSdkVersion(argument.value);
  return sdkCatalog(resolved.ok ? resolved.version : newestSdkVersion);
}

/** Top-level `ocuroot(...)` calls. */
function findVersionCalls(module: Module): CallExpression[] {
  const calls: CallExpression[] = [];
  for (const statement of module.statements) {
    if (statement.kind !== "ExpressionStatement" || statement.expression.kind !== "CallExpression") continue;
    const { callee } = statement.expression;
    if (callee.kind === "Identifier" && callee.name === "ocuroot") calls.push(statement.expression);
  }
  return calls;
}

export function isPredeclared(catalog: SdkCatalog, name: string): boolean {
  return predeclaredNames(catalog).has(name);
}

const namesOfCatalog = new WeakMap<SdkCatalog, ReadonlySet<string>>();

export function predeclaredNames(catalog: SdkCatalog): ReadonlySet<string> {
  let names = namesOfCatalog.get(catalog);
  if (names === undefined) {
    names = predeclaredOf(catalog.version);
    namesOfCatalog.set(catalog, names);
  }
  return names;
}
