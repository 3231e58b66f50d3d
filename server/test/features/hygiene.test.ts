import assert from "node:assert/strict";
import type { StateView } from "../../src/analysis/stateView.ts";
import { applyFix, type Options, problems } from "./diagnosticsHelper.ts";

const work = (body: string): string => `ocuroot("0.3.0")\n\ndef build(ctx):\n${body}\n\ntask(build, name="build")\n`;

async function only(group: string, text: string, options: Options = {}): Promise<string[]> {
  return (await problems(text, options)).filter((each) => each.startsWith(group));
}

describe("every path ends properly", () => {
  const ends = (body: string) => only("flow/unfinished", work(body));

  it("hints at work that ends on some paths only", async () => {
    assert.deepEqual(await ends("    if host.os:\n        return done()"), ["flow/unfinished build"]);
    assert.deepEqual(await ends("    for x in [1]:\n        return done()"), ["flow/unfinished build"]);
    assert.deepEqual(await ends("    if host.os:\n        return\n    return done()"), ["flow/unfinished return"]);
    assert.deepEqual(await ends("    if host.os:\n        return None\n    return next(build)"), [
      "flow/unfinished return None",
    ]);
  });

  it("is content with done, next and fail on all paths, and with work that never says how it ends", async () => {
    for (const body of [
      "    return done()",
      '    print("x")',
      '    if host.os:\n        return done()\n    else:\n        fail("no")',
      '    if host.os:\n        return done()\n    elif host.arch:\n        return next(build)\n    fail("no")',
      "    def inner():\n        return\n    inner()\n    return done()",
      "    return done() if host.os else next(build)",
    ]) {
      assert.deepEqual(await ends(body), [], body);
    }
  });

  it("offers the missing end", async () => {
    const text = work("    if host.os:\n        return done()");
    assert.equal(
      await applyFix(text, { title: "Add `return done()` at the end" }),
      work("    if host.os:\n        return done()\n    return done()"),
    );
  });
});

describe("what masks a value", () => {
  const unmasked = (body: string) => only("secrets/unmasked", work(body));

  it("is `secret()` of a variable, alone or one of several, and a function that hands it on", async () => {
    for (const body of [
      '    t = host.env()["A_TOKEN"]\n    secret(t)',
      '    user, t = "app", host.env().get("A_TOKEN")\n    secret(t)',
      '    (t, [u]) = (host.env()["A_TOKEN"], [1])\n    print(u)\n    secret(t)',
      '    def mask(value):\n        secret(value)\n        return value\n    print(mask(host.env()["A_TOKEN"]))',
      '    def mask(n, value=""):\n        return secret(value)\n    t = host.env()["A_TOKEN"]\n    mask(1, value=t)',
    ]) {
      assert.deepEqual(await unmasked(body), [], body);
    }
  });

  it("is not `secret()` of another value, nor a function that only looks at it", async () => {
    const read = 'host.env()["A_TOKEN"]';
    for (const body of [
      `    user, t = "app", ${read}\n    secret(user)\n    print(t)`,
      `    def show(value):\n        print(value)\n    show(${read})`,
      `    def mask(value, other):\n        print(other)\n        return secret(value)\n    mask("x", ${read})`,
    ]) {
      assert.deepEqual(await unmasked(body), [`secrets/unmasked ${read}`], body);
    }
  });
});

describe("secret hygiene", () => {
  it("warns of literals in the form of tokens", async () => {
    // Put together here, so that this file holds none itself.
    const tokens = [
      `AKIA${"ABCDEFGH12345678"}`,
      `ghp_${"a1".repeat(18)}`,
      `-----BEGIN RSA ${"PRIVATE KEY"}-----`,
      `https://me:${"hunter22"}@example.com/x`,
    ];
    for (const token of tokens) {
      assert.deepEqual(await only("secrets", `x = "${token}"\n`), [`secrets/literal ${token}`]);
    }
    const harmless = [
      "https://example.com:8080/a@b",
      "https://me:{}@example.com",
      "https://$USER:$PASS@host",
      "ghp_short-name",
      "./@/call/build#output/token",
    ];
    for (const text of harmless) assert.deepEqual(await only("secrets", `x = "${text}"\n`), [], text);
  });

  it("hints at secrets of the environment that nothing masks", async () => {
    const read = 'host.env()["DEPLOY_TOKEN"]';
    assert.deepEqual(await only("secrets", `host.shell("x", env={"T": ${read}})\n`), [`secrets/unmasked ${read}`]);
    assert.deepEqual(await only("secrets", 'x = host.env().get("API_KEY")\n'), [
      'secrets/unmasked host.env().get("API_KEY")',
    ]);
    for (const text of [
      `x = secret(${read})\n`,
      `x = ${read}\nsecret(x)\n`,
      'x = host.env()["HOME"]\n',
      'x = host.env()["TOKEN_FILE"]\n',
    ]) {
      assert.deepEqual(await only("secrets", text), [], text);
    }
    const found = (text: string) => only("secrets", text);
    assert.deepEqual(await found('e = host.env()\nx = e["DB_PASSWORD"]\n'), ['secrets/unmasked e["DB_PASSWORD"]']);
    assert.deepEqual(await found('r = http.post("https://x", body="")\nt = json.decode(r.body)["access_token"]\n'), [
      'secrets/unmasked json.decode(r.body)["access_token"]',
    ]);
    assert.deepEqual(await found('t = secret(json.decode(http.get("https://x").body)["token"])\n'), []);
    assert.deepEqual(await found('d = {"token": 1}\nt = d["token"]\nr = http.get("x")\n'), []);
    assert.equal(await applyFix(`x = ${read}\n`, { title: "Pass it through `secret()`" }), `x = secret(${read})\n`);
  });
});

describe("custom state that nobody has set", () => {
  const text = (ref: string, more = ""): string =>
    `ocuroot("0.3.0")\n\ndef build(a):\n    return done()\n\ntask(build, name="build", inputs={"a": input(ref="${ref}"${more})})\n`;
  const state = (names: readonly string[]): { state: Partial<StateView> } => ({
    state: {
      environments: [],
      customNames: (prefix) =>
        names.flatMap((each) => (each.startsWith(`${prefix}/`) ? [each.slice(prefix.length + 1)] : [])),
    },
  });

  it("is said before a release waits for it", async () => {
    assert.deepEqual(await problems(text("./@/custom/key"), state([])), ["refs/not-set ./@/custom/key"]);
    assert.deepEqual(await problems(text("@/custom/key"), state([])), ["refs/not-set @/custom/key"]);
  });

  it("is no problem when it is set, has a default, belongs to one release, or state is not known", async () => {
    assert.deepEqual(await problems(text("./@/custom/key"), state(["test/-/release.ocu.star/@/custom/key"])), []);
    assert.deepEqual(await problems(text("@/custom/key"), state(["@/custom/key"])), []);
    assert.deepEqual(await problems(text("@/custom/key", ", default=1"), state([])), []);
    assert.deepEqual(await problems(text("./custom/approval"), state([])), []);
    assert.deepEqual(await problems(text("@/custom/key")), []);
  });
});

describe("comments that ask to ignore", () => {
  it("are about their line, or about the next line of code", async () => {
    const code = "input()";
    assert.deepEqual(await problems(`${code}\n`), ["sdk/empty-input input()"]);
    for (const text of [
      `${code}  # ocuroot: ignore[sdk/empty-input]\n`,
      `${code}  # ocuroot: ignore[load, sdk]\n`,
      `${code}  # ocuroot: ignore\n`,
      `# ocuroot: ignore[sdk]: it is a test\n\n# more\n${code}\n`,
    ]) {
      assert.deepEqual(await problems(text), [], text);
    }
    assert.equal((await problems(`${code}  # ocuroot: ignore[load]\n`)).length, 1);
    assert.equal((await problems(`# ocuroot: ignore[sdk]\nx = 1\n${code}\n`)).length, 1);
    assert.equal((await problems("x = = 1  # ocuroot: ignore\n")).length > 0, true);
  });
});
