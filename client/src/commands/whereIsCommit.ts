import { type WhereIsCommitParams, type WhereIsCommitResult, whereIsCommitRequest } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { commitLines, commitTitle } from "../model/commits.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { heading, type PlaceItem } from "./pickPlace.ts";
import { pickRepository } from "./pickRepository.ts";

const title = "Where Is This Commit?";
/** Milliseconds of quiet after a key before git is asked. */
const quiet = 200;

/** Where Is This Commit?: the deployments that contain it. What is typed is another commit, branch or tag. */
export function registerWhereIsCommit(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.whereIsCommit", async (...args: unknown[]) => {
    const [first, second] = args;
    const subject = subjectOf(args);
    const uri = subject.uri ?? subject.repository ?? (await pickRepository(services, title));
    if (uri === undefined) return;
    const commit = typeof first === "string" && typeof second === "string" && first === uri ? second : "";
    new CommitPick(services, uri, commit).show();
  });
}

type CommitItem = PlaceItem & { readonly ref?: string | undefined };

/** The list, which asks again for what is typed. */
class CommitPick {
  private readonly pick = vscode.window.createQuickPick<CommitItem>();
  private asked = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: Services,
    private readonly uri: string,
    commit: string,
  ) {
    const { pick } = this;
    pick.title = title;
    pick.placeholder = "Another commit, branch or tag; HEAD when empty";
    pick.value = commit;
    pick.onDidChangeValue(() => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.ask(), quiet);
    });
    pick.onDidAccept(() => void this.open(pick.activeItems[0]));
    pick.onDidHide(() => {
      clearTimeout(this.timer);
      this.asked = -1;
      pick.dispose();
    });
  }

  show(): void {
    this.pick.show();
    void this.ask();
  }

  private async ask(): Promise<void> {
    const number = ++this.asked;
    const commit = this.pick.value.trim();
    this.pick.busy = true;
    const params: WhereIsCommitParams = { uri: this.uri, ...(commit === "" ? {} : { commit }) };
    const result = await this.services.server.request<WhereIsCommitResult>(whereIsCommitRequest, params);
    if (this.asked !== number) return;
    this.pick.busy = false;
    this.pick.items = itemsOf(result, commit);
  }

  private async open(item: CommitItem | undefined): Promise<void> {
    this.pick.hide();
    if (item?.ref) await vscode.commands.executeCommand("ocuroot.showLog", item.ref);
  }
}

function itemsOf(result: WhereIsCommitResult | undefined, asked: string): CommitItem[] {
  // Lines are answers, not what is typed filters: all stay.
  const shown = { alwaysShow: true };
  if (!result) return [{ label: "$(warning) The language server could not tell", ...shown }];
  if (result.commit === undefined) {
    return [{ label: `$(warning) ${result.problem ?? `There is no commit ${asked} here`}`, ...shown }];
  }
  const problem = result.problem === undefined ? [] : [{ label: `$(warning) ${result.problem}`, ...shown }];
  return [
    { label: `$(git-commit) ${commitTitle(result)}`, ...shown },
    ...problem,
    ...commitLines(result).flatMap((group) => [
      heading(group.title),
      ...group.lines.map((line) => ({ ...line, ...shown })),
    ]),
  ];
}
