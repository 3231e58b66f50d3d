/** Lines of a log that belong to one piece of work; 0-based, both included. */
export interface LogPart {
  readonly start: number;
  readonly end: number;
}

const heading = /^── .+ ──$/;

/** The parts of a release's log, each under the line that names its work. */
export function findLogParts(lines: readonly string[]): LogPart[] {
  const starts = lines.flatMap((line, index) => (heading.test(line) ? [index] : []));
  return starts.flatMap((start, index) => {
    let end = (starts[index + 1] ?? lines.length) - 1;
    while (end > start && lines[end]!.trim() === "") end--;
    return end > start ? [{ start, end }] : [];
  });
}
