/** The public surface of the Starlark interpreter. */

export { attributeNames, findAttribute } from "./builtins/attributes.ts";
export { type BuiltinDoc, methodDocs, predeclaredDocs, universeDocs } from "./builtins/docs.ts";
export { jsonModule } from "./builtins/json.ts";
export { makeStruct } from "./builtins/makeStruct.ts";
export { mathModule } from "./builtins/math.ts";
export { timeModule } from "./builtins/time/index.ts";
export { universe } from "./builtins/universe.ts";
export {
  type ArgumentType,
  type ParameterSpec,
  unpackArguments,
  unpackPositional,
} from "./builtins/unpack.ts";
export { compile } from "./compile/compile.ts";
export type { FunctionInfo, LoadInfo, Program } from "./compile/program.ts";
export type { Diagnostic, RelatedPlace, Severity, TextFix } from "./diagnostics.ts";
export { getAttribute } from "./eval/access.ts";
export { CancelledError, EvalError, type Frame, isStackOverflow, type StopReason } from "./eval/errors.ts";
export { call, type ExecuteOptions, execute, type ModuleGlobals } from "./eval/execute.ts";
export { binary } from "./eval/operators.ts";
export { type Budget, type LoadFunction, Thread, type ThreadOptions } from "./eval/thread.ts";
export { problemSeverities as resolverSeverities } from "./resolve/messages.ts";
export type * from "./resolve/resolution.ts";
export { resolve } from "./resolve/resolve.ts";
export { universeNames } from "./resolve/universeNames.ts";
export { type Position, SourceFile } from "./source.ts";
export { nearestName } from "./spell.ts";
export * from "./syntax/ast.ts";
export { syntaxCodes } from "./syntax/codes.ts";
export { createParser, createTreeParser, type TreeNode, type TreeParser } from "./syntax/parser.ts";
export { stringOffsetMap } from "./syntax/stringOffsets.ts";
export type * from "./syntax/syntax.ts";
export { isUnfinished } from "./syntax/unfinished.ts";
export { Bytes } from "./values/bytes.ts";
export { compare, equals } from "./values/compare.ts";
export { Dict } from "./values/dict.ts";
export { Float } from "./values/float.ts";
export {
  BuiltinFunction,
  type BuiltinImplementation,
  isCallable,
  type KeywordArguments,
  type ParameterInfo,
  type ParameterKind,
  type SourcePosition,
  StarlarkFunction,
} from "./values/functions.ts";
export { isIterable, iterate, lengthOf } from "./values/iterate.ts";
export { fromJson, toJson } from "./values/json.ts";
export { List } from "./values/list.ts";
export { NativeModule } from "./values/module.ts";
export { repr, str } from "./values/print.ts";
export { watched } from "./values/pulse.ts";
export { Range } from "./values/range.ts";
export { StarlarkSet } from "./values/set.ts";
export { Struct } from "./values/struct.ts";
export { bytesOf, textOf } from "./values/text.ts";
export { Tuple } from "./values/tuple.ts";
export {
  type BinaryOperatorName,
  type ComparisonOperator,
  Failure,
  freeze,
  type Int,
  isInt,
  type MapKey,
  NoSuchAttribute,
  StarlarkValue,
  truth,
  typeOf,
  type Value,
  type ValueIterator,
} from "./values/value.ts";
