/**
 * Puts the editor's spelling of URIs into an answer: in `uri` and `target` fields and as keys of `changes`, wherever
 * they are. Answers are plain data.
 */
export function respell<Result>(answer: Result, spelling: (uri: string) => string): Result {
  if (Array.isArray(answer)) return answer.map((each: unknown) => respell(each, spelling)) as Result;
  if (typeof answer !== "object" || answer === null) return answer;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(answer)) {
    if (typeof value === "string") copy[key] = uriFields.has(key) ? spelling(value) : value;
    else if (key === "changes" && typeof value === "object" && value !== null && !Array.isArray(value)) {
      copy[key] = Object.fromEntries(Object.entries(value).map(([uri, edits]) => [spelling(uri), edits]));
    } else if (key === "data") copy[key] = value;
    else copy[key] = respell(value, spelling);
  }
  return copy as Result;
}

const uriFields = new Set(["uri", "target", "targetUri"]);
