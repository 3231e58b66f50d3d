import { type Diagnostic, resolverSeverities, syntaxCodes } from "@ocuroot/starlark";
import { codes } from "../src/features/diagnostics/codes.ts";
import { doDiagnostics } from "../src/features/diagnostics/index.ts";
import { type DiagnosticCase, diagnosticCases } from "./diagnosticCases.ts";
import { openMarked } from "./harness.ts";

/** What the resolver's codes say; those of the parser and the server are documented where they are declared. */
const resolverDocs: Readonly<Record<keyof typeof resolverSeverities, string>> = {
  "name/undefined": "A name is not defined.",
  "name/reassigned-global": "A top-level name is bound a second time.",
  "name/duplicate-parameter": "Two parameters have the same name.",
  "name/private-load": "A `load` names something that starts with `_` and is private to its module.",
  "name/empty-load": "A `load` names nothing.",
  "name/unused": "A local variable, a loaded name or a parameter is never used.",
  "parameter/order": "A parameter stands behind one that it must stand before.",
  "parameter/bare-star": "No parameter follows `*`.",
  "call/argument-order": "An argument stands behind one that it must stand before.",
  "call/repeated-argument": "A call gives a parameter twice.",
  "call/too-many-arguments": "A call gives more positional arguments than the function takes.",
  "assign/target": "Something is assigned to that can hold no value.",
  "assign/augmented-sequence": "`+=` and its like are given several targets.",
  "flow/not-in-function": "`return`, `if` or `for` stand outside of a function.",
  "flow/not-in-loop": "`break` or `continue` stand outside of a loop.",
  "flow/misplaced-load": "A `load` does not stand at the top level.",
  "flow/unreachable": "A statement is never reached.",
  "dialect/while": "Ocuroot's Starlark has no `while`.",
  "dialect/set": "Ocuroot's Starlark has no `set`.",
};

/** Codes that stand for what no small example shows. */
export const withoutCase = ["syntax/error", "syntax/too-deep"];

/** Every code with its level and what it says. */
export function documentedCodes(): { readonly code: string; readonly severity: string; readonly doc: string }[] {
  const parser = Object.entries(syntaxCodes).map(([code, doc]) => {
    const sentence = `${doc.charAt(0).toUpperCase()}${doc.slice(1)}.`;
    return { code, severity: "error", doc: sentence };
  });
  const resolver = Object.entries(resolverSeverities).map(([code, severity]) => ({
    code,
    severity,
    doc: resolverDocs[code as keyof typeof resolverDocs],
  }));
  const server = Object.entries(codes).map(([code, { severity, doc }]) => ({ code, severity, doc }));
  const known = new Set(server.map(({ code }) => code));
  return [...parser, ...resolver.filter(({ code }) => !known.has(code)), ...server];
}

/** What a text gives in the surroundings of a case. */
export async function findIn(each: DiagnosticCase, text: string): Promise<readonly Diagnostic[]> {
  const { main, files, environments } = each;
  const state =
    environments === undefined ? {} : { environments: environments.map((name) => ({ name, attributes: {} })) };
  const opened = await openMarked(text, {
    ...(main === undefined ? {} : { main }),
    ...(files === undefined ? {} : { files }),
    state,
  });
  return doDiagnostics(opened.snapshot);
}

/** A form of a case as a whole file. */
export function wholeText({ before = "" }: DiagnosticCase, form: string): string {
  return `${before}${form}\n`;
}

/** The part of `docs/diagnostics.md` below its introduction. */
export async function renderPage(): Promise<string> {
  const fixes = new Map<string, string>();
  for (const each of diagnosticCases) {
    const [found] = await findIn(each, wholeText(each, each.wrong));
    fixes.set(each.code, (found?.fixes ?? []).map(({ title }) => title).join(" · "));
  }
  const all = documentedCodes();
  const rows = all.map(
    ({ code, severity, doc }) =>
      `| [\`${code}\`](#${anchor(code)}) | ${severity} | ${doc} | ${fixes.get(code) ?? ""} |`,
  );
  const sections = all.flatMap(({ code, doc }) => {
    const example = diagnosticCases.find((each) => each.code === code);
    const shown =
      example === undefined ? "" : `\n\n${block("Wrong", example.wrong)}\n\n${block("Right", example.right)}`;
    return [`## ${code}\n${doc}${shown}`];
  });
  return [
    "| code | level | what it says | quick fix |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    sections.join("\n\n"),
  ]
    .join("\n")
    .concat("\n");
}

/** Where a heading is found on the page. */
function anchor(code: string): string {
  return code.replace("/", "");
}

function block(title: string, text: string): string {
  return `${title}:\n\n\`\`\`starlark\n${text}\n\`\`\``;
}
