import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { SdkFunction } from "../../src/sdk/catalog.ts";
import { describeEntry, sdkReference, signatureOf } from "../../src/sdk/reference.ts";
import { sdkCatalog } from "../../src/sdk/versions.ts";

const file = join(__dirname, "../../../docs/sdk.md");

describe("the SDK reference", () => {
  const catalog = sdkCatalog();
  const signature = (name: string) => signatureOf(catalog.entries.get(name) as SdkFunction);

  it("prints signatures", () => {
    assert.equal(signature("task"), "task(fn, name, annotation=None, inputs=None)");
    assert.equal(signature("environments"), "environments()");
    assert.equal(signature("print"), 'print(*args, sep=" ")');
    assert.equal(signature("struct"), "struct(**fields)");
    assert.equal(signature("json.indent"), 'json.indent(str, *, prefix="", indent="\\t")');
    assert.equal(
      signature("host.shell"),
      'host.shell(command, shell="sh", dir=".", env={}, mute=False, continue_on_error=False)',
    );
  });

  it("lists parameters and fields", () => {
    const text = describeEntry(catalog.entries.get("phase") as SdkFunction);
    assert.match(text, /^`phase\(name, tasks=\[\]\)` → None\n\n/);
    assert.match(text, /- `tasks`, also `work` \(list of work, optional\): /);
    assert.match(describeEntry(catalog.entries.get("http.get") as SdkFunction), /- `\.status_code` \(int\): /);
  });

  it("is what docs/sdk.md says (UPDATE_DOCS=1 rewrites it)", () => {
    const text = sdkReference(catalog);
    if (process.env.UPDATE_DOCS) writeFileSync(file, text);
    assert.equal(readFileSync(file, "utf8"), text);
  });
});
