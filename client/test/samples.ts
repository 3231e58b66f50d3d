import type { PackageState, PhaseState, ReleaseState, RepositoryState, WorkState } from "@ocuroot/server/protocol";

/** Builders of protocol data: what a test does not name is unremarkable. */

export const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const root = "file:///w/shop";
const file = "frontend/release.ocu.star";

export function work(name: string, more: Partial<WorkState> = {}): WorkState {
  const ref = `shop/-/${file}/@r8/deploy/${name}`;
  return { ref, kind: "deploy", name, status: "complete", attempts: [], ...more };
}

export function phase(name: string, ...pieces: WorkState[]): PhaseState {
  const status = pieces.find((piece) => piece.status !== "complete")?.status ?? "complete";
  return { name, status, work: pieces };
}

export function release(more: Partial<ReleaseState> = {}): ReleaseState {
  const base = { ref: `shop/-/${file}/@r8`, name: "r8", tags: [], commit: "3f2c1a9d00", startedAt: now - 120_000 };
  return { ...base, status: "complete", durationMs: 41_000, phases: [], ...more };
}

export function packageState(...releases: ReleaseState[]): PackageState {
  return { file, uri: `${root}/${file}`, releases, moreReleases: 0 };
}

export function repository(...packages: PackageState[]): RepositoryState {
  return { uri: root, name: "shop", packages, environments: [] };
}

/** A release that failed in one of three regions. */
export const failedRelease = release({
  status: "failed",
  phases: [
    phase("", work("build", { kind: "task", ref: `shop/-/${file}/@r8/task/build`, durationMs: 12_000 })),
    phase(
      "production",
      work("eu", { durationMs: 6000 }),
      work("us", {
        status: "failed",
        durationMs: 4000,
        news: "traceback:\n  at up\n./deploy.sh: exit 1: quota exceeded\n",
        attempts: [{ ref: `shop/-/${file}/@r8/deploy/us/1`, number: 1, status: "failed", durationMs: 4000 }],
      }),
      work("asia", { durationMs: 11_000 }),
    ),
  ],
});

/** A release that waits for an approval. */
export const waitingRelease = release({
  status: "blocked",
  phases: [
    phase(
      "production",
      work("eu", {
        status: "blocked",
        missing: [
          { name: "host", ref: "shop/-/backend/release.ocu.star/@/deploy/eu#output/host", canBeSet: false },
          { name: "approval", ref: `shop/-/${file}/@r8/custom/approval`, canBeSet: true },
        ],
      }),
      work("us", {
        status: "blocked",
        missing: [{ name: "approval", ref: `shop/-/${file}/@r8/custom/approval`, canBeSet: true }],
      }),
    ),
  ],
});
