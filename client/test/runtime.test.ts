import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  launchers,
  launcherVariables,
  ocurootCommand,
  posixLauncher,
  searchFolders,
  windowsLauncher,
} from "../src/model/runtime.ts";

const facts = {
  setting: "auto",
  execPath: "/opt/code/node",
  isElectron: false,
  launchScript: "/ext/dist/launch.cjs",
  installed: undefined,
  home: "/home/me",
};

describe("Which ocuroot runs", () => {
  it("is the bundled one, by the editor's own runtime", () => {
    const command = ocurootCommand(facts);
    assert.deepEqual(command, { executable: "/opt/code/node", args: ["/ext/dist/launch.cjs"], env: {}, bundled: true });
  });

  it("tells Electron to be Node, for that process alone", () => {
    assert.deepEqual(ocurootCommand({ ...facts, isElectron: true }).env, { ELECTRON_RUN_AS_NODE: "1" });
  });

  it("is the installed one by default, and what the setting says otherwise", () => {
    const installed = { ...facts, installed: "/usr/bin/ocuroot" };
    assert.equal(ocurootCommand(installed).executable, "/usr/bin/ocuroot");
    assert.equal(ocurootCommand({ ...installed, setting: "bundled" }).executable, "/opt/code/node");
    assert.equal(ocurootCommand({ ...installed, setting: " /home/me/ocuroot " }).executable, "/home/me/ocuroot");
    assert.equal(ocurootCommand({ ...installed, setting: "" }).executable, "/usr/bin/ocuroot");
  });

  it("is a file of the user's own folder, or of any system, by its whole path", () => {
    const chosen = (setting: string, home = "/home/me") => {
      const { executable, bundled, problem } = ocurootCommand({ ...facts, setting, home });
      assert.deepEqual([bundled, problem], [false, undefined], setting);
      return executable;
    };
    assert.equal(chosen("~/bin/ocuroot"), "/home/me/bin/ocuroot");
    assert.equal(chosen("~\\bin\\ocuroot.exe", "C:\\Users\\me"), "C:\\Users\\me\\bin\\ocuroot.exe");
    for (const path of ["C:\\Tools\\ocuroot.exe", "d:/tools/ocuroot.exe", "\\\\server\\share\\ocuroot.exe"])
      assert.equal(chosen(path), path);
  });

  it("is never a path that means another file in each folder", () => {
    for (const setting of ["ocuroot", "./ocuroot", "bin/ocuroot", "..\\ocuroot.exe", "C:ocuroot.exe", "~other/ocuroot"])
      assert.match(
        ocurootCommand({ ...facts, setting }).problem ?? "",
        /must be auto, bundled, or the whole path/,
        setting,
      );
  });

  it("is never one that the workspace brings", () => {
    const path = "/usr/bin:/w/shop/node_modules/.bin:/w/shop:/w/shopping:./bin::bin:/ours/bin/";
    const folders = searchFolders(path, { separator: ":", workspaceFolders: ["/w/shop"], ours: "/ours/bin" });
    assert.deepEqual(folders, ["/usr/bin", "/w/shopping"]);
  });

  it("is found in the root of a system or a drive, which stays one", () => {
    const options = { workspaceFolders: ["/w/shop"], ours: "/ours" };
    assert.deepEqual(searchFolders("/:///", { ...options, separator: ":" }), ["/", "/"]);
    assert.deepEqual(searchFolders("C:\\;d:/", { ...options, separator: ";" }), ["C:/", "d:/"]);
    assert.deepEqual(searchFolders("/usr/bin:/", { separator: ":", workspaceFolders: ["/"], ours: "/ours" }), []);
    const drive = { separator: ";", workspaceFolders: ["D:\\"], ours: "C:\\ours" };
    assert.deepEqual(searchFolders("d:\\bin;D:\\;E:\\bin", drive), ["E:/bin"]);
  });

  it("is found on Windows, too", () => {
    const path = "C:\\Tools;D:\\w\\shop\\bin;tools";
    const folders = searchFolders(path, { separator: ";", workspaceFolders: ["D:\\w\\shop"], ours: "C:\\ours" });
    assert.deepEqual(folders, ["C:/Tools"]);
  });

  it("is never one that the workspace brings, however Windows writes its folders", () => {
    const search = (path: string) =>
      searchFolders(path, {
        separator: ";",
        workspaceFolders: ["d:\\w\\Shop", "\\\\server\\share\\shop"],
        ours: "c:\\Users\\me\\bin",
      });
    const brought = [
      "D:\\W\\SHOP\\bin",
      "D:/w/shop",
      '"D:\\w\\shop\\a;b"',
      "\\\\SERVER\\share\\shop\\bin",
      "C:\\users\\ME\\bin\\",
    ];
    for (const folder of [...brought, "bin", ".\\bin", "\\bin", "C:bin", ""])
      assert.deepEqual(search(folder), [], folder);
    assert.deepEqual(search('C:\\Program Files\\x;"E:\\a;b";D:\\w\\shopping;C:\\;\\\\server\\tools'), [
      "C:/Program Files/x",
      "E:/a;b",
      "D:/w/shopping",
      "C:/",
      "//server/tools",
    ]);
  });
});

describe("The launcher of integrated terminals", () => {
  it("passes every argument on and keeps the exit code", function () {
    if (process.platform === "win32") return;
    const folder = mkdtempSync(join(tmpdir(), "ocuroot it's "));
    try {
      const script = join(folder, "echo.cjs");
      writeFileSync(script, "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;");
      const launcher = join(folder, "ocuroot");
      const command = { executable: process.execPath, args: [script], env: { SOME: "it's" }, bundled: true };
      writeFileSync(launcher, posixLauncher(command));
      chmodSync(launcher, 0o755);
      let output = "";
      let status: number | null = 0;
      try {
        execFileSync(launcher, ["release", "new", "a b", "$x", '"', "'"], { encoding: "utf8" });
      } catch (error) {
        ({ stdout: output, status } = error as { stdout: string; status: number });
      }
      assert.equal(status, 3);
      assert.deepEqual(JSON.parse(output), ["release", "new", "a b", "$x", '"', "'"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    this.timeout(10_000);
  });

  it("falls back to node when the editor's runtime has moved", () => {
    const script = posixLauncher({ executable: "/gone/node", args: ["/ext/launch.cjs"], env: {}, bundled: true });
    assert.match(script, /if \[ -x '\/gone\/node' \]/);
    assert.match(script, /exec node '\/ext\/launch\.cjs' "\$@"/);
  });

  it("does not, for an executable of the user's", () => {
    const script = posixLauncher({ executable: "/home/me/ocuroot", args: [], env: {}, bundled: false });
    assert.doesNotMatch(script, /node/);
  });

  it("is a script for each kind of terminal", () => {
    const command = { executable: "C:\\Code\\Code.exe", args: ["C:\\ext\\launch.cjs"], env: {}, bundled: true };
    assert.deepEqual(
      launchers(command, "linux").map(([name]) => name),
      ["ocuroot"],
    );
    const [cmd, bash] = launchers(command, "win32");
    assert.deepEqual([cmd?.[0], bash?.[0]], ["ocuroot.cmd", "ocuroot"]);
    assert.match(cmd?.[1] ?? "", /^@echo off\r\n/);
    assert.match(bash?.[1] ?? "", /^#!\/bin\/sh\n[\s\S]*exec 'C:\\Code\\Code\.exe' 'C:\\ext\\launch\.cjs' "\$@"/);
  });

  it("speaks batch on Windows", () => {
    const command = {
      executable: "C:\\100% code\\Code.exe",
      args: ["C:\\ext\\launch.cjs"],
      env: { A: "1" },
      bundled: true,
    };
    const script = windowsLauncher(command);
    assert.ok(script.includes('"C:\\100%% code\\Code.exe" "C:\\ext\\launch.cjs" %*\r\n'));
    assert.ok(script.includes('set "A=1"\r\n'));
    assert.ok(script.startsWith("@echo off\r\nsetlocal\r\n"));
    assert.ok(script.includes('if not exist "C:\\100%% code\\Code.exe" goto moved\r\n'));
    assert.ok(script.includes(':moved\r\nnode "C:\\ext\\launch.cjs" %*\r\n'));
    assert.deepEqual(launcherVariables(command, "win32"), {});
  });

  it("takes words beyond ASCII from variables on Windows: cmd reads scripts in the code page of its console", () => {
    const executable = "C:\\Users\\J\u00fcrgen\\100%\\Code.exe";
    const command = { executable, args: ["C:\\ext\\launch.cjs"], env: {}, bundled: true };
    const script = windowsLauncher(command);
    assert.ok(script.includes('"%OCUROOT_LAUNCHER_0%" "C:\\ext\\launch.cjs" %*\r\n'), script);
    assert.match(script, /^[\x00-\x7f]*$/);
    assert.deepEqual(launcherVariables(command, "win32"), { OCUROOT_LAUNCHER_0: executable });
    assert.deepEqual(launcherVariables(command, "darwin"), {});
  });

  it("has no node to fall back on for an executable of the user's, on Windows neither", () => {
    const script = windowsLauncher({ executable: "C:\\Tools\\ocuroot.exe", args: [], env: {}, bundled: false });
    assert.doesNotMatch(script, /node|goto/);
  });
});
