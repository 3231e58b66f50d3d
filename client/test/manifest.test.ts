import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { contributes } = manifest;
const sources = readdirSync(join(root, "client/src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(root, "client/src", path), "utf8"))
  .join("\n");

describe("The extension's manifest", () => {
  const declared: string[] = contributes.commands.map((each: { command: string }) => each.command);

  it("declares each command that is registered, and no other", () => {
    const registered = [...sources.matchAll(/registerCommand\(\s*"([^"]+)"/g)].map((match) => match[1]!);
    assert.deepEqual([...registered].sort(), [...declared].sort());
  });

  it("uses declared commands only", () => {
    const { menus, viewsWelcome, walkthroughs, keybindings } = contributes;
    const used = JSON.stringify([
      menus,
      viewsWelcome,
      walkthroughs,
      keybindings.map(({ command }: { command: string }) => command),
    ]);
    const names = [...used.matchAll(/\bocuroot\.[A-Za-z]+/g)].map((match) => match[0]);
    const views = contributes.views.ocuroot.map((view: { id: string }) => view.id);
    const settings = Object.keys(contributes.configuration.properties);
    const keys = [...sources.matchAll(/set\(\s*"(\w+)"/g)].map((match) => `ocuroot.${match[1]}`);
    const known = new Set([...declared, ...views, ...keys, "ocuroot.editor", "ocuroot.releasesFiltered", ...settings]);
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
    );
  });

  it("enables what runs or evaluates something in trusted workspaces only", () => {
    const harmless =
      /\.(previewPhases|openPackageFile|openPathSetting|restartServer|showOutput|showTerminal|filterReleases|clearReleasesFilter|showMoreReleases|copyRef|revealInFile)$/;
    for (const { command, enablement } of contributes.commands) {
      if (!harmless.test(command)) assert.match(enablement ?? "", /isWorkspaceTrusted && !virtualWorkspace/, command);
    }
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, "limited");
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ["ocuroot.path"]);
  });

  it("lets no workspace choose the executable", () => {
    assert.equal(contributes.configuration.properties["ocuroot.path"].scope, "machine");
  });

  it("starts for package files and workspaces that have one", () => {
    assert.deepEqual(
      manifest.activationEvents.filter((event: string) => !event.startsWith("onWebviewPanel:")),
      ["workspaceContains:**/*.ocu.star"],
    );
    const starlark = contributes.languages.find((each: { id: string }) => each.id === "starlark");
    assert.equal(starlark.configuration, undefined, "a configuration would start the extension for every .star file");
  });

  it("names files that exist", () => {
    const paths = [
      ...JSON.stringify(contributes).matchAll(/"(?:\.\/)?((?:client|syntaxes)\/[^"]+|language-configuration\.json)"/g),
    ];
    assert.ok(paths.length > 8);
    for (const [, path] of paths) assert.ok(existsSync(join(root, path!)), path);
    assert.ok(existsSync(join(root, manifest.icon)));
  });

  it("declares each setting that is read, and no other", () => {
    const read = [...sources.matchAll(/getConfiguration\("ocuroot"(?:, \w+)?\)\s*\.get<\w+>\("([^"]+)"/g)];
    const names = new Set(read.map((match) => `ocuroot.${match[1]}`));
    // The language client reads this one itself.
    names.add("ocuroot.trace.server");
    assert.deepEqual([...names].sort(), Object.keys(contributes.configuration.properties).sort());
  });

  it("finds errors in what the command prints", () => {
    const pattern = new RegExp(contributes.problemPatterns[0].regexp);
    const parts = (line: string) => pattern.exec(line)?.slice(1);
    assert.deepEqual(parts("  frontend/release.ocu.star:31:5 in up: ./deploy.sh myapp:12 us: exit status 1"), [
      undefined,
      "frontend/release.ocu.star",
      "31",
      "5",
      "./deploy.sh myapp:12 us: exit status 1",
    ]);
    assert.deepEqual(parts("a.ocu.star:2:1: error: undefined: foo"), [
      undefined,
      "a.ocu.star",
      "2",
      "1",
      "undefined: foo",
    ]);
    assert.deepEqual(parts("error: lib/a.star:2:1: got int"), ["error", "lib/a.star", "2", "1", "got int"]);
    assert.equal(parts("see https://example.org/a.star:80"), undefined);
  });
});
