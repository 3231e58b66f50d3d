// Fails on an import against the order grammars → starlark → engine → server → (LSP) → client, on a package used outside of
// its layer, and on a source file that has grown past its limit.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./prepare.mjs";

const maxLines = 450;

/** Files that may be longer, each with its reason. */
const longFiles = new Map([["starlark/src/syntax/ast.ts", "the list of all node kinds"]]);

/** What each folder may import: packages by name or prefix. Relative imports must stay in the workspace. */
const rules = [
  { folder: "grammars/src", allow: [] },
  { folder: "starlark/src", allow: ["@ocuroot/grammars", "web-tree-sitter"] },
  { folder: "starlark/cli", allow: ["node:", "web-tree-sitter"] },
  {
    folder: "engine/src",
    allow: ["node:", "@ocuroot/starlark", "commander", "semver", "picomatch", "picocolors", "chokidar"],
  },
  {
    folder: "server/src/features",
    allow: [
      "@ocuroot/starlark",
      "@ocuroot/engine",
      "vscode-languageserver-types",
      "vscode-languageserver-textdocument",
      "node:path",
    ],
  },
  {
    folder: "server/src",
    allow: [
      "node:",
      "@ocuroot/starlark",
      "@ocuroot/engine",
      "vscode-languageserver",
      "vscode-languageserver-protocol",
      "vscode-languageserver-textdocument",
      "vscode-languageserver-types",
    ],
  },
  {
    folder: "client/src",
    allow: ["node:", "vscode", "vscode-languageclient", "@ocuroot/server/protocol", "@vscode/codicons"],
  },
];

const problems = [];
const seen = new Set();
for (const rule of rules) {
  for (const file of sourceFiles(join(root, rule.folder))) {
    const name = relative(root, file).replaceAll("\\", "/");
    if (seen.has(name)) continue; // A more specific rule came first.
    seen.add(name);
    const text = readFileSync(file, "utf8");
    checkSize(name, text);
    checkImports(name, text, rule);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${seen.size} files looked at, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function checkSize(name, text) {
  const lines = text.split("\n").length;
  if (lines > maxLines && !longFiles.has(name))
    problems.push(`${name}: ${lines} lines; split it by subject (limit ${maxLines})`);
}

function checkImports(name, text, rule) {
  const workspace = name.split("/")[0];
  for (const match of text.matchAll(
    /^\s*(?:import|export)\b(?:[^;"'=]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|\brequire\(\s*["']([^"']+)["']\s*\)/gm,
  )) {
    const target = match[1] ?? match[2] ?? match[3];
    if (target.startsWith(".")) {
      const resolved = relative(root, join(root, name, "..", target)).replaceAll("\\", "/");
      if (!resolved.startsWith(`${workspace}/`)) problems.push(`${name}: imports ${target}, outside of ${workspace}/`);
    } else if (
      !rule.allow.some(
        (allowed) => target === allowed || target.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`),
      )
    ) {
      problems.push(`${name}: imports ${target}, which ${rule.folder} may not`);
    }
  }
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
