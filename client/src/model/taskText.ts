/**
 * A value for an argument of a task. The editor puts variables into those, `${home}` say, and has no way to write a plain
 * `${`: such a value goes as JSON, which has.
 */
export function withoutVariables(value: string): string {
  if (!value.includes("${")) return value;
  return (isJson(value) ? value : JSON.stringify(value)).replaceAll("${", "\\u0024{");
}

/** True for text that is a JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
