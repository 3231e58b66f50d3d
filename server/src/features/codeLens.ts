import type { CodeLens } from "vscode-languageserver-types";
import { findReleased } from "../analysis/releasedWork.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { spanOf } from "../analysis/tree.ts";
import { lensCommands } from "../protocol/index.ts";
import { describeMany, describeStatus } from "../state/words.ts";
import { rangeOf } from "../text/convert.ts";

/** On the file: new release, retry, preview. On each piece of work: its last status, retry where it failed, and a run of it. */
export function doCodeLenses(snapshot: Snapshot): CodeLens[] {
  const { file, state } = snapshot;
  if (file.role === "repository" || file.path === undefined) return [];
  const { declarations } = file.facts.work;
  const registers = file.facts.sdkCalls.some((each) => each.entry.name === "register_environment");
  if (file.role === "module" || (declarations.length === 0 && !registers)) return [];
  const first = file.module.statements[0];
  const range = rangeOf(
    file.source,
    first === undefined ? { start: 0, end: 0 } : { start: spanOf(first).start, end: spanOf(first).start },
  );
  const [newest] = state.releases(file.path);
  const lenses: CodeLens[] = [
    { range, command: { title: "$(rocket) New release", command: lensCommands.release, arguments: [file.uri] } },
  ];
  if (newest?.status === "failed" || newest?.status === "interrupted") {
    lenses.push({
      range,
      command: { title: `$(debug-restart) Retry ${newest.name}`, command: lensCommands.retry, arguments: [file.uri] },
    });
  }
  if (declarations.length > 0) {
    lenses.push({
      range,
      command: { title: "$(type-hierarchy) Phases", command: lensCommands.preview, arguments: [file.uri] },
    });
  }
  for (const work of declarations) {
    const span = spanOf(work.call.node);
    const place = rangeOf(file.source, { start: span.start, end: span.start });
    const released = findReleased(snapshot, work);
    const [only] = released;
    if (only !== undefined) {
      const { title, foremost } =
        released.length === 1 && work.name !== undefined
          ? { title: describeStatus(only.summary), foremost: [only.summary] }
          : describeMany(released);
      const [shown, another] = foremost;
      // Of several logs none is the one that is meant.
      const log = another === undefined ? shown?.runRef : undefined;
      lenses.push({
        range: place,
        command: {
          title,
          command: log === undefined ? "" : lensCommands.log,
          arguments: log === undefined ? [] : [file.uri, log],
        },
      });
      if (shown?.status === "failed" || shown?.status === "interrupted") {
        lenses.push({
          range: place,
          command: { title: "$(debug-restart) Retry", command: lensCommands.retry, arguments: [file.uri] },
        });
      }
    }
    lenses.push({
      range: place,
      command: { title: "$(run-below) Run…", command: lensCommands.run, arguments: [file.uri, place.start] },
    });
  }
  return lenses;
}
