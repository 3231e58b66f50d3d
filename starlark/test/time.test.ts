import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { timeExpressions } from "./timeExpressions.ts";

const loader = pathToFileURL(require.resolve("tsx")).href;
const main = join(__dirname, "../cli/main.ts");

describe("module time", function () {
  this.timeout(60_000);

  it("prints and fails as the Go implementation does", () => {
    const requests = timeExpressions.map(([expression], id) =>
      JSON.stringify({ id, filename: "p.star", source: `print(${expression})\n`, options: [] }),
    );
    const { stdout } = spawnSync(process.execPath, ["--import", loader, main, "--batch"], {
      input: `${requests.join("\n")}\n`,
      encoding: "utf8",
      env: { ...process.env, TZ: "UTC" },
    });
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { ok: boolean; output: string; trace?: string });
    const printed = answers.map(({ ok, output, trace }) => (ok ? output.trimEnd() : trace?.split("\n").at(-1)));
    assert.deepEqual(
      timeExpressions.map(([expression], i) => [expression, printed[i]]),
      timeExpressions.map(([expression, text]) => [expression, text]),
    );
  });
});
