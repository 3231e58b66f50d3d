import * as vscode from "vscode";
import type { PhasesTabs } from "../phases/phasesTab.ts";
import type { Services } from "../services.ts";
import { registerCancelRelease } from "./cancelRelease.ts";
import { registerContinueRelease } from "./continueRelease.ts";
import { registerCopyRef } from "./copyRef.ts";
import { registerDeleteEnvironment } from "./deleteEnvironment.ts";
import { registerInitRepository } from "./initRepository.ts";
import { registerLintPackage } from "./lintPackage.ts";
import { registerNewRelease } from "./newRelease.ts";
import { registerOpenPackageFile } from "./openPackageFile.ts";
import { registerOpenPathSetting } from "./openPathSetting.ts";
import { registerOpenStateDocument } from "./openStateDocument.ts";
import { registerPreviewPhases } from "./previewPhases.ts";
import { registerPushEffects } from "./pushEffects.ts";
import { registerRefreshReleases } from "./refreshReleases.ts";
import { registerReleaseChanges } from "./releaseChanges.ts";
import { registerRestartServer } from "./restartServer.ts";
import { registerRetryRelease } from "./retryRelease.ts";
import { registerRevealInFile } from "./revealInFile.ts";
import { registerRunFunction } from "./runFunction.ts";
import { registerSetState } from "./setState.ts";
import { registerShowLog } from "./showLog.ts";
import { registerShowMoreReleases } from "./showMoreReleases.ts";
import { registerShowOutput } from "./showOutput.ts";
import { registerShowTerminal } from "./showTerminal.ts";
import { registerWhatIf } from "./whatIf.ts";
import { registerWhereIsCommit } from "./whereIsCommit.ts";
import { registerWork } from "./work.ts";

/** All commands; what runs or evaluates something is enabled in trusted workspaces only (see the manifest). */
export function registerCommands(services: Services, tabs: PhasesTabs): vscode.Disposable {
  return vscode.Disposable.from(
    registerNewRelease(services),
    registerRetryRelease(services),
    registerContinueRelease(services),
    registerCancelRelease(services),
    registerWork(services),
    registerPreviewPhases(services, tabs),
    registerReleaseChanges(services),
    registerWhatIf(services, tabs),
    registerWhereIsCommit(services),
    registerPushEffects(services),
    registerRunFunction(services),
    registerDeleteEnvironment(services),
    registerShowLog(services),
    registerLintPackage(services),
    registerSetState(services),
    registerOpenPackageFile(services),
    registerOpenPathSetting(),
    registerOpenStateDocument(services),
    registerInitRepository(services),
    registerRestartServer(services),
    registerShowOutput(services),
    registerShowTerminal(),
    registerRefreshReleases(services),
    registerShowMoreReleases(services),
    registerCopyRef(),
    registerRevealInFile(),
  );
}
