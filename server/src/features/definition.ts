import type { Span } from "@ocuroot/starlark";
import type { Definition } from "vscode-languageserver-types";
import { findContextCallers } from "../analysis/contextHelpers.ts";
import { resolveLoad } from "../analysis/loads.ts";
import type { RefString } from "../analysis/refStrings.ts";
import { findProducers, findRefTarget, findRegistered, unionOutputs } from "../analysis/refTarget.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { textOfLiteral } from "../analysis/strings.ts";
import { findSymbol, followLoads } from "../analysis/symbols.ts";
import { contentSpan, spanOf } from "../analysis/tree.ts";
import { resolveFunction } from "../analysis/values.ts";
import { rangeOf } from "../text/convert.ts";

/** A place in a file. */
interface Place {
  readonly view: FileView;
  readonly span: Span;
}

/** Where the thing under the cursor is defined: a function, a loaded name, what a ref or input leads to. */
export function findDefinition(snapshot: Snapshot, offset: number): Definition | null {
  const places = findPlaces(snapshot, offset);
  const locations = places.map(({ view, span }) => ({ uri: view.uri, range: rangeOf(view.source, span) }));
  return locations.length === 0 ? null : locations;
}

function findPlaces(snapshot: Snapshot, offset: number): Place[] {
  const { file } = snapshot;
  const symbol = findSymbol(snapshot, offset);
  switch (symbol?.kind) {
    case "binding":
    case "parameter": {
      const { view, binding } = followLoads(symbol.view, symbol.binding);
      return binding.definitions.map((each) => ({ view, span: spanOf(each) }));
    }
    case "field": {
      const { view, key, value } = symbol.field;
      const target = resolveFunction(view, value);
      if (target?.node.kind === "DefStatement") return [{ view: target.view, span: spanOf(target.node.name) }];
      return [{ view, span: spanOf(key) }];
    }
    case "shellVariable":
      return [{ view: symbol.entry.view, span: spanOf(symbol.entry.key) }];
    case "loadPath": {
      const target = resolveLoad(file, symbol.text);
      return target.kind === "file" ? [{ view: target.view, span: { start: 0, end: 0 } }] : [];
    }
    case "loadSymbol": {
      const { module } = symbol.statement;
      const target = module === undefined ? undefined : resolveLoad(file, textOfLiteral(file.source, module));
      if (target?.kind !== "file") return [];
      const binding = target.view.resolution.globals.get(textOfLiteral(file.source, symbol.node.remote));
      return binding?.definitions.map((each) => ({ view: target.view, span: spanOf(each) })) ?? [];
    }
    case "ref":
      return findRefPlaces(snapshot, symbol.ref, symbol.segment?.role === "fragment");
    case "inputRead": {
      const inputs = findContextCallers(file, symbol.fn).flatMap((each) => each.inputs.entries.get(symbol.name) ?? []);
      return distinct(inputs.map((each) => ({ view: each.entry.view, span: spanOf(each.entry.key) })));
    }
    case "input": {
      const ref = file.facts.refs.find((each) => {
        const value = spanOf(symbol.input.entry.value);
        return (
          symbol.input.entry.view === file &&
          value.start <= spanOf(each.call.node).start &&
          spanOf(each.call.node).end <= value.end
        );
      });
      return ref === undefined ? [] : findRefPlaces(snapshot, ref, true);
    }
    case "workName": {
      const target = symbol.work.functions[0]?.target;
      return target === undefined
        ? []
        : [{ view: target.view, span: spanOf(target.node.kind === "DefStatement" ? target.node.name : target.node) }];
    }
    default:
      return [];
  }
}

/** The output key when the ref names one that is known, else the work, else the file. */
function findRefPlaces(snapshot: Snapshot, ref: RefString, wantsOutput: boolean): Place[] {
  const { kind, name, fragment } = ref.parsed.ref;
  if (kind === "environment") {
    return findRegistered(snapshot.file.repository, snapshot.file)
      .filter((each) => each.name === name[0])
      .map((each) => ({ view: each.view, span: spanOf(each.node) }));
  }
  const target = findRefTarget(snapshot, ref);
  if (target?.file === undefined) return [];
  if ((kind !== "task" && kind !== "deploy") || name[0] === undefined)
    return [{ view: target.file, span: { start: 0, end: 0 } }];
  const producers = findProducers(target.file, kind, name[0]);
  const key = fragment[0] === "output" ? fragment[1] : undefined;
  const entry = key === undefined || !wantsOutput ? undefined : unionOutputs(producers).entries.get(key);
  if (entry !== undefined) {
    const span = entry.key.kind === "StringLiteral" ? contentSpan(entry.key) : spanOf(entry.key);
    return [{ view: entry.view, span }];
  }
  return distinct(producers.map((each) => ({ view: each.view, span: spanOf(each.call.node) })));
}

function distinct(places: readonly Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter(({ view, span }) => {
    const key = `${view.uri}:${span.start}`;
    return !seen.has(key) && seen.add(key);
  });
}
