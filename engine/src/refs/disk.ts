/**
 * Where a document lies on disk (spec 3.1): the ref is the path. Segments that a file system would read as something
 * else are refused rather than encoded, because the public tool would not find what we encode.
 */
import { RefError } from "./ref.ts";

/** Name of the file that holds a document, in the folder named by its ref. */
export const documentFileName = "@object.json";

const maxSegmentBytes = 255;
const badOnWindows = /[<>:"|?*\\\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Segments of the folder of a document, below `refs`. Throws RefError for text that cannot be a path. */
export function refSegments(ref: string, platform: NodeJS.Platform = process.platform): string[] {
  if (ref === "") throw new RefError("A ref is empty.");
  const segments = ref.split("/");
  for (const segment of segments) {
    const problem = segmentProblem(segment, platform);
    if (problem) throw new RefError(`${JSON.stringify(ref)} cannot be stored: ${problem}.`);
  }
  return segments;
}

/** Why a segment cannot be the name of a folder, or undefined when it can. */
function segmentProblem(segment: string, platform: NodeJS.Platform): string | undefined {
  if (segment === "") return "it has an empty segment";
  if (segment === "." || segment === "..") return `it has a segment \`${segment}\``;
  if (segment.includes("\0")) return "it has a NUL character";
  if (segment.includes("#")) return "it has a fragment";
  if (segment === documentFileName) return `\`${documentFileName}\` is the name of the documents' files`;
  if (/\p{Surrogate}/u.test(segment)) return "it is not valid Unicode";
  if (Buffer.byteLength(segment) > maxSegmentBytes) return `a segment is longer than ${maxSegmentBytes} bytes`;
  if (platform === "win32" && badOnWindows.test(segment)) return `Windows cannot have a folder \`${segment}\``;
  return undefined;
}
