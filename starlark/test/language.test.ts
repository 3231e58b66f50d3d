/**
 * Runs the programs in test-fixtures/lang/*.star. `---` separates programs; `### "regexp"` marks the line at which a
 * program is expected to fail, and how. `# option: name …` in the first lines switches options on for all of a file.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dialectOf } from "../cli/runProgram.ts";
import { runText } from "./support.ts";

const folder = join(__dirname, "../../test-fixtures/lang");

for (const name of readdirSync(folder).filter((file) => file.endsWith(".star"))) {
  describe(`language: ${name}`, () => {
    const text = readFileSync(join(folder, name), "utf8");
    const options = /^# option: (.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
    let line = 0;
    for (const chunk of text.split(/^---\n/m)) {
      const first = line + 1;
      const program = "\n".repeat(line) + chunk;
      line += chunk.split("\n").length;
      it(`line ${first}`, async () => {
        const { output, failure } = await runText(program, dialectOf(options));
        const expected = findExpectation(program);
        if (!expected) {
          assert.equal(failure?.trace, undefined);
          assert.deepEqual(
            output.filter((each) => each.startsWith("!error")),
            [],
          );
          return;
        }
        assert.ok(failure, `expected to fail at line ${expected.line}`);
        const [, failedLine, message] = /^test\.star:(\d+):\d+: ([\s\S]*)$/.exec(failure.error) ?? [];
        assert.equal(Number(failedLine), expected.line, failure.trace);
        assert.match(message ?? "", expected.pattern);
      });
    }
  });
}

function findExpectation(program: string): { line: number; pattern: RegExp } | undefined {
  for (const [i, text] of program.split("\n").entries()) {
    const quoted = /### (".*")$/.exec(text)?.[1];
    if (quoted !== undefined) return { line: i + 1, pattern: new RegExp(JSON.parse(quoted) as string) };
  }
  return undefined;
}
