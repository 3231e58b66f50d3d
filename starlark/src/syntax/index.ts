export * from "./ast.ts";
export { createParser } from "./parser.ts";
export type { Parser, ParserAssets, SyntaxDocument, SyntaxResult, TextChange } from "./syntax.ts";
export { isReservedWord, keywords, reservedWords } from "./words.ts";
