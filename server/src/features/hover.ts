import type { SdkFunction } from "@ocuroot/engine";
import { printRef } from "@ocuroot/engine";
import type { Binding } from "@ocuroot/starlark";
import { universeDocs } from "@ocuroot/starlark";
import { type Hover, MarkupKind } from "vscode-languageserver-types";
import { findContextCallers } from "../analysis/contextHelpers.ts";
import type { KnownEntry } from "../analysis/dicts.ts";
import { resolveLoad } from "../analysis/loads.ts";
import type { RefString } from "../analysis/refStrings.ts";
import { absoluteText, findProducers, findRefTarget } from "../analysis/refTarget.ts";
import { looksSecret, maskAt, secretMask } from "../analysis/secrets.ts";
import { signatureOf, signatureOfDefinition } from "../analysis/signatures.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { textOfLiteral } from "../analysis/strings.ts";
import { type CodeSymbol, findSymbol, followLoads } from "../analysis/symbols.ts";
import { spanOf } from "../analysis/tree.ts";
import {
  definitionOf,
  type PlacedExpression,
  type PlacedField,
  type PlacedFunction,
  resolveFunction,
} from "../analysis/values.ts";
import type { InputDeclaration } from "../analysis/work.ts";
import { describeStatus, shortValue } from "../state/words.ts";
import { rangeOf } from "../text/convert.ts";
import { codeBlock, codeSpan, linkTo, plainText } from "../text/markdown.ts";

/** What stands under the cursor: documentation, where an input comes from, what a ref means and holds. */
export function doHover(snapshot: Snapshot, offset: number): Hover | null {
  const symbol = findSymbol(snapshot, offset);
  const text = symbol && describe(snapshot, symbol);
  if (symbol === undefined || text === undefined) return null;
  return { contents: { kind: MarkupKind.Markdown, value: text }, range: rangeOf(snapshot.file.source, symbol.span) };
}

function describe(snapshot: Snapshot, symbol: CodeSymbol): string | undefined {
  switch (symbol.kind) {
    case "sdk":
      return symbol.entry.kind === "namespace" ? symbol.entry.doc : describeSdk(symbol.entry);
    case "sdkParameter":
      return `\`${symbol.parameter.name}\`: ${symbol.parameter.type}\n\n${symbol.parameter.doc}`;
    case "ref":
      return describeRef(snapshot, symbol.ref);
    case "inputRead":
      return describeInputRead(snapshot, symbol.fn, symbol.name);
    case "input":
      return describeInput(snapshot, symbol.input);
    case "workName":
      return describeWork(snapshot, symbol.work.kind, symbol.work.name ?? "");
    case "output":
      return `Output ${codeSpan(symbol.name)}: other work reads it as ${codeSpan(`#output/${symbol.name}`)}.`;
    case "shellVariable":
      return describeVariable(symbol.name, symbol.entry);
    case "loadPath":
      return describeModule(snapshot.file, symbol.text);
    case "loadSymbol": {
      const binding = snapshot.file.resolution.bindingOf(symbol.node.local);
      return binding && describeBinding(snapshot.file, binding);
    }
    case "field":
      return describeField(snapshot.file, symbol.field);
    case "parameter":
    case "binding":
      return describeBinding(symbol.view, symbol.binding);
  }
}

function describeSdk(entry: SdkFunction): string {
  const replaced = entry.replacedBy === undefined ? "" : `\n\nOlder name of \`${entry.replacedBy}\`.`;
  const fields = (entry.fields ?? []).map((each) => `- \`.${each.name}\` (${each.type}): ${each.doc}`);
  const result = fields.length === 0 ? "" : `\n\nThe result has:\n${fields.join("\n")}`;
  return `${codeBlock(signatureOf(entry).label)}\n\n${entry.doc}${result}${replaced}`;
}

function describeBinding(view: FileView, binding: Binding): string | undefined {
  if (binding.scope === "universal") {
    const doc = universeDocs.get(binding.name);
    return doc === undefined ? undefined : `${codeBlock(doc.signature)}\n\n${doc.doc}`;
  }
  const home = followLoads(view, binding);
  const definition = definitionOf(home.view, home.binding);
  const from = describeHome(view, home.view);
  if (definition?.kind === "function") return describeFunction(definition, from);
  if (definition?.kind === "value") return describeValue(binding.name, definition, from);
  const what = {
    variable: "variable",
    parameter: "parameter",
    function: "function",
    load: "loaded name",
    builtin: "name",
  };
  return `${codeBlock(`(${what[binding.role]}) ${binding.name}`)}${from}`;
}

/** A field of a struct: the function that it is, else its value. */
function describeField(view: FileView, field: PlacedField): string {
  const target = resolveFunction(field.view, field.value);
  if (target?.node.kind === "DefStatement") return describeFunction(target, describeHome(view, target.view));
  return describeValue(field.key.name, { view: field.view, node: field.value }, describeHome(view, field.view));
}

/** Where something is from, when that is another file. */
function describeHome(view: FileView, home: FileView): string {
  return home === view ? "" : `\n\nFrom ${codeSpan(home.path ?? home.uri)}.`;
}

function describeFunction({ view, node }: PlacedFunction, from: string): string {
  const { label, doc } = signatureOfDefinition(view, node);
  return `${codeBlock(`def ${label}`)}${doc === "" ? "" : `\n\n${doc}`}${from}`;
}

function describeValue(name: string, { view, node }: PlacedExpression, from: string): string {
  const { start, end } = spanOf(node);
  const text = view.source.text.slice(start, end);
  const [line = ""] = text.split("\n", 1);
  return `${codeBlock(`${name} = ${line.length > 120 || line !== text ? `${line.slice(0, 120)}…` : line}`)}${from}`;
}

function describeVariable(name: string, { view, value }: KnownEntry): string {
  const { start, end } = spanOf(value);
  const isSecret = looksSecret(name) && value.kind === "StringLiteral";
  return `Variable \`${name}\` of the command, from \`env=\`:\n\n${codeBlock(isSecret ? secretMask : view.source.text.slice(start, end))}`;
}

function describeModule(view: FileView, text: string): string | undefined {
  const target = resolveLoad(view, text);
  if (target.kind !== "file") return undefined;
  const doc = moduleDoc(target.view);
  const names = [...target.view.resolution.globals.keys()].filter((each) => !each.startsWith("_"));
  const defines = names.length === 0 ? "" : `\n\nDefines ${names.map((each) => `\`${each}\``).join(", ")}.`;
  return `${codeSpan(target.path)}${doc === "" ? "" : `\n\n${doc}`}${defines}`;
}

function moduleDoc(view: FileView): string {
  const first = view.module.statements[0];
  if (first?.kind !== "ExpressionStatement" || first.expression.kind !== "StringLiteral") return "";
  return textOfLiteral(view.source, first.expression).trim();
}

function describeRef(snapshot: Snapshot, ref: RefString): string | undefined {
  const { parsed } = ref;
  if (parsed.errors.length > 0) return undefined;
  const target = findRefTarget(snapshot, ref);
  const absolute = target === undefined ? printRef(parsed.ref) : absoluteText(target);
  const lines = [codeBlock(absolute, "text")];
  const { kind, name, hasRelease, release } = parsed.ref;
  if (target?.file !== undefined && (kind === "task" || kind === "deploy") && name[0] !== undefined) {
    const producers = parsed.hasHoles ? [] : findProducers(target.file, kind, name[0]);
    const [producer] = producers;
    if (producer !== undefined) {
      const line = producer.view.source.lineAt(spanOf(producer.call.node).start) + 1;
      lines.push(
        `Comes from ${codeSpan(`${producer.call.entry.name} ${name[0]}`)} in ${linkTo(`${producer.view.uri}#L${line}`, producer.view.path ?? "this file")}, line ${line}.`,
      );
    }
  }
  const when =
    !hasRelease && kind !== "environment"
      ? "of this release"
      : release === ""
        ? "of the most recent release that has it"
        : `of release ${codeSpan(release)}`;
  if (kind !== undefined && !parsed.ref.isGlobal) lines.push(`The value ${when}.`);
  const value = snapshot.state.value(absolute);
  if (value !== undefined) {
    const from = value.release === undefined ? "" : ` (from ${value.release})`;
    lines.push(
      `Now: ${codeSpan(shortValue(maskAt(target?.file, target?.absolute ?? parsed.ref, value.value)))}${from}`,
    );
  }
  return lines.join("\n\n");
}

function describeInput(snapshot: Snapshot, input: InputDeclaration): string {
  const { view } = input.entry;
  const ref = view.facts.refs.find((each) => {
    const span = spanOf(input.entry.value);
    return span.start <= spanOf(each.call.node).start && spanOf(each.call.node).end <= span.end;
  });
  const lines = [`Input ${codeSpan(input.name)}`];
  if (ref !== undefined) lines.push(describeRef({ ...snapshot, file: view }, ref) ?? codeBlock(ref.text, "text"));
  else {
    const { start, end } = spanOf(input.entry.value);
    lines.push(codeBlock(view.source.text.slice(start, end)));
  }
  lines.push(input.hasDefault ? "Has a default, so the work never waits for it." : "");
  return lines.filter((each) => each !== "").join("\n\n");
}

function describeInputRead(
  snapshot: Snapshot,
  fn: Parameters<typeof findContextCallers>[1],
  name: string,
): string | undefined {
  const callers = findContextCallers(snapshot.file, fn);
  const inputs = callers.flatMap((each) => each.inputs.entries.get(name) ?? []);
  const seen = new Set<string>();
  const texts = inputs.map((each) => describeInput(snapshot, each)).filter((each) => !seen.has(each) && seen.add(each));
  return texts.length === 0 ? undefined : texts.join("\n\n---\n\n");
}

function describeWork(snapshot: Snapshot, kind: "task" | "deploy", name: string): string {
  const { path } = snapshot.file;
  const summary = path === undefined ? undefined : snapshot.state.work(path, `${kind}/${name}`);
  const head = `**${kind} ${codeSpan(name)}**`;
  return summary === undefined
    ? `${head}\n\nNot released yet.`
    : `${head}\n\nLast: ${plainText(describeStatus(summary))}`;
}
