/**
 * Parses each case of `corpus/*.txt` and compares the tree. The files have the form that the tree-sitter command reads.
 * `UPDATE_CORPUS=1` writes the trees that come out; read the difference before you keep it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, Parser } from "web-tree-sitter";
import { folder, makeParser } from "./language.ts";

interface Case {
  readonly title: string;
  readonly source: string;
  readonly tree: string;
}

const corpus = join(folder, "test/corpus");
const files = readdirSync(corpus).filter((file) => file.endsWith(".txt"));

describe("corpus", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  for (const file of files) {
    const path = join(corpus, file);
    const cases = readCases(readFileSync(path, "utf8"));
    if (process.env.UPDATE_CORPUS === "1") {
      before(() => writeFileSync(path, cases.map((each) => formatCase(each, parse(parser, each.source))).join("\n")));
    }
    for (const { title, source, tree } of cases) {
      it(`${file}: ${title}`, () => assert.equal(parse(parser, source), tree));
    }
  }

  it("marks the trees of damaged texts only", () => {
    for (const file of files) {
      for (const { title, tree } of readCases(readFileSync(join(corpus, file), "utf8"))) {
        const isDamaged = /ERROR|MISSING|missing_|bad_|absent/.test(tree);
        const mayBeDamaged = file === "errors.txt" || title.startsWith("damaged");
        assert.ok(!isDamaged || mayBeDamaged, `${file}: ${title}`);
      }
    }
  });
});

function parse(parser: Parser, source: string): string {
  const tree = parser.parse(source);
  assert.ok(tree);
  const text = format(tree.rootNode, null, 0);
  tree.delete();
  return text;
}

function readCases(text: string): Case[] {
  const pattern = /^={10,}\n(.*)\n={10,}\n([\s\S]*?)\n---\n\n([\s\S]*?)\n(?=\n?={10,}\n|\n?$(?![\s\S]))/gm;
  return [...text.matchAll(pattern)].map(([, title = "", source = "", tree = ""]) => ({ title, source, tree }));
}

function formatCase({ title, source }: Case, tree: string): string {
  const line = "=".repeat(40);
  return `${line}\n${title}\n${line}\n${source}\n---\n\n${tree}\n`;
}

/** The tree as an S-expression, one named node a line; tokens without width are shown as `(absent ")")`. */
function format(node: Node, field: string | null, depth: number): string {
  const indentation = "  ".repeat(depth);
  const label = field === null ? "" : `${field}: `;
  const parts: string[] = [];
  for (let i = 0; i < node.childCount; i++) {
    const child = node.child(i) as Node;
    const isAbsent = !child.isNamed && child.startIndex === child.endIndex;
    if (isAbsent) parts.push(`${"  ".repeat(depth + 1)}(absent "${child.type}")`);
    else if (child.isNamed) parts.push(format(child, node.fieldNameForChild(i), depth + 1));
  }
  const name = node.isMissing ? `MISSING ${node.type}` : node.type;
  return `${indentation}${label}(${[name, ...parts].join("\n")})`;
}
