import type { EnvironmentState, PackageState, ReleaseState, WorkState } from "@ocuroot/server/protocol";
import { workDescription } from "./releases.ts";
import { canRetry, isWaiting } from "./status.ts";

/** A package file in an environment: what is live there, and what its newest release has come to there. */
export interface DeploymentLine {
  readonly file: string;
  /** The release that is live, and the ref of its deployment; undefined while nothing of the file is. */
  readonly live?: { readonly release: string; readonly ref: string };
  /** The newest release's deployment, where it failed, waits or runs. */
  readonly news?: { readonly release: ReleaseState; readonly work: WorkState };
}

/** What the newest releases have not brought to an end, by the name of the environment. */
export type DeploymentNews = ReadonlyMap<string, readonly Pick<Required<DeploymentLine>, "file" | "news">[]>;

export function deploymentNews(packages: readonly PackageState[]): DeploymentNews {
  const found = new Map<string, Pick<Required<DeploymentLine>, "file" | "news">[]>();
  for (const { file, releases } of packages) {
    const [release] = releases;
    if (!release) continue;
    for (const work of release.phases.flatMap((phase) => phase.work)) {
      if (work.kind !== "deploy" || !isNews(work)) continue;
      const list = found.get(work.name) ?? [];
      list.push({ file, news: { release, work } });
      found.set(work.name, list);
    }
  }
  return found;
}

/** Deployments of an environment, with those that the newest releases have not brought to an end there. */
export function deploymentLines({ name, deployments }: EnvironmentState, news: DeploymentNews): DeploymentLine[] {
  const lines = new Map<string, DeploymentLine>();
  for (const { file, release, ref } of deployments) lines.set(file, { file, live: { release, ref } });
  for (const each of news.get(name) ?? []) lines.set(each.file, { ...lines.get(each.file), ...each });
  return [...lines.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** `r1`, `r1 · r2 failed: quota exceeded`, `r2 needs approval`. */
export function deploymentWords({ live, news }: DeploymentLine, now: number): string {
  if (!news) return live?.release ?? "";
  const { name } = news.release;
  // `fail` is the word of the language for what "failed" says already.
  const words = workDescription(news.work, now).replace(/^fail: /, "");
  const said = canRetry(news.work.status) && words !== "failed" ? `failed: ${words}` : words;
  return [live && live.release !== name ? live.release : "", `${name} ${said}`].filter(Boolean).join(" · ");
}

/** `1 failed`, `1 failed · 2 need input`: what a person has to look at in an environment; "" when nothing. */
export function troubleWords(lines: readonly DeploymentLine[]): string {
  const count = (test: (work: WorkState) => boolean) => lines.filter(({ news }) => news && test(news.work)).length;
  const failed = count(({ status }) => canRetry(status));
  const waiting = count(({ status }) => isWaiting(status));
  return [
    failed > 0 ? `${failed} failed` : "",
    waiting > 0 ? `${waiting} ${waiting === 1 ? "needs" : "need"} input` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** True when the newest release of some file failed there. */
export function hasFailure(lines: readonly DeploymentLine[]): boolean {
  return lines.some(({ news }) => news !== undefined && canRetry(news.work.status));
}

function isNews({ status }: WorkState): boolean {
  return canRetry(status) || isWaiting(status) || status === "running";
}
