import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CompileCache, evaluatePackage, evaluateRepository, PreviewHost } from "@ocuroot/engine";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { fixtures, loadParser, openFolder } from "../harness.ts";

const readText = (path: string): string => readFileSync(path, "utf8");

const environments = [
  { name: "staging", attributes: { type: "staging", region: "eu" } },
  { name: "prod", attributes: { type: "production", region: "us" } },
];

describe("package files as people write them", () => {
  const wild = join(fixtures, "wild");
  for (const name of readdirSync(wild)) {
    const root = join(wild, name);
    it(`${name}: give no diagnostics`, async () => {
      const found = (await openFolder(root)).flatMap((snapshot) =>
        doDiagnostics(snapshot).map((each) => {
          const line = snapshot.file.source.lineAt(each.span.start) + 1;
          return `${snapshot.file.path}:${line} ${each.code} ${each.message}`;
        }),
      );
      assert.deepEqual(found, []);
    });

    it(`${name}: really are without faults`, async () => {
      const parser = await loadParser();
      const host = new PreviewHost({ root, isTrusted: true, env: {} });
      const files = (await openFolder(root)).map((each) => each.file);
      const own = files
        .filter((file) => file.role === "package" && file.source.text.includes("register_environment"))
        .flatMap((file) => {
          const options = { parser, root, file: file.path ?? "", cache: new CompileCache(), environments: [], host };
          return evaluatePackage({ ...options, readText }).model?.registered ?? [];
        });
      for (const file of files) {
        if (file.role === "module" || file.path === undefined) continue;
        const options = {
          parser,
          root,
          file: file.path,
          cache: new CompileCache(),
          environments: own.length > 0 ? own : environments,
          host,
        };
        const { problems } =
          file.role === "repository"
            ? evaluateRepository({ ...options, variables: {} })
            : evaluatePackage({ ...options, readText });
        const errors = problems.filter((each) => each.severity === "error").map((each) => each.message);
        assert.deepEqual(errors, [], file.path);
      }
    });
  }
});
