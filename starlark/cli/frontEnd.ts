/**
 * What makes a program of a file's text: parser, resolver and compiler. It is a bundle of its own, as programs that are kept
 * (programCache.ts) do without; so nothing but plain data passes between it and the rest.
 */
import {
  compile,
  createParser,
  type Diagnostic,
  type DialectOptions,
  isUnfinished,
  type Parser,
  type ParserAssets,
  type Program,
  resolve,
  SourceFile,
  watched,
} from "../src/index.ts";

export interface PrepareOptions {
  readonly dialect: DialectOptions;
  readonly isPredeclared: (name: string) => boolean;
  /** Called now and then; what it throws ends the work. */
  readonly look?: () => void;
}

/** A program, or the static errors, one a line, in the words and at the places of the Go implementation. */
export type Prepared =
  | { readonly program: Program; readonly errors?: undefined }
  | { readonly program?: undefined; readonly errors: string };

export interface FrontEnd {
  prepare(filename: string, text: string, options: PrepareOptions): Prepared;
  /** Whether more must be typed for the text to be complete. */
  isUnfinished(text: string): boolean;
}

export async function createFrontEnd(assets: ParserAssets): Promise<FrontEnd> {
  return frontEndWith(await createParser(assets, { hasLargeStack: true }));
}

export function frontEndWith(parser: Parser): FrontEnd {
  return {
    isUnfinished,
    prepare: (filename, text, options) => {
      const run = () => prepare(parser, new SourceFile(filename, text), options);
      return options.look ? watched(options.look, run) : run();
    },
  };
}

function prepare(parser: Parser, file: SourceFile, { dialect, isPredeclared }: PrepareOptions): Prepared {
  const syntax = parser.parse(file.text);
  const syntaxErrors = errorsIn(file, syntax.diagnostics);
  if (syntaxErrors !== undefined) return { errors: syntaxErrors };
  const resolution = resolve(syntax.module, { dialect, file, isPredeclared });
  const errors = errorsIn(file, resolution.diagnostics);
  if (errors !== undefined) return { errors };
  return { program: compile(file, resolution, { recursion: dialect.recursion ?? false }) };
}

/** The Go implementation stops at the first syntax error: what is found before its place is only guessed at. */
function errorsIn(file: SourceFile, diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").map(referenceOf);
  const [first] = errors;
  if (first === undefined) return undefined;
  const lines = errors
    .filter((error) => error === first || error.offset > first.offset)
    .map(({ message, offset }) => {
      const { line, column } = file.positionAt(offset);
      return `${file.name}:${line}:${column}: ${message}`;
    });
  return lines.join("\n");
}

function referenceOf({ reference, span, message }: Diagnostic): { message: string; offset: number } {
  return { message: reference?.message ?? message, offset: reference?.offset ?? span.start };
}
