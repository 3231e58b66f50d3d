/** References: reading, printing, making absolute, following, matching. */
export { type AbsoluteOptions, makeAbsolute, type RefBase } from "./absolute.ts";
export { documentFileName, refSegments } from "./disk.ts";
export { compileGlob, type GlobProblem, globProblem, literalGlob, type RefGlob } from "./glob.ts";
export { type AtRef, lookupForm, resolveLinks, withoutFragment } from "./links.ts";
export {
  type ParsedRef,
  type ParseOptions,
  type ParseResult,
  parseRef,
  parseRefWithSpans,
  type RefProblem,
  type RefProblemCode,
  type RefRole,
  type RefSegment,
  type TemplateStyle,
} from "./parse.ts";
export {
  emptyRef,
  isAbsolute,
  isUnset,
  kindOf,
  printDocumentRef,
  printedRelease,
  printRef,
  type Ref,
  RefError,
  type RefKind,
  refKinds,
  releaseNumber,
  withPrintedRelease,
} from "./ref.ts";
