import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Editor, launchEditor } from "../src/launch.ts";
import { copyRepository, ocuroot } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";
import { stopAfterFailure } from "./steps.ts";

/** Stands in for a public Ocuroot 0.3: its version, its commands in its form of help, and a word of its own for each. */
const standIn = `#!/bin/sh
commands() { printf 'Usage:\\n  ocuroot %s\\n\\nAvailable Commands:\\n' "$1"; shift; for each; do printf '  %-11s what it does\\n' "$each"; done; }
case "$*" in
  version) echo "ocuroot version v0.3.14" ;;
  --help) commands '[command]' completion release state version work ;;
  'release --help') commands 'release [command]' new retry ;;
  'release new --help') printf 'Flags:\\n  -f, --force     also when there is one\\n  -h, --help\\n' ;;
  'release retry --help') printf 'Flags:\\n  -h, --help\\n' ;;
  'state --help') commands 'state [command]' get set ;;
  'work --help') commands 'work [command]' any cascade continue ;;
  *) echo "stand-in got: $*" ;;
esac
`;

describe("Another ocuroot than the bundled one", () => {
  const file = "frontend/release.ocu.star";
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-e2e-stand-in-")));
  const path = join(folder, "ocuroot");
  let editor: Editor;
  let workbench: Workbench;

  stopAfterFailure();
  before(async () => {
    writeFileSync(path, standIn);
    chmodSync(path, 0o755);
    editor = await launchEditor({
      extension: process.env.OCUROOT_E2E_EXTENSION ?? join(__dirname, "../.."),
      headed: process.env.OCUROOT_E2E_HEADED === "1",
      settings: { "ocuroot.path": path, "ocuroot.parallel": 4 },
    });
    const repository = copyRepository("shop");
    assert.equal(ocuroot(repository, "release", "new", "environments.ocu.star").status, 0);
    workbench = await Workbench.open(editor, repository, { trust: true });
    await workbench.openActivity("Ocuroot");
  });
  after(async () => {
    await workbench?.close();
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is named with what it lacks", async () => {
    const view = workbench.page.locator(".part.sidebar");
    await view.getByText(/ocuroot 0\.3\.14 lacks: .*Cancel Release.*Lint Package.*Run Function/).waitFor();
    await workbench.tree("Releases").waitFor(/environments\.ocu\.star {2}r1 done/);
    await workbench.screenshot("other-command");
  });

  it("offers no command that it does not have", async () => {
    await workbench.editor.open(file);
    const commands = await workbench.paletteCommands("Ocuroot: ");
    assert.ok(commands.includes("Ocuroot: New Release"), commands.join(" | "));
    for (const gone of ["Lint Package", "Run Function…", "Delete Environment…", "Initialize Repository"])
      assert.ok(!commands.includes(`Ocuroot: ${gone}`), gone);
  });

  it("is run with nothing that it does not know", async () => {
    await workbench.runCommand("Ocuroot: New Release");
    await workbench.panels.waitForTerminal(/stand-in got: release new frontend\/release\.ocu\.star$/m);
  });
});
