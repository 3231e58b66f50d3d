// Fails when the documentation names a path of the project, an npm script, a picture or a heading that does not exist, has a page
// that no link leads to, or does not say what is in a folder of the sources.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
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
  "grammars/README.md",
  "test-fixtures/README.md",
  "e2e/README.md",
].filter((name) => existsSync(join(root, name)));
const linked = new Set(["README.md"]);
for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");
  for (const [, name] of text.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!(name in scripts)) problems.push(`${page}: there is no npm script "${name}"`);
  }
  for (const [, path] of text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)\/?`/g)) {
    if (folders.includes(path.split("/")[0]) && !existsSync(join(root, path)))
      problems.push(`${page}: there is no ${path}`);
  }
  for (const [, target, heading] of text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const path = target === "" ? page : posix.join(posix.dirname(page), target);
    if (path !== page) linked.add(path);
    if (!existsSync(join(root, path))) problems.push(`${page}: the link to ${target} leads nowhere`);
    else if (heading !== undefined && !headingsOf(path).has(heading))
      problems.push(`${page}: ${path} has no heading #${heading}`);
  }
}
for (const page of pages.filter((name) => name.startsWith("docs/") && !linked.has(name)))
  problems.push(`${page}: no other page has a link to it`);
problems.push(...unexplainedFolders("docs/architecture.md", ["starlark", "engine", "server", "client"]));
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

/** What links to a page's headings say behind their `#`. */
function headingsOf(page) {
  const headings = readFileSync(join(root, page), "utf8").matchAll(/^#+ +(.*)$/gm);
  const anchors = [...headings].map(([, text]) => text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, ""));
  return new Set(anchors.map((text) => text.trim().replaceAll(" ", "-")));
}

/** Folders of the sources that the page's tables do not name. */
function unexplainedFolders(page, workspaces) {
  const text = readFileSync(join(root, page), "utf8");
  return workspaces.flatMap((workspace) => {
    const [, table = ""] = text.split(`**\`${workspace}/src\`**`);
    const rows = table.split("**`")[0].matchAll(/^\| (`.*?`) \|/gm);
    const named = new Set([...rows].flatMap(([, cell]) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)));
    const there = readdirSync(join(root, workspace, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const missing = there.filter((name) => !named.has(name)).map((name) => `does not say what is in ${name}`);
    const gone = [...named].filter((name) => !there.includes(name)).map((name) => `names ${name}, which is not there`);
    return [...missing, ...gone].map((what) => `${page}: the table of ${workspace}/src ${what}`);
  });
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
