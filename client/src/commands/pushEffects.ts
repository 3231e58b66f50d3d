import { type PushEffectsParams, type PushEffectsResult, pushEffectsRequest } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { pushLine, pushSummary, wouldRelease } from "../model/commits.ts";
import { shortCommit } from "../model/format.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { heading, type PlaceItem, pickPlace } from "./pickPlace.ts";
import { pickRepository } from "./pickRepository.ts";

const title = "What Would a Push Release?";

/** What Would a Push Release?: for the file in front (or one of the explorer), else for all that changed since the last push. */
export function registerPushEffects(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.pushEffects", async (...args: unknown[]) => {
    const uri = subjectOf(args).uri ?? activeSource() ?? (await pickRepository(services, title));
    if (uri === undefined) return;
    const params: PushEffectsParams = { uri };
    const result = await services.server.request<PushEffectsResult>(pushEffectsRequest, params);
    if (!result || result.problem !== undefined) {
      const reason = result?.problem ?? "The language server could not tell.";
      void vscode.window.showInformationMessage(`What a push would release is not known: ${reason}`);
      return;
    }
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
    const since =
      result.lastPushed === undefined ? "nothing was pushed yet" : `since ${shortCommit(result.lastPushed)}`;
    if (result.releases.length === 0) {
      void vscode.window.showInformationMessage(`A push would release nothing for ${name} (${since}).`);
      return;
    }
    await pickPlace(itemsOf(result), `${title} · ${name}`, `${pushSummary(result)} (${since})`);
  });
}

function itemsOf({ releases }: PushEffectsResult): PlaceItem[] {
  const item = (release: (typeof releases)[number]): PlaceItem => ({
    ...pushLine(release),
    ...(release.place
      ? { place: release.place }
      : { run: () => vscode.window.showTextDocument(vscode.Uri.parse(release.uri)) }),
  });
  const others = releases.filter((each) => !wouldRelease(each));
  return [
    ...releases.filter(wouldRelease).map(item),
    ...(others.length > 0 ? [heading("related, but not released"), ...others.map(item)] : []),
  ];
}

function activeSource(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" ? uri.toString() : undefined;
}
