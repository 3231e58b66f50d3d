import { type CallExpression, type Diagnostic, type Module, type Node, spanOf, textOf } from "@ocuroot/starlark";
import { newestSdkVersion, resolveSdkVersion } from "../sdk/versions.ts";

/** The SDK version that a file's text chooses, and what is wrong with how it does (spec 1.3). */
export interface VersionCheck {
  /** The newest version when there is no call, or none that can be used. */
  readonly version: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds `ocuroot("…")` in the syntax tree, before anything is executed: the version decides which names there are. */
export function checkVersionCall(module: Module): VersionCheck {
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, call: CallExpression, message: string, first?: CallExpression) => {
    const related = first && [{ span: spanOf(first), message: "the first one is here" }];
    diagnostics.push({ code, severity: "error", span: spanOf(call), message, ...(related && { related }) });
  };

  let version: string | undefined;
  let first: CallExpression | undefined;
  const topLevel = new Set<CallExpression>();
  for (const statement of module.statements) {
    if (statement.kind === "ExpressionStatement" && isVersionCall(statement.expression)) {
      topLevel.add(statement.expression);
    }
  }
  for (const call of findCalls(module)) {
    if (!topLevel.has(call)) {
      report("sdk/version-place", call, "`ocuroot(...)` must stand alone at the top level of the file");
    } else if (first) {
      report("sdk/version-place", call, "`ocuroot(...)` can be called only once in a file", first);
    } else {
      first = call;
      const text = literalArgument(call);
      if (text === undefined) {
        report("sdk/version-place", call, '`ocuroot(...)` takes exactly one string literal, such as "0.3.0"');
        continue;
      }
      const resolution = resolveSdkVersion(text);
      if (resolution.ok) version = resolution.version;
      else report("sdk/unknown-version", call, resolution.message);
    }
  }
  return { version: version ?? newestSdkVersion, diagnostics };
}

function literalArgument(call: CallExpression): string | undefined {
  const [argument, ...others] = call.arguments;
  if (!argument || others.length > 0 || argument.star !== "" || argument.name) return undefined;
  let { value } = argument;
  while (value.kind === "ParenExpression") value = value.expression;
  return value.kind === "StringLiteral" ? textOf(value.value) : undefined;
}

function isVersionCall(node: Node): node is CallExpression {
  return node.kind === "CallExpression" && node.callee.kind === "Identifier" && node.callee.name === "ocuroot";
}

/** Every call of `ocuroot`, in the order of the file. */
function findCalls(module: Module): CallExpression[] {
  const calls: CallExpression[] = [];
  const visit = (node: Node) => {
    if (isVersionCall(node)) calls.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(module);
  return calls.sort((a, b) => spanOf(a).start - spanOf(b).start);
}

function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node) as unknown[]) {
    if (isNode(value)) yield value;
    else if (Array.isArray(value)) yield* value.filter(isNode);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value;
}
