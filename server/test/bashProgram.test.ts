import assert from "node:assert/strict";
import { findProgram, launchOf } from "../src/bash/program.ts";

const npmLauncher = String.raw`@ECHO off
GOTO start
:find_dp0
SET dp0=%~dp0
EXIT /b
:start
SETLOCAL
CALL :find_dp0
IF EXIST "%dp0%\node.exe" (
  SET "_prog=%dp0%\node.exe"
) ELSE (
  SET "_prog=node"
)
endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\node_modules\bash-language-server\out\cli.js" %*
`.replaceAll("\n", "\r\n");

describe("a bash language server on Windows", () => {
  const env = { SystemRoot: "C:\\Windows" };
  const find = (path: string, there: readonly string[], roots: readonly string[] = []): string | undefined =>
    findProgram({
      env: { Path: path },
      roots,
      platform: "win32",
      resolve: (each) => (there.includes(each) ? each : undefined),
    });

  it("is found as a program or as a launcher, wherever PATH names it absolutely", () => {
    const exe = "C:\\tools\\bash-language-server.exe";
    const cmd = "C:\\Users\\Ann B\\npm\\bash-language-server.cmd";
    assert.equal(find("C:\\none;C:\\tools;C:\\Users\\Ann B\\npm", [exe, cmd]), exe);
    assert.equal(find('tools;"C:\\Users\\Ann B\\npm"', [cmd]), cmd);
    assert.equal(find("tools;.;;..\\x", ["tools\\bash-language-server.cmd"]), undefined);
  });

  it("is started without a shell when npm has installed it", () => {
    const launch = launchOf("C:\\Users\\A & B\\npm\\bash-language-server.cmd", () => npmLauncher, env);
    assert.equal(launch?.command, process.execPath);
    assert.deepEqual(launch.args, ["C:\\Users\\A & B\\npm\\node_modules\\bash-language-server\\out\\cli.js", "start"]);
    assert.equal(launch.env?.ELECTRON_RUN_AS_NODE, "1");
    assert.equal(launch.env.SystemRoot, "C:\\Windows");
  });

  it("is started by the system's cmd.exe otherwise, as one quoted word", () => {
    const launch = launchOf("C:\\my tools\\bash-language-server.bat", () => "@my-server.exe %*\r\n", env);
    assert.equal(launch?.command, "C:\\Windows\\System32\\cmd.exe");
    assert.deepEqual(launch.args.at(-1), '""C:\\my tools\\bash-language-server.bat" start"');
    assert.equal(launch.windowsVerbatimArguments, true);
  });

  it("is not started when cmd.exe would read something else in its path", () => {
    for (const folder of ["a%PATH%", "a&calc", "a^b", "a!b!"]) {
      const path = `C:\\${folder}\\bash-language-server.cmd`;
      assert.equal(
        launchOf(path, () => "@my-server.exe", env),
        undefined,
        path,
      );
      // The script behind npm's launcher needs no shell, so it may lie anywhere.
      assert.ok(launchOf(path, () => npmLauncher, env));
    }
  });

  it("is started as it is elsewhere", () => {
    assert.deepEqual(launchOf("/usr/bin/bash-language-server"), {
      command: "/usr/bin/bash-language-server",
      args: ["start"],
    });
  });
});
