import * as vscode from "vscode";
import { type DeploymentLine, deploymentWords } from "../../model/deployments.ts";
import { spoken } from "../../model/format.ts";
import { canRetry, isWaiting } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import { missingRefOf } from "../../model/waiting.ts";
import { contextValue, giveFlags, statusIcon, TreeNode } from "./treeNode.ts";

/** A package file in an environment: what is live there, and where its newest release has got to, if not there. */
export class DeploymentNode extends TreeNode {
  override readonly subject: Subject;

  constructor(repository: string, environment: string, line: DeploymentLine, now: number) {
    super(line.file);
    const { file, live, news } = line;
    this.id = `${repository} environment ${environment} ${file}`;
    this.iconPath = news ? statusIcon(news.work.status) : new vscode.ThemeIcon("rocket");
    this.description = deploymentWords(line, now);
    this.tooltip = [
      live ? `${file} is deployed to ${environment} from ${live.release}.` : `Nothing of ${file} is in ${environment}.`,
      ...(news ? [`${news.release.name}: ${news.work.news?.trim() ?? deploymentWords({ file, news }, now)}`] : []),
    ].join("\n");
    const started = news !== undefined && !(isWaiting(news.work.status) && news.work.attempts.length === 0);
    const missingRef = news && missingRefOf([news.work]);
    this.contextValue = contextValue("deployment", {
      ...giveFlags(missingRef),
      live: live !== undefined,
      log: started,
      retry: news !== undefined && canRetry(news.work.status),
    });
    this.accessibilityInformation = { label: spoken(file, this.description) };
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(repository), file).toString();
    const ref = news?.work.ref ?? live?.ref ?? "";
    this.subject = {
      repository,
      file,
      uri,
      ref,
      runRef: ref,
      ...(news ? { releaseRef: news.release.ref, missingRef } : {}),
    };
    this.command = missingRef
      ? { command: "ocuroot.setState", title: "Set Value", arguments: [this] }
      : started
        ? { command: "ocuroot.showLog", title: "Show Log", arguments: [this] }
        : { command: "ocuroot.openStateDocument", title: "Open State Document", arguments: [this] };
  }
}
