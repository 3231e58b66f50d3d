import type { SdkFunction } from "@ocuroot/engine";
import type {
  CallExpression,
  Chunk,
  DefStatement,
  Expression,
  Identifier,
  LambdaExpression,
  PlacedNode,
  Statement,
  StringLiteral,
} from "@ocuroot/starlark";
import { bindSdkCall, findSdkFunction, type SdkCall } from "./calls.ts";
import { findErrors } from "./damage.ts";
import { type Meaning, meaningsOf } from "./meaning.ts";
import { perRevision } from "./memo.ts";
import { findRefStrings, type RefString } from "./refStrings.ts";
import type { FileView } from "./snapshot.ts";
import { getChildren } from "./tree.ts";
import { findWork, type WorkFacts } from "./work.ts";

/** A call and where it stands. */
export interface CallPlace {
  readonly node: CallExpression;
  /** The function it is written in; undefined at the top level of the file. */
  readonly owner: DefStatement | LambdaExpression | undefined;
  /** Inside a loop or comprehension: it may run any number of times, or never. */
  readonly isRepeated: boolean;
  /** Only run when a condition holds. */
  readonly isConditional: boolean;
  /** The `phase(...)` it is written in. */
  readonly phase: CallExpression | undefined;
  /** The top-level statement it is part of. */
  readonly statement: Statement;
  /** It is a statement of its own: its value is thrown away. */
  readonly isStatement: boolean;
}

/** An SDK call. */
export interface PlacedCall extends SdkCall, CallPlace {
  readonly node: CallExpression;
}

/** A call of anything else. */
export type OtherCall = CallPlace;

/** `object.name`. */
export interface Attribute {
  readonly object: Expression;
  readonly name: Identifier;
}

/** What a top-level statement says. */
export interface StatementPart {
  readonly statement: Statement;
  readonly sdkCalls: readonly PlacedCall[];
  readonly otherCalls: readonly OtherCall[];
  readonly functions: readonly DefStatement[];
  readonly attributes: readonly Attribute[];
  readonly strings: readonly StringLiteral[];
}

/** What a file's text says; only `work` looks into the files it loads. */
export interface FileFacts extends Omit<StatementPart, "statement"> {
  readonly parts: readonly StatementPart[];
  readonly refs: readonly RefString[];
  readonly work: WorkFacts;
  /** Some of the text cannot be read, so what seems to be missing may be in it. */
  readonly isBroken: boolean;
  callOf(node: CallExpression): PlacedCall | undefined;
  /** The top-level statement that a chunk's nodes belong to. */
  statementAt(chunk: Chunk): Statement | undefined;
}

/** Work is read across files, so it is out of date when a loaded file changes. */
const workOf = perRevision((view) => findWork(view, view.facts.sdkCalls));

/** Collects what a file says. What its statements say by themselves is kept with them, so an edit costs its own. */
export function findFacts(view: FileView): FileFacts {
  const meanings = meaningsOf(view);
  return new Facts(
    view,
    view.module.statements.map((each) => partOf(view, each, meanings?.get(each))),
  );
}

/** What the parts say together, put together when it is asked for. */
class Facts implements FileFacts {
  readonly isBroken: boolean;
  readonly #byChunk = new Map<Chunk, Part>();
  #sdkCalls: readonly PlacedCall[] | undefined;
  #otherCalls: readonly OtherCall[] | undefined;
  #functions: readonly DefStatement[] | undefined;
  #attributes: readonly Attribute[] | undefined;
  #strings: readonly StringLiteral[] | undefined;
  #refs: readonly RefString[] | undefined;

  constructor(
    private readonly view: FileView,
    readonly parts: readonly Part[],
  ) {
    this.isBroken = findErrors(view).length > 0;
    for (const each of parts) this.#byChunk.set(each.statement.chunk, each);
  }

  get sdkCalls(): readonly PlacedCall[] {
    this.#sdkCalls ??= join(this.parts, (each) => each.sdkCalls);
    return this.#sdkCalls;
  }

  get otherCalls(): readonly OtherCall[] {
    this.#otherCalls ??= join(this.parts, (each) => each.otherCalls);
    return this.#otherCalls;
  }

  get functions(): readonly DefStatement[] {
    this.#functions ??= join(this.parts, (each) => each.functions);
    return this.#functions;
  }

  get attributes(): readonly Attribute[] {
    this.#attributes ??= join(this.parts, (each) => each.attributes);
    return this.#attributes;
  }

  get strings(): readonly StringLiteral[] {
    this.#strings ??= join(this.parts, (each) => each.strings);
    return this.#strings;
  }

  get refs(): readonly RefString[] {
    this.#refs ??= findRefStrings(this.view, this.sdkCalls);
    return this.#refs;
  }

  get work(): WorkFacts {
    return workOf(this.view);
  }

  callOf(node: CallExpression): PlacedCall | undefined {
    return this.#byChunk.get(node.chunk)?.callOf(node);
  }

  statementAt(chunk: Chunk): Statement | undefined {
    return this.#byChunk.get(chunk)?.statement;
  }
}

function join<Item>(parts: readonly Part[], itemsOf: (part: Part) => readonly Item[]): Item[] {
  const all: Item[] = [];
  for (const part of parts) for (const item of itemsOf(part)) all.push(item);
  return all;
}

const parts = new WeakMap<Meaning, Part>();

function partOf(view: FileView, statement: Statement, meaning: Meaning | undefined): Part {
  let part = meaning === undefined ? undefined : parts.get(meaning);
  if (part === undefined) {
    part = new Part(view, statement);
    if (meaning !== undefined) parts.set(meaning, part);
  }
  return part;
}

class Part implements StatementPart {
  readonly sdkCalls: PlacedCall[] = [];
  readonly otherCalls: OtherCall[] = [];
  readonly functions: readonly DefStatement[];
  readonly attributes: readonly Attribute[];
  readonly strings: readonly StringLiteral[];
  readonly #byNode = new Map<CallExpression, PlacedCall>();

  constructor(
    { sdk, resolution }: FileView,
    readonly statement: Statement,
  ) {
    const { calls, functions, attributes, strings } = statementFactsOf(statement);
    this.functions = functions;
    this.attributes = attributes;
    this.strings = strings;
    for (const place of calls) {
      const entry = findSdkFunction(sdk, resolution, place.node.callee);
      if (entry === undefined) {
        this.otherCalls.push(place);
        continue;
      }
      const call = placeCall(place, entry);
      this.sdkCalls.push(call);
      this.#byNode.set(place.node, call);
    }
  }

  callOf(node: CallExpression): PlacedCall | undefined {
    return this.#byNode.get(node);
  }
}

const placedCalls = new WeakMap<CallPlace, PlacedCall>();

/** Puts arguments to parameters, once for each place and function. */
function placeCall(place: CallPlace, entry: SdkFunction): PlacedCall {
  const known = placedCalls.get(place);
  if (known?.entry === entry) return known;
  const call = { ...bindSdkCall(place.node, entry), ...place };
  placedCalls.set(place, call);
  return call;
}

/** What a statement says, whatever its names mean. */
interface StatementFacts {
  readonly calls: readonly CallPlace[];
  readonly functions: readonly DefStatement[];
  readonly attributes: readonly Attribute[];
  readonly strings: readonly StringLiteral[];
}

const statementFacts = new WeakMap<Statement, StatementFacts>();

function statementFactsOf(statement: Statement): StatementFacts {
  let facts = statementFacts.get(statement);
  if (facts === undefined) {
    facts = new Collector(statement).collect();
    statementFacts.set(statement, facts);
  }
  return facts;
}

interface Context {
  readonly owner: DefStatement | LambdaExpression | undefined;
  readonly isRepeated: boolean;
  readonly isConditional: boolean;
  readonly phase: CallExpression | undefined;
}

class Collector {
  readonly #calls: CallPlace[] = [];
  readonly #functions: DefStatement[] = [];
  readonly #attributes: Attribute[] = [];
  readonly #strings: StringLiteral[] = [];

  constructor(private readonly statement: Statement) {}

  collect(): StatementFacts {
    this.#visit(this.statement, { owner: undefined, isRepeated: false, isConditional: false, phase: undefined });
    return { calls: this.#calls, functions: this.#functions, attributes: this.#attributes, strings: this.#strings };
  }

  #visit(node: PlacedNode, context: Context): void {
    switch (node.kind) {
      case "DefStatement":
        this.#functions.push(node);
        this.#visitFunction(node, node.body, context);
        return;
      case "LambdaExpression":
        this.#visitFunction(node, [node.body], context);
        return;
      case "CallExpression":
        this.#visitCall(node, context, false);
        return;
      case "ExpressionStatement":
        if (node.expression.kind === "CallExpression") this.#visitCall(node.expression, context, true);
        else this.#visit(node.expression, context);
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
        this.#visit(node.object, context);
        return;
      case "StringLiteral":
        this.#strings.push(node);
        return;
      default:
        this.#visitChildren(node, context);
    }
  }

  #visitFunction(
    node: DefStatement | LambdaExpression,
    body: readonly (Statement | Expression)[],
    context: Context,
  ): void {
    for (const parameter of node.parameters) {
      if (parameter.default !== undefined) this.#visit(parameter.default, context);
    }
    const inside: Context = { owner: node, isRepeated: false, isConditional: false, phase: undefined };
    for (const each of body) this.#visit(each, inside);
  }

  #visitCall(node: CallExpression, context: Context, isStatement: boolean): void {
    this.#calls.push({ node, ...context, statement: this.statement, isStatement });
    const isPhase = node.callee.kind === "Identifier" && node.callee.name === "phase";
    this.#visitChildren(node, isPhase ? { ...context, phase: node } : context);
  }

  #visitChildren(node: PlacedNode, context: Context): void {
    for (const child of getChildren(node)) this.#visit(child, context);
  }
}
