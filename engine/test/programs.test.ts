import assert from "node:assert/strict";
import { systemProgram } from "../src/programs.ts";

describe("programs of the system", () => {
  const on = (files: readonly string[], env: Record<string, string>) =>
    systemProgram("git", { platform: "win32", env, exists: (path) => files.includes(path) });

  it("are started by their name where the system looks on PATH only", () => {
    assert.equal(systemProgram("git", { platform: "linux", env: {} }), "git");
  });

  it("are started by their path on Windows, never from the folder of a repository", () => {
    const Path = '.;tools;\\other;"C:\\Program Files\\Git\\cmd";D:\\git';
    const files = [".\\git.exe", "git.exe", "tools\\git.exe", "\\other\\git.exe", "D:\\git\\git.exe"];
    assert.equal(on(files, { Path }), "D:\\git\\git.exe");
    const installed = "C:\\Program Files\\Git\\cmd\\git.exe";
    assert.equal(on([...files, installed], { Path }), installed);
    assert.equal(on(["\\\\server\\share\\git.exe"], { Path: "\\\\server\\share" }), "\\\\server\\share\\git.exe");
  });

  it("are looked for where none can be, if they are nowhere", () => {
    assert.equal(on(["git.exe"], { PATH: "", SYSTEMROOT: "D:\\Win" }), "D:\\Win\\System32\\git.exe");
  });
});
