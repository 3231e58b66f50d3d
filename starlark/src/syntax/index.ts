export * from "./ast.ts";
export { type SyntaxCode, syntaxCodes } from "./codes.ts";
export { createParser } from "./parser.ts";
export { type StringOffsetMap, stringOffsetMap } from "./stringOffsets.ts";
export type { Parser, ParserAssets, SyntaxDocument, SyntaxResult, TextChange } from "./syntax.ts";
export { isReservedWord, keywords, reservedWords } from "./words.ts";
