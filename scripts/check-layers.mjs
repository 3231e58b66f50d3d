// Fails on an import against the order grammars → starlark → engine → server → (LSP) → client, on a package used outside of
// its layer or that the workspace does not name as a dependency, on a dependency that nothing imports, on folders of a workspace
// that import each other, and on a source file that has grown past its limit.
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
    allow: ["node:", "@ocuroot/starlark", "commander", "semver", "picomatch", "picocolors"],
  },
  {
    folder: "server/src/features",
    allow: ["@ocuroot/starlark", "@ocuroot/engine", "vscode-languageserver-types", "node:path"],
  },
  {
    folder: "server/src",
    allow: [
      "node:",
      "@ocuroot/starlark",
      "@ocuroot/engine",
      "vscode-languageserver",
      "vscode-languageserver-protocol",
      "vscode-languageserver-types",
    ],
  },
  {
    folder: "client/src",
    allow: ["node:", "vscode", "vscode-languageclient", "@ocuroot/server/protocol", "@vscode/codicons"],
  },
];

/** Folders (or files beside them) that may import types from above, each with its reason. Written "from → to". */
const upwards = new Map([
  ["starlark/src/values → starlark/src/eval", "functions are called with the thread that runs them"],
  ["engine/src/runner → engine/src/repl", "the thread's one entry serves releases and the prompt"],
  ["client/src/services.ts → client/src/tasks", "the one list of what commands and views are given"],
]);

const problems = [];
/** For each folder (or file beside folders) of a workspace: what it imports there. */
const folders = new Map();
const seen = new Set();
/** For each workspace: the packages that its sources import. */
const imported = new Map();
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
checkCircles();
checkDependencies();
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
      noteFolders(name, resolved);
      if (!resolved.startsWith(`${workspace}/`)) problems.push(`${name}: imports ${target}, outside of ${workspace}/`);
      continue;
    }
    imported.set(workspace, (imported.get(workspace) ?? new Set()).add(packageOf(target)));
    if (
      !rule.allow.some(
        (allowed) => target === allowed || target.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`),
      )
    ) {
      problems.push(`${name}: imports ${target}, which ${rule.folder} may not`);
    }
  }
}

function packageOf(target) {
  return target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
}

function checkDependencies() {
  for (const [workspace, packages] of imported) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8"));
    const named = { ...dependencies, ...devDependencies };
    for (const name of packages) {
      // The editor gives its own interface, and Node its modules.
      if (name === "vscode" || name.startsWith("node:") || name in named) continue;
      problems.push(`${workspace}: imports ${name}, which its package.json does not name`);
    }
    for (const name of Object.keys(dependencies ?? {})) {
      if (!packages.has(name)) problems.push(`${workspace}: package.json names ${name}, which nothing imports`);
    }
  }
}

function noteFolders(from, to) {
  const [importer, imported] = [folderOf(from), folderOf(to)];
  if (importer === imported || upwards.has(`${importer} → ${imported}`)) return;
  folders.set(importer, (folders.get(importer) ?? new Set()).add(imported));
}

/** The folder below `src` that a file is in; for a file beside the folders, itself. */
function folderOf(name) {
  return name.split("/").slice(0, 3).join("/");
}

function checkCircles() {
  const done = new Set();
  const visit = (folder, path) => {
    const start = path.indexOf(folder);
    if (start >= 0) problems.push(`folders import each other: ${[...path.slice(start), folder].join(" → ")}`);
    if (start >= 0 || done.has(folder)) return;
    for (const next of folders.get(folder) ?? []) visit(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of folders.keys()) visit(folder, []);
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
