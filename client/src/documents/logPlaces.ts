import { type LogPlacesParams, type LogPlacesResult, logPlacesRequest } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { documentAddress, logScheme } from "../model/documentUris.ts";
import { placeGroups } from "../model/logPlaces.ts";
import type { Services } from "../services.ts";

type Places = LogPlacesResult["places"];

/**
 * From a line of a log to the source line that printed it: a hint at the end of each stretch that one place printed, and the
 * editor's own Go to Definition and hover on any of its lines.
 */
export function registerLogPlaces(services: Services): vscode.Disposable {
  const selector = { scheme: logScheme };
  const known = new Map<string, { version: number; places: Promise<Places> }>();
  const placesOf = (document: vscode.TextDocument): Promise<Places> => {
    const key = document.uri.toString();
    const found = known.get(key);
    if (found?.version === document.version) return found.places;
    const places = ask(services, document);
    known.set(key, { version: document.version, places });
    return places;
  };
  const placeAt = async (document: vscode.TextDocument, line: number) =>
    (await placesOf(document)).find((each) => each.line === line);
  return vscode.Disposable.from(
    vscode.workspace.onDidCloseTextDocument((document) => known.delete(document.uri.toString())),
    vscode.languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position): Promise<vscode.DefinitionLink[]> {
        const found = await placeAt(document, position.line);
        if (!found) return [];
        const originSelectionRange = document.lineAt(position.line).range;
        return [{ originSelectionRange, targetUri: vscode.Uri.parse(found.place.uri), targetRange: rangeOf(found) }];
      },
    }),
    vscode.languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const found = await placeAt(document, position.line);
        if (!found) return undefined;
        const text = new vscode.MarkdownString();
        text.appendMarkdown(`${found.certain ? "Printed by" : "Probably printed by"} [`);
        text.appendText(shown(found));
        text.appendMarkdown(`](${addressOf(found)})`);
        return new vscode.Hover(text, document.lineAt(position.line).range);
      },
    }),
    vscode.languages.registerInlayHintsProvider(selector, {
      async provideInlayHints(document, range) {
        const places = await placesOf(document);
        return placeGroups(places, (line) => line < document.lineCount && document.lineAt(line).text.trim() !== "")
          .filter(({ line }) => range.start.line <= line && line <= range.end.line)
          .map((found) => hintOf(document, found));
      },
    }),
  );
}

async function ask(services: Services, document: vscode.TextDocument): Promise<Places> {
  const address = documentAddress(document.uri.query);
  if (!address) return [];
  const params: LogPlacesParams = address;
  return (await services.server.request<LogPlacesResult>(logPlacesRequest, params))?.places ?? [];
}

function hintOf(document: vscode.TextDocument, found: Places[number]): vscode.InlayHint {
  const part = new vscode.InlayHintLabelPart(`${found.certain ? "" : "≈ "}${shown(found)}`);
  part.location = new vscode.Location(vscode.Uri.parse(found.place.uri), rangeOf(found));
  part.tooltip = found.certain
    ? "Printed there. Ctrl+click leads there."
    : "Probably printed there: an older log does not record it.";
  const hint = new vscode.InlayHint(document.lineAt(found.line).range.end, [part]);
  hint.paddingLeft = true;
  return hint;
}

function rangeOf({ place: { range } }: Places[number]): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}

/** `release.ocu.star:12`. */
function shown({ place }: Places[number]): string {
  const name = vscode.Uri.parse(place.uri).path.split("/").at(-1) ?? "";
  return `${name}:${place.range.start.line + 1}`;
}

function addressOf({ place }: Places[number]): string {
  const fragment = `L${place.range.start.line + 1},${place.range.start.character + 1}`;
  return vscode.Uri.parse(place.uri).with({ fragment }).toString();
}
