/**
 * Puts the editor's spelling of URIs into an answer: in `uri` and `target` fields and as keys of `changes`, wherever
 * they are. Answers are plain data.
 */
export function respell<Result>(answer: Result, spelling: (uri: string) => string): Result {
  if (Array.isArray(answer)) return answer.map((each: unknown) => respell(each, spelling)) as Result;
  if (typeof answer !== "object" || answer === null) return answer;
  // Keys may be names that users chose, `__proto__` among them: `fromEntries` makes plain fields of all.
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, respellField(key, value, spelling)]),
  ) as Result;
}

function respellField(key: string, value: unknown, spelling: (uri: string) => string): unknown {
  if (typeof value === "string") return uriFields.has(key) ? spelling(value) : value;
  if (key === "data") return value;
  if (key === "changes" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([uri, edits]) => [spelling(uri), edits]));
  }
  return respell(value, spelling);
}

const uriFields = new Set(["uri", "target", "targetUri"]);
