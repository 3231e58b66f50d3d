import assert from "node:assert/strict";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { evaluatePackage } from "../../src/package/evaluatePackage.ts";
import { PreviewHost } from "../../src/sdk/previewHost.ts";
import { makeRepository, summary, testParser } from "../package/helpers.ts";

async function preview(files: Record<string, string>, isTrusted = true, root = makeRepository(files)) {
  const printed: string[] = [];
  const env = { HOME: "/home/me", NOTHING: undefined };
  const host = new PreviewHost({ root, isTrusted, env, onPrint: (text) => printed.push(text) });
  const evaluation = evaluatePackage({ parser: await testParser(), root, file: "release.ocu.star", host });
  return { evaluation, printed, root };
}

describe("previews run nothing", () => {
  it("but take empty results, and note so where the call is", async () => {
    const { evaluation, printed, root } = await preview({
      "release.ocu.star": `
r = host.shell("touch made")
print(r.stdout == "", r.exit_code, http.get("http://127.0.0.1:1/").status_code)
def f():
    write("made", "x")
f()
task(f, "f")
`,
    });
    assert.ok(evaluation.model);
    assert.deepEqual(printed, ["True 0 200"]);
    assert.deepEqual(evaluation.problems.map(summary), [
      "preview/skipped 2: shell commands are not run in a preview; the result is taken to be empty",
      "preview/skipped 3: requests are not sent in a preview; the response is taken to be empty, with status 200",
      "preview/skipped 5: files are not written in a preview: made",
    ]);
    assert.deepEqual([...new Set(evaluation.problems.map(({ severity }) => severity))], ["information"]);
    assert.ok(!existsSync(join(root, "made")));
  });

  it("and name what they left out, once, beside an error that may come from it", async () => {
    const { evaluation } = await preview({
      "release.ocu.star": `
def version():
    return host.shell("git describe").stdout
versions = [version() for _ in range(3)]
fail("no version") if versions[0] == "" else None
`,
    });
    assert.deepEqual(evaluation.problems.map(summary), [
      "preview/skipped 3: shell commands are not run in a preview; the result is taken to be empty",
      "evaluation/fail 5: fail: no version [shell commands are not run in a preview; the result is taken to be empty: 3]",
    ]);
  });

  it("and show no secrets", async () => {
    const { evaluation, printed } = await preview({
      "release.ocu.star": `
token = "hunter22"
print("before", token)
def f(token):
    pass
task(f, "a", inputs={"token": token})
task(f, "a", inputs={"token": secret(token), "x": 1})
print("after", token)
`,
    });
    assert.doesNotMatch(JSON.stringify(evaluation), /hunter22/);
    assert.deepEqual(printed, ["before hunter22", "after <secret>"]);
    const good = await preview({
      "release.ocu.star": 'def f(t):\n    pass\ntask(f, "a", inputs={"t": secret("hunter22")})\n',
    });
    assert.deepEqual(good.evaluation.model?.phases[0]?.work[0]?.inputs, { t: { value: "<secret>" } });
  });

  it("and read only in the repository, when it is trusted", async () => {
    const outside = makeRepository({ "secret.txt": "s" });
    const root = makeRepository({ "release.ocu.star": "", "a.txt": "content", "sub/b.txt": "" });
    symlinkSync(outside, join(root, "way-out"));
    const messages = async (source: string, isTrusted = true) => {
      const { evaluation, printed } = await preview({}, isTrusted, makeRepositoryWith(root, source));
      return [...printed, ...evaluation.problems.map(({ code, message }) => `${code}: ${message}`)].join("\n");
    };
    assert.equal(
      await messages('print(read("a.txt"), is_dir("sub"), read_dir("sub"), env()["HOME"])'),
      'content True ["b.txt"] /home/me',
    );
    assert.match(await messages('read("../x.txt")'), /^host\/failed: .*outside of the repository/);
    assert.match(await messages('read("way-out/secret.txt")'), /^host\/failed: .*outside of the repository/);
    assert.match(await messages('read("/etc/passwd")'), /^host\/failed: .*outside of the repository/);
    assert.match(await messages('read("none.txt")'), /none\.txt cannot be read: there is no such file/);
    assert.match(await messages('read("sub")'), /sub cannot be read: it is a folder/);
    assert.match(await messages('read_dir("a.txt")'), /a\.txt cannot be read: it is not a folder/);
    for (const call of ['read("a.txt")', "env()", "os()", "arch()", 'is_dir("sub")', 'read_dir("sub")']) {
      assert.match(await messages(call, false), /not available in the preview of an untrusted workspace/);
    }
  });
});

function makeRepositoryWith(root: string, source: string): string {
  writeFileSync(join(root, "release.ocu.star"), source);
  return root;
}
