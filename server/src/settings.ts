import type { Severity } from "@ocuroot/starlark";

/** What a user can set. The names are those of the section `ocuroot` in the editor's settings. */
export interface Settings {
  /** `format.enable` */
  readonly format: boolean;
  /** `lint.severities`: level by code, or by the part of it before the `/`. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** `inlayHints.values`: what refs stand for in state, beside them. */
  readonly inlayValues: boolean;
  /** `lint.workspace`: problems of files that are not open are published as well. */
  readonly lintWorkspace: boolean;
  /** `preview.enable`: package files are evaluated in the sandbox while they are edited. */
  readonly preview: boolean;
}

export const defaultSettings: Settings = {
  format: true,
  severities: {},
  inlayValues: false,
  lintWorkspace: false,
  preview: true,
};

const levels = new Set<unknown>(["error", "warning", "information", "hint", "off"]);

/** Reads what a client sends: `{ocuroot: {…}}` or the section itself. What is not as it should be keeps its default. */
export function readSettings(sent: unknown): Settings {
  const section = recordOf(recordOf(sent)?.ocuroot) ?? recordOf(sent);
  if (section === undefined) return defaultSettings;
  const severities = Object.entries(recordOf(get(section, "lint.severities")) ?? {}).filter(([, level]) =>
    levels.has(level),
  );
  return {
    format: get(section, "format.enable") !== false,
    severities: Object.fromEntries(severities) as Settings["severities"],
    inlayValues: get(section, "inlayHints.values") === true,
    lintWorkspace: get(section, "lint.workspace") === true,
    preview: get(section, "preview.enable") !== false,
  };
}

/** The level that the settings give a code: by itself, else by its group. */
export function levelOf({ severities }: Settings, code: string): Severity | "off" | undefined {
  return severities[code] ?? severities[code.slice(0, code.indexOf("/"))];
}

/** A value by its dotted name, which clients send nested or in one. */
function get(section: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in section) return section[name];
  const dot = name.indexOf(".");
  return dot < 0 ? undefined : recordOf(section[name.slice(0, dot)])?.[name.slice(dot + 1)];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
