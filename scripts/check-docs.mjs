// Fails when the documentation names a path of the project, an npm script or a picture that does not exist.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./prepare.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folders = readdirSync(root, { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith(".") && !["node_modules", "dist"].includes(entry.name),
  )
  .map((entry) => entry.name);
const problems = [];

const pages = [
  "README.md",
  "MARKETPLACE.md",
  "CHANGELOG.md",
  ...markdownIn("docs"),
  "test-fixtures/README.md",
  "e2e/README.md",
  "bench/README.md",
];
for (const page of pages.filter((name) => existsSync(join(root, name)))) {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, name] of text.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!(name in scripts)) problems.push(`${page}: there is no npm script "${name}"`);
  }
  for (const [, path] of text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)\/?`/g)) {
    if (folders.includes(path.split("/")[0]) && !existsSync(join(root, path)))
      problems.push(`${page}: there is no ${path}`);
  }
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    if (!existsSync(join(root, dirname(page), target))) problems.push(`${page}: the link to ${target} leads nowhere`);
  }
}
problems.push(
  ...missingTests("docs/spec-table.md", "engine/test"),
  ...missingTests("docs/spec-editor.md", "."),
  ...missingTests("docs/starlark-spec.md", "."),
);
for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages looked at, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function markdownIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

/** Tests that a table names and that are not there: files, each followed by titles, or by text of a fixture, in quotes. */
function missingTests(page, folder) {
  const rows = readFileSync(join(root, page), "utf8").split("\n");
  return rows.flatMap((row, index) => {
    const cell = /^\| (?!---|statement|section)/.test(row) ? row.slice(row.lastIndexOf(" | ") + 3) : undefined;
    if (cell === undefined) return [];
    const named = [...cell.matchAll(/`([^`]+\.(?:ts|star|txt))`((?: "[^"]+")+)/g)];
    if (named.length === 0) return [`${page}:${index + 1}: no test is named`];
    return named.flatMap(([, file, quoted]) => {
      const path = join(root, folder, file);
      if (!existsSync(path)) return [`${page}:${index + 1}: there is no ${file}`];
      const text = readFileSync(path, "utf8");
      const wanted = [...quoted.matchAll(/"([^"]+)"/g)].map(([, title]) => title);
      const missing = (title) => `${page}:${index + 1}: ${file} has no "${title}"`;
      if (!file.endsWith(".ts")) return wanted.filter((title) => !text.includes(title)).map(missing);
      const titles = [...text.matchAll(/\b(?:describe|it)\(\s*(["`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(
        ([, , title]) => title,
      );
      // Titles that are made of a table are named by what is the same in all of them.
      const isThere = (title) => titles.some((each) => each === title || (each.includes("${") && each.includes(title)));
      return wanted.filter((title) => !isThere(title)).map(missing);
    });
  });
}
