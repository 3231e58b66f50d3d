import type { DefStatement, Identifier, LambdaExpression } from "@ocuroot/starlark";
import { type Caller, dialectOf, filesThatMayUse, findCallers } from "./functions.ts";
import type { FileView } from "./snapshot.ts";
import { contains, spanOf } from "./tree.ts";
import { type PlacedFunction, resolveFunction, unwrap } from "./values.ts";

type FunctionNode = DefStatement | LambdaExpression;

/** Functions that a work function in the ctx dialect hands its `ctx` on to, as in `helper(ctx)`. */
export function findHelpers(view: FileView, fn: FunctionNode): PlacedFunction[] {
  return handings(view).flatMap((each) => (each.from === fn ? [each.to] : []));
}

/** What is known to call a function as work; of a helper what calls those that hand it their `ctx`. */
export function findContextCallers(view: FileView, fn: FunctionNode): readonly Caller[] {
  const found = new Map<FunctionNode, readonly Caller[]>();
  const pending: PlacedFunction[] = [{ view, node: fn }];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    if (found.has(each.node)) continue;
    found.set(each.node, findCallers(each.view, each.node));
    pending.push(...findGivers(each.view, each.node));
  }
  return [...found.values()].flat();
}

/** Functions that hand their `ctx` on to this one. */
export function findGivers(view: FileView, fn: FunctionNode): PlacedFunction[] {
  if (dialectOf(fn) !== "ctx" || fn.kind !== "DefStatement") return [];
  return filesThatMayUse(view).flatMap((file) =>
    handings(file).flatMap((each) => (each.to.node === fn ? [{ view: file, node: each.from }] : [])),
  );
}

interface Handing {
  readonly from: FunctionNode;
  readonly to: PlacedFunction;
}

/** Each `helper(ctx)` of a file. */
function handings(view: FileView): Handing[] {
  return view.facts.otherCalls.flatMap(({ node }): Handing[] => {
    const [argument, another] = node.arguments;
    const value = argument === undefined || another !== undefined ? undefined : unwrap(argument.value);
    if (value?.kind !== "Identifier" || value.name !== "ctx" || argument?.star !== "") return [];
    const from = ownerOf(view, value);
    const to = from === undefined ? undefined : resolveFunction(view, node.callee);
    return from === undefined || to === undefined || dialectOf(to.node) !== "ctx" ? [] : [{ from, to }];
  });
}

/** The function whose `ctx` a name means. */
function ownerOf(view: FileView, name: Identifier): FunctionNode | undefined {
  const owner = view.resolution.bindingOf(name)?.owner?.node;
  const isContext = owner !== undefined && dialectOf(owner) === "ctx" && contains(spanOf(owner), spanOf(name).start);
  return isContext ? owner : undefined;
}
