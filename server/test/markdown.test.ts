import assert from "node:assert/strict";
import { codeBlock, codeSpan, linkTo, plainText } from "../src/text/markdown.ts";

describe("text of others in Markdown", () => {
  it("is no link, no markup and no HTML", () => {
    assert.equal(plainText("exit 1: [x](command:a) <b> *b* `c`"), "exit 1: \\[x\\](command:a) \\<b\\> \\*b\\* \\`c\\`");
    assert.equal(plainText("two\n\n# lines"), "two # lines");
  });

  it("does not leave a span of code", () => {
    assert.equal(codeSpan("tag"), "`tag`");
    assert.equal(codeSpan("a`b``c"), "```a`b``c```");
    assert.equal(codeSpan("`[x](command:a)"), "`` `[x](command:a) ``");
    assert.equal(codeSpan("a\n\nb"), "`a  b`");
  });

  it("does not leave a block of code", () => {
    assert.equal(codeBlock("x = 1"), "```starlark\nx = 1\n```");
    assert.equal(codeBlock("```\n[x](command:a)\n```", "text"), "````text\n```\n[x](command:a)\n```\n````");
  });

  it("does not leave a link", () => {
    assert.equal(linkTo("file:///a(b)/c.star#L1", "c]d"), "[c\\]d](file:///a%28b%29/c.star#L1)");
  });
});
