import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { SecretMask } from "../src/secrets.ts";

function maskOf(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.register(secret);
  return mask;
}

describe("secrets", () => {
  it("masks every occurrence", () => {
    assert.equal(maskOf("hunter22").mask("hunter22 and hunter22!"), "<secret> and <secret>!");
  });

  it("prefers the longest secret", () => {
    assert.equal(maskOf("abcd", "abcdef").mask("abcdef abcd"), "<secret> <secret>");
  });

  it("leaves nothing of secrets that overlap", () => {
    assert.equal(maskOf("token-one", "one-more-token").mask("x token-one-more-token y"), "x <secret> y");
    assert.equal(maskOf("aaaa").mask("aaaaaaa"), "<secret>");
    assert.equal(maskOf("\u{1f511}key\u{1f511}").mask("\u{1f511}key\u{1f511}key\u{1f511}."), "<secret>.");
    assert.equal(maskOf("first", "second").mask("firstsecond"), "<secret><secret>");
  });

  it("takes special characters literally", () => {
    assert.equal(maskOf("a.b*c(d").mask("a.b*c(d axbbc"), "<secret> axbbc");
  });

  it("masks multi-line secrets line by line", () => {
    const mask = maskOf("-----BEGIN KEY-----\nMIIEvQIBADAN\n  {\n-----END KEY-----\n");
    assert.equal(mask.mask("x MIIEvQIBADAN y { z"), "x <secret> y { z");
    assert.equal(mask.mask("-----BEGIN KEY-----\r\nMIIEvQIBADAN"), "<secret>\r\n<secret>");
  });

  it("masks what a secret becomes inside JSON and URLs", () => {
    const mask = maskOf('pa"ss word');
    assert.equal(mask.mask('{"p": "pa\\"ss word"}'), '{"p": "<secret>"}');
    assert.equal(mask.mask("https://x/?p=pa%22ss%20word"), "https://x/?p=<secret>");
  });

  it("ignores blank values, and masks short ones only as words", () => {
    const mask = maskOf("", "  ", "\n", "a1");
    assert.equal(mask.mask("a1 is not a123 nor ba1, but (a1)"), "<secret> is not a123 nor ba1, but (<secret>)");
    assert.ok(maskOf("", " ", "{").isEmpty);
  });

  it("says whether a secret is new", () => {
    const mask = new SecretMask();
    assert.equal(mask.register("hunter22"), true);
    assert.equal(mask.register("hunter22"), false);
    assert.equal(mask.register(""), false);
  });

  it("masks strings wherever they are in data", () => {
    const masked = maskOf("hunter22").maskDeep({ message: "hunter22", list: ["x", { hunter22: 1n }], n: null });
    assert.deepEqual(masked, { message: "<secret>", list: ["x", { "<secret>": 1n }], n: null });
  });

  describe("streams", () => {
    it("find a secret that comes in pieces", () => {
      const stream = maskOf("hunter22").stream();
      assert.equal(stream.push("it is hun"), "it is ");
      assert.equal(stream.push("ter2"), "");
      assert.equal(stream.push("2, really"), "<secret>, really");
      assert.equal(stream.flush(), "");
    });

    it("hold nothing back at the end of a line", () => {
      const stream = maskOf("hunter22").stream();
      assert.equal(stream.push("hun\nhunt"), "hun\n");
      assert.equal(stream.flush(), "hunt");
    });

    it("keep overlapping secrets whole", () => {
      const stream = maskOf("xxab", "abqq").stream();
      assert.equal(stream.push("xxab") + stream.push("rr") + stream.flush(), "<secret>rr");
    });

    it("give what masking the whole text gives, however it is cut", () => {
      const letters = fc.constantFrom("a", "b", "1", " ", "\n", "é", "😀");
      const text = fc.string({ unit: letters, maxLength: 40 });
      const secret = fc.string({ unit: letters, minLength: 1, maxLength: 7 });
      void fc.assert(
        fc.property(fc.array(text, { maxLength: 6 }), fc.array(secret, { maxLength: 4 }), (pieces, secrets) => {
          const mask = maskOf(...secrets);
          const stream = mask.stream();
          const streamed = pieces.map((piece) => stream.push(piece)).join("") + stream.flush();
          assert.equal(streamed, mask.mask(pieces.join("")));
        }),
        { numRuns: 500 },
      );
    });
  });
});
