import type { ReleaseState } from "@ocuroot/server/protocol";
import { missingName } from "../model/refText.ts";
import { newsWork } from "../model/releases.ts";
import { canRetry, isWaiting } from "../model/status.ts";
import { isApproval } from "../model/waiting.ts";
import type { PageAction } from "./messages.ts";

/** What a person would do next about a file whose newest release is `release`; undefined while nothing is to be done. */
export function nextAction(uri: string, release: ReleaseState | undefined): PageAction | undefined {
  if (!release) return { label: "New Release", command: "ocuroot.newRelease", context: { uri } };
  const context = { uri, releaseRef: release.ref };
  const work = newsWork(release);
  if (canRetry(release.status) || (work && canRetry(work.status))) {
    return { label: "Retry", command: "ocuroot.retryRelease", context };
  }
  if (!isWaiting(release.status)) return undefined;
  const missing = release.phases
    .flatMap((phase) => phase.work)
    .flatMap((each) => each.missing ?? [])
    .find((each) => each.canBeSet);
  if (!missing) return { label: "Continue", command: "ocuroot.continueRelease", context };
  return isApproval(missing.ref)
    ? { label: "Approve", command: "ocuroot.approve", context: { uri, ref: missing.ref } }
    : { label: `Set ${missingName(missing)}…`, command: "ocuroot.setState", context: { uri, ref: missing.ref } };
}
