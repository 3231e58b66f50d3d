import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../harness.ts";
import { problems } from "./diagnosticsHelper.ts";

/** Files that a page shows, by section: a later one of the same name stands in place of the earlier. */
function filesOf(page: string): Map<string, string>[] {
  return readFileSync(join(root, page), "utf8")
    .split(/^## /m)
    .map((section) => {
      const fences = section.matchAll(/^```(?:python|sh|text|yaml) ?(\S*)\n([\s\S]*?)^```$/gm);
      return new Map([...fences].map(([, path, text]) => [path || "release.ocu.star", text ?? ""]));
    });
}

/** What users are shown to write has nothing that the editor would underline. */
describe("pages for users", () => {
  for (const page of ["getting-started", "refs", "recipes", "from-github-actions"].map((name) => `docs/${name}.md`)) {
    it(page, () => check(page));
  }
  it("the walkthrough", () => check("client/media/walkthrough/write.md"));

  async function check(page: string): Promise<void> {
    let checked = 0;
    for (const files of filesOf(page)) {
      for (const [main, text] of files) {
        if (!main.endsWith(".star")) continue;
        const others = Object.fromEntries([...files].filter(([path]) => path !== main));
        assert.deepEqual(
          await problems(text, { main, files: { "repo.ocu.star": "", ...others } }),
          [],
          `${page}: ${main}\n${text}`,
        );
        checked++;
      }
    }
    assert.ok(checked > 0);
  }
});
