import type {
  CallExpression,
  DefStatement,
  Expression,
  Identifier,
  LambdaExpression,
  PlacedNode,
  Statement,
  StringLiteral,
} from "@ocuroot/starlark";
import type { FileView } from "../snapshot.ts";
import { bindSdkCall, findSdkFunction, type SdkCall } from "./calls.ts";
import { findRefStrings, type RefString } from "./refStrings.ts";
import { getChildren } from "./tree.ts";
import { findWork, type WorkFacts } from "./work.ts";

/** An SDK call and where it stands. */
export interface PlacedCall extends SdkCall {
  /** The function it is written in; undefined at the top level of the file. */
  readonly owner: DefStatement | LambdaExpression | undefined;
  /** Inside a loop or comprehension: it may run any number of times, or never. */
  readonly isRepeated: boolean;
  /** Only run when a condition holds. */
  readonly isConditional: boolean;
  /** The `phase(...)` it is written in. */
  readonly phase: CallExpression | undefined;
}

/** A call of anything that is not an SDK function. */
export interface OtherCall {
  readonly node: CallExpression;
  readonly owner: DefStatement | LambdaExpression | undefined;
}

/** What one walk over a file finds; nothing here looks into other files. */
export interface FileFacts {
  readonly sdkCalls: readonly PlacedCall[];
  readonly otherCalls: readonly OtherCall[];
  readonly functions: readonly DefStatement[];
  readonly attributes: readonly { readonly object: Expression; readonly name: Identifier }[];
  readonly strings: readonly StringLiteral[];
  readonly refs: readonly RefString[];
  readonly work: WorkFacts;
  /** Some of the text cannot be read, so what seems to be missing may be in it. */
  readonly isBroken: boolean;
  callOf(node: CallExpression): PlacedCall | undefined;
}

interface Context {
  readonly owner: DefStatement | LambdaExpression | undefined;
  readonly isRepeated: boolean;
  readonly isConditional: boolean;
  readonly phase: CallExpression | undefined;
}

/** Walks a file once and collects what the features need. */
export function findFacts(view: FileView): FileFacts {
  const collector = new Collector(view);
  const top: Context = { owner: undefined, isRepeated: false, isConditional: false, phase: undefined };
  for (const statement of view.module.statements) collector.visit(statement, top);
  return collector.finish();
}

class Collector {
  readonly #calls: PlacedCall[] = [];
  readonly #byNode = new Map<CallExpression, PlacedCall>();
  readonly #others: OtherCall[] = [];
  readonly #functions: DefStatement[] = [];
  readonly #attributes: { object: Expression; name: Identifier }[] = [];
  readonly #strings: StringLiteral[] = [];

  constructor(private readonly view: FileView) {}

  visit(node: PlacedNode, context: Context): void {
    switch (node.kind) {
      case "DefStatement":
        this.#functions.push(node);
        this.#visitFunction(node, node.body, context);
        return;
      case "LambdaExpression":
        this.#visitFunction(node, [node.body], context);
        return;
      case "CallExpression":
        this.#visitCall(node, context);
        return;
      case "Comprehension":
      case "ForStatement":
      case "WhileStatement":
        this.#visitChildren(node, { ...context, isRepeated: true });
        return;
      case "IfStatement":
      case "ConditionalExpression":
        this.#visitChildren(node, { ...context, isConditional: true });
        return;
      case "DotExpression":
        this.#attributes.push({ object: node.object, name: node.name });
        this.visit(node.object, context);
        return;
      case "StringLiteral":
        this.#strings.push(node);
        return;
      default:
        this.#visitChildren(node, context);
    }
  }

  finish(): FileFacts {
    const { view } = this;
    const calls = this.#calls;
    const byNode = this.#byNode;
    const memo: { refs?: readonly RefString[]; work?: WorkFacts } = {};
    return {
      sdkCalls: calls,
      otherCalls: this.#others,
      functions: this.#functions,
      attributes: this.#attributes,
      strings: this.#strings,
      isBroken: view.syntaxDiagnostics.some((each) => each.severity === "error"),
      callOf: (node) => byNode.get(node),
      get refs() {
        memo.refs ??= findRefStrings(view, calls);
        return memo.refs;
      },
      get work() {
        memo.work ??= findWork(view, calls);
        return memo.work;
      },
    };
  }

  #visitFunction(
    node: DefStatement | LambdaExpression,
    body: readonly (Statement | Expression)[],
    context: Context,
  ): void {
    for (const parameter of node.parameters) {
      if (parameter.default !== undefined) this.visit(parameter.default, context);
    }
    const inside: Context = { owner: node, isRepeated: false, isConditional: false, phase: undefined };
    for (const each of body) this.visit(each, inside);
  }

  #visitCall(node: CallExpression, context: Context): void {
    const entry = findSdkFunction(this.view.sdk, this.view.resolution, node.callee);
    if (entry === undefined) {
      this.#others.push({ node, owner: context.owner });
      this.#visitChildren(node, context);
      return;
    }
    const placed: PlacedCall = { ...bindSdkCall(node, entry), ...context };
    this.#calls.push(placed);
    this.#byNode.set(node, placed);
    this.#visitChildren(node, entry.name === "phase" ? { ...context, phase: node } : context);
  }

  #visitChildren(node: PlacedNode, context: Context): void {
    for (const child of getChildren(node)) this.visit(child, context);
  }
}
