/** Variables that an editor sets for its own runtime; a release's commands must not inherit them. */
const editorVariables = ["ELECTRON_RUN_AS_NODE", "ELECTRON_NO_ATTACH_CONSOLE", "VSCODE_INSPECTOR_OPTIONS"];

/** The environment as commands of a release see it. */
export function shellEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !editorVariables.includes(name)) result[name] = value;
  }
  return result;
}

/** The Go name of the operating system: `linux`, `darwin`, `windows`. */
export function goOs(platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? "windows" : platform === "sunos" ? "solaris" : platform;
}

const goArchitectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  mipsel: "mipsle",
  ppc64: process.platform === "linux" ? "ppc64le" : "ppc64",
};

/** The Go name of the processor: `amd64`, `arm64`. */
export function goArch(arch: string = process.arch): string {
  return goArchitectures[arch] ?? arch;
}
