import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Absolute path of the first of `names` that PATH has, or undefined. */
export function findProgram(...names: readonly string[]): string | undefined {
  const endings = process.platform === "win32" ? (process.env.PATHEXT ?? ".EXE;.CMD;.BAT").split(";") : [""];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const candidate = join(folder, name + ending);
        if (isExecutable(candidate)) return candidate;
      }
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A program that must be there, and the Debian package that brings it. */
export interface Prerequisite {
  readonly names: readonly string[];
  readonly debianPackage: string;
  readonly purpose: string;
}

export const chromiumPrerequisite: Prerequisite = {
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  debianPackage: "chromium",
  purpose: "shows VS Code's page",
};

/** Finds every program of the list, or throws one error that names all that are missing and how to get them. */
export function requirePrograms(prerequisites: readonly Prerequisite[]): string[] {
  const found = prerequisites.map((each) => findProgram(...each.names));
  const missing = prerequisites.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    const lines = missing.map(
      (each) => `  ${each.names[0]} (${each.purpose}) is not on PATH; Debian package: ${each.debianPackage}`,
    );
    const packages = [...new Set(missing.map((each) => each.debianPackage))].join(" ");
    throw new Error(`Programs are missing:\n${lines.join("\n")}\nOn Debian: apt-get install ${packages}`);
  }
  return found as string[];
}
