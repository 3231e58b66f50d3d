import type {
  DownstreamWork,
  InputChange,
  ReleaseChange,
  ReleaseChangeKind,
  ReleaseChanges,
} from "@ocuroot/server/protocol";

/** How a change looks wherever it is shown; `isLoud` where something that is live goes, or is left behind. */
export interface ChangeLook {
  /** Codicon id. */
  readonly icon: string;
  readonly words: string;
  readonly isLoud: boolean;
}

const looks: Readonly<Record<ReleaseChangeKind, ChangeLook>> = {
  teardown: { icon: "trash", words: "would be taken down", isLoud: true },
  leftBehind: { icon: "warning", words: "stays deployed, but nothing deploys it any more", isLoud: true },
  removed: { icon: "remove", words: "is gone", isLoud: false },
  environmentRemoved: { icon: "remove", words: "is no longer registered", isLoud: true },
  environmentChanged: { icon: "edit", words: "changes", isLoud: false },
  changed: { icon: "edit", words: "changes", isLoud: false },
  environmentAdded: { icon: "add", words: "is new", isLoud: false },
  added: { icon: "add", words: "is new", isLoud: false },
  moved: { icon: "arrow-swap", words: "moves to another phase", isLoud: false },
};

/** The look of a kind of change; one that a newer server tells of is shown as a change. */
export function changeLook(kind: ReleaseChangeKind): ChangeLook {
  return looks[kind] ?? looks.changed;
}

/** `tag: ./task/build#output/tag → 12`. */
export function inputChangeWords({ name, kind, before, after }: InputChange): string {
  if (kind === "added") return `Input ${name} is new${after === undefined ? "" : `: ${after}`}.`;
  if (kind === "removed") return `Input ${name} is gone.`;
  return `Input ${name}: ${before ?? "nothing"} → ${after ?? "nothing"}.`;
}

/** `backend/release.ocu.star deploy/us, live from r4`. */
export function downstreamWords({ file, work, release }: DownstreamWork): string {
  return `${file} ${work}${release === undefined ? "" : `, live from ${release}`}`;
}

/** A line of the list that the command shows. */
export interface ChangeLine {
  readonly label: string;
  readonly detail: string;
  readonly place?: ReleaseChange["place"];
}

/** All lines of the command's list, gravest first. */
export function changeLines(now: ReleaseChanges): {
  readonly changes: ChangeLine[];
  readonly downstream: ChangeLine[];
} {
  const changes = now.changes.map((change): ChangeLine => {
    const look = changeLook(change.kind);
    return {
      label: `$(${look.icon}) ${change.title}: ${look.words}`,
      // A list shows plain text.
      detail: [...change.details, ...(change.inputs ?? []).map(inputChangeWords)].join(" ").replaceAll("`", ""),
      ...(change.place ? { place: change.place } : {}),
    };
  });
  const downstream = now.downstream.map(
    (work): ChangeLine => ({
      label: `$(sync) ${downstreamWords(work)}`,
      detail: `Runs again because of ${work.because.join(", ")}`,
      ...(work.place ? { place: work.place } : {}),
    }),
  );
  return { changes, downstream };
}

/** True when something that is live would go or be left behind: then the release is asked about, not only told. */
export function takesSomethingDown(now: ReleaseChanges): boolean {
  return now.changes.some(({ kind }) => changeLook(kind).isLoud);
}

/** What becomes of work that the file lost: taken down, left behind, or simply gone. */
export function fateOf(now: ReleaseChanges | undefined, work: string): string {
  const kind = now?.changes.find((each) => each.id === work)?.kind;
  if (kind === "teardown") return "would be taken down";
  return kind === "leftBehind" ? "stays deployed" : "gone";
}
