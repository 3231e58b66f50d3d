import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(__dirname, "../..");

/** `npm run vscode`, with a stand-in for the desktop VS Code's command that writes down how it was called. */
describe("npm run vscode", () => {
  let scratch: string;
  beforeEach(() => {
    scratch = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot it's ")));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const run = (exitCode: number, ...args: string[]) => {
    const record = join(scratch, "called");
    const command = join(scratch, "code");
    writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$@" > "${record}"\nexit ${exitCode}\n`);
    chmodSync(command, 0o755);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/vscode.mjs"), ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, PATH: [scratch, process.env.PATH].join(delimiter) },
    });
    const called = () => readFileSync(record, "utf8").trimEnd().split("\n");
    return { status, stdout, stderr, called };
  };

  it("opens a folder in the desktop VS Code, with this extension", () => {
    if (process.platform === "win32") return;
    const { status, stdout, called } = run(0, scratch);
    assert.equal(status, 0, stdout);
    assert.deepEqual(called(), ["--new-window", `--extensionDevelopmentPath=${root}`, scratch]);
    assert.match(stdout, /^Opening .* in VS Code\.$/m);
  });

  it("opens the demo repository when no folder is named, and ends as VS Code does", () => {
    if (process.platform === "win32") return;
    const { status, called } = run(3);
    assert.equal(status, 3);
    assert.match(called()[2] ?? "", /ocuroot-demo-[^\\/]+[\\/]shop$/);
  });

  it("says what it cannot open", () => {
    const { status, stderr } = run(0, join(scratch, "nothing"));
    assert.deepEqual([status, /nothing is not a folder\.\n$/.test(stderr)], [1, true]);
    assert.equal(run(0, "--unknown").status, 2);
  });
});
