import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const loader = pathToFileURL(require.resolve("tsx")).href;
const codeCache = join(__dirname, "../cli/codeCache.ts");

describe("code cache", function () {
  this.timeout(60_000);
  let folder: string;
  let bundle: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starlark-cache-"));
    bundle = join(folder, "bundle.cjs");
    writeFileSync(bundle, 'console.log(require("node:path").basename(__filename), "one");\n');
    const start = `require(${JSON.stringify(codeCache)}).runWithCodeCache(${JSON.stringify(bundle)}, require);`;
    writeFileSync(join(folder, "start.cjs"), start);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(cache = join(folder, "cache")) {
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const { stdout } = spawnSync(process.execPath, ["--import", loader, join(folder, "start.cjs")], {
      env,
      encoding: "utf8",
    });
    return stdout;
  }
  const cached = () => readdirSync(join(folder, "cache/ocuroot/code"));

  it("is written once, and is used or not without a difference", () => {
    assert.equal(run(), "bundle.cjs one\n");
    const [file] = cached();
    assert.match(file ?? "", /^bundle-/);
    assert.equal(run(), "bundle.cjs one\n");
    assert.deepEqual(cached(), [file]);
  });

  it("is not used for another build of the same length, nor when it is damaged or others may write to it", () => {
    run();
    const [file] = cached() as [string];
    writeFileSync(bundle, 'console.log(require("node:path").basename(__filename), "two");\n');
    utimesSync(bundle, 1, 1);
    assert.equal(run(), "bundle.cjs two\n");
    assert.equal(cached().length, 1);
    assert.notEqual(cached()[0], file);
    const path = join(folder, "cache/ocuroot/code", cached()[0] as string);
    writeFileSync(path, "no code");
    assert.equal(run(), "bundle.cjs two\n");
    chmodSync(path, 0o666);
    assert.equal(run(), "bundle.cjs two\n");
  });

  it("does without for a user who has no home", () => {
    const start = readFileSync(join(folder, "start.cjs"), "utf8");
    const homeless = 'require("node:os").homedir = () => { throw new Error("no such user"); };';
    writeFileSync(join(folder, "start.cjs"), `${homeless}${start}`);
    assert.equal(run(""), "bundle.cjs one\n");
    assert.deepEqual(readdirSync(folder).sort(), ["bundle.cjs", "start.cjs"]);
  });

  it("may be impossible to write", () => {
    writeFileSync(join(folder, "file"), "");
    assert.equal(run(join(folder, "file")), "bundle.cjs one\n");
    assert.ok(!existsSync(join(folder, "cache")));
  });
});
