import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isHostFolder, readHostFile, readHostFolder, writeHostFile } from "../../src/host/files.ts";
import { LineSplitter } from "../../src/host/lines.ts";
import { goArch, goOs } from "../../src/sdk/environment.ts";

describe("files", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "ocuroot-files-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("writes into folders that it makes, and reads back the bytes", async () => {
    const path = join(dir, "a/b/c.bin");
    await writeHostFile(path, Buffer.from([0, 255, 10]));
    assert.deepEqual([...(await readHostFile(path))], [0, 255, 10]);
    assert.deepEqual(await readHostFolder(join(dir, "a")), ["b"]);
    assert.deepEqual(await Promise.all([isHostFolder(dir), isHostFolder(path), isHostFolder(join(dir, "none"))]), [
      true,
      false,
      false,
    ]);
  });

  it("says what is wrong with a path", async () => {
    const missing = join(dir, "missing");
    await assert.rejects(readHostFile(missing), { message: `cannot read ${missing}: there is no such file or folder` });
    await assert.rejects(readHostFile(dir), { message: `cannot read ${dir}: it is a folder` });
  });

  it("names a folder that may not be written", async () => {
    if (process.getuid?.() === 0) return; // The superuser may write everywhere.
    chmodSync(dir, 0o500);
    await assert.rejects(writeHostFile(join(dir, "x"), Buffer.from("")), /permission denied/);
    chmodSync(dir, 0o700);
  });
});

describe("lines and names", () => {
  it("cuts lines across chunks", () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const chunk of ["a", "b\n\nc\r\n", "d"]) splitter.push(Buffer.from(chunk));
    splitter.end();
    assert.deepEqual(lines, ["ab", "", "c", "d"]);
  });

  it("names systems and processors as Go does", () => {
    assert.deepEqual([goOs("win32"), goOs("linux"), goOs("darwin")], ["windows", "linux", "darwin"]);
    assert.deepEqual([goArch("x64"), goArch("arm64"), goArch("ia32")], ["amd64", "arm64", "386"]);
  });
});
