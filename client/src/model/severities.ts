/** Levels of setting `ocuroot.lint.severities`. */
export type Level = "error" | "warning" | "information" | "hint" | "off";

/** What the setting may be, as it comes: whatever a person wrote. */
export type Severities = Readonly<Record<string, unknown>>;

const levels: ReadonlySet<unknown> = new Set<Level>(["error", "warning", "information", "hint", "off"]);

/**
 * The level that a person wants for a code such as `sdk/input-name`: by the code itself, else by its group (`sdk`).
 * Undefined leaves it as it is; so does a word that is no level.
 */
export function wantedLevel(code: string, severities: Severities): Level | undefined {
  const wanted = severities[code] ?? severities[code.split("/", 1)[0]!];
  return levels.has(wanted) ? (wanted as Level) : undefined;
}
