import assert from "node:assert/strict";
import type { JsonValue } from "@ocuroot/engine";
import { maskTokens, maskValue } from "../../src/analysis/secrets.ts";
import { doComplete } from "../../src/features/completion/index.ts";
import { doHover } from "../../src/features/hover.ts";
import { getInlayHints } from "../../src/features/inlayHints.ts";
import { openMarked } from "../harness.ts";

const secret = "hunter2hunter2";
/** In state, whatever the ref: what the runner stored. */
const stored: Readonly<Record<string, JsonValue>> = {
  "test/-/release.ocu.star/@/task/build#output/tag": "v1",
  "test/-/release.ocu.star/@/task/build#output/key": secret,
  "test/-/release.ocu.star/@/task/build#output/access_token": secret,
  "test/-/release.ocu.star/@/task/build#output": {
    tag: "v1",
    key: secret,
    access_token: secret,
    deep: { password: secret },
  },
  "test/-/release.ocu.star/@/custom/credential/eu": secret,
  "test/-/release.ocu.star/@/custom/approval": "ann",
};
const state = {
  value: (ref: string) => {
    const value = stored[ref];
    return value === undefined ? undefined : { value, release: "r1" };
  },
};

const text = (ref: string): string => `def build():
    key = secret(host.env()["KEY"])
    return done(outputs={"tag": "v1", "key": key, "access_token": "x", "deep": {}})

task(build, name="build")

def use(x):
    print(x)

task(use, name="u", inputs={"x": input(ref="${ref}", default=None)})
`;

async function hover(ref: string): Promise<string> {
  const { snapshot, marked } = await openMarked(text(ref.replace("#", "$0#")), { state });
  const found = doHover(snapshot, marked.cursor - 2);
  return (found?.contents as { value: string } | undefined)?.value ?? "";
}

describe("secrets stay hidden", () => {
  it("in hovers: outputs that come out of secret(), and what has the name of a secret", async () => {
    assert.match(await hover("./@/task/build#output/tag"), /Now: `v1`/);
    for (const ref of ["./@/task/build#output/key", "./@/task/build#output/access_token"]) {
      assert.match(await hover(ref), /Now: `<secret>`/, ref);
    }
    const whole = await hover("./@/task/build#output");
    assert.match(whole, /"tag":"v1"/);
    assert.match(whole, /"deep":\{"password":"<sec/);
    assert.ok(!whole.includes(secret), whole);
  });

  it("in custom state", async () => {
    const open = (ref: string) => openMarked(text(ref), { state });
    for (const [ref, wanted] of [
      ["./@/custom/credential/$0eu", "<secret>"],
      ["./@/custom/app$0roval", "ann"],
    ] as const) {
      const { snapshot, marked } = await open(ref);
      assert.match((doHover(snapshot, marked.cursor)?.contents as { value: string }).value, new RegExp(wanted), ref);
    }
  });

  it("in inlay hints and completions", async () => {
    const { snapshot } = await openMarked(text("./@/task/build#output/key"), { state });
    const whole = { start: 0, end: snapshot.file.source.text.length };
    const labels = getInlayHints(snapshot, whole, { values: true }).map((each) => each.label);
    assert.deepEqual(labels, ["= <secret>"]);
    const opened = await openMarked(text("./@/task/build#output/$0"), { state });
    const details = new Map(doComplete(opened.snapshot, opened.marked.cursor).map((each) => [each.label, each.detail]));
    assert.deepEqual(
      [details.get("tag"), details.get("key"), details.get("access_token")],
      ["v1 (r1)", "<secret> (r1)", "<secret> (r1)"],
    );
  });

  it("wherever they have the form of a token", () => {
    const token = `ghp_${"a1".repeat(18)}`;
    assert.equal(maskTokens(`use ${token} now`), "use <secret> now");
    assert.deepEqual(maskValue({ a: [token], apiKey: 1, url: "https://x" }), {
      a: ["<secret>"],
      apiKey: "<secret>",
      url: "https://x",
    });
  });
});
