import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyRepository, openRepository, ownEditor, release } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

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

/** One that never answers, as a program that waits for a network. */
const silent = `#!/bin/sh
case "$*" in
  "release new "*) echo "silent got: $*" ;;
  *) exec sleep 600 ;;
esac
`;

describe("An ocuroot that answers no question", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-e2e-silent-")));
  const path = join(folder, "ocuroot");
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async () => {
    writeFileSync(path, silent);
    chmodSync(path, 0o755);
    const repository = copyRepository("shop");
    release(repository, "environments.ocu.star");
    const editor = await ownEditor({ "ocuroot.path": path });
    ({ workbench, releases } = await openRepository(repository, { editor }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds nothing up: all is shown, and releases are started", async () => {
    await releases.waitFor(/environments\.ocu\.star {2}r1 done/);
    await workbench.editor.open("environments.ocu.star");
    await workbench.runCommand("Ocuroot: New Release (Force)");
    await workbench.panels.waitForTerminal(/silent got: release new environments\.ocu\.star/);
  });

  it("is named as one that does not say what it can do", async () => {
    const view = workbench.page.locator(".part.sidebar");
    await view.getByText(/\/ocuroot \(setting ocuroot\.path\) did not answer within 10 s/).waitFor();
    await workbench.screenshot("other-command-silent");
  });
});

describe("Another ocuroot than the bundled one", () => {
  const file = "frontend/release.ocu.star";
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-e2e-stand-in-")));
  const path = join(folder, "ocuroot");
  let workbench: Workbench;

  story();
  before(async () => {
    writeFileSync(path, standIn);
    chmodSync(path, 0o755);
    const repository = copyRepository("shop");
    release(repository, "environments.ocu.star");
    const editor = await ownEditor({ "ocuroot.path": path, "ocuroot.parallel": 4 });
    ({ workbench } = await openRepository(repository, { editor }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is named with what it lacks", async () => {
    const view = workbench.page.locator(".part.sidebar");
    await view.getByText(/ocuroot 0\.3\.14 lacks: .*Cancel Release.*Lint Package.*Run Function/).waitFor();
    await workbench.tree("Releases").waitFor(/environments\.ocu\.star {2}r1 done/);
    await workbench.screenshot("other-command");
  });

  it("offers no command that it does not have", async () => {
    await workbench.editor.open(file);
    const isOffered = async (name: string) =>
      (await workbench.paletteCommands(`Ocuroot: ${name}`)).includes(`Ocuroot: ${name}`);
    assert.ok(await isOffered("New Release"));
    for (const gone of ["Lint Package", "Run Function…", "Delete Environment…", "Initialize Repository"])
      assert.ok(!(await isOffered(gone)), gone);
  });

  it("is run with nothing that it does not know", async () => {
    await workbench.runCommand("Ocuroot: New Release");
    await workbench.panels.waitForTerminal(/stand-in got: release new frontend\/release\.ocu\.star$/m);
  });
});
