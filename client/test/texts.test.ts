import assert from "node:assert/strict";
import { documentAddress, logDocumentUri, stateDocumentUri } from "../src/model/documentUris.ts";
import { isRunRef, localRef, missingName, refParts, releaseArgument } from "../src/model/refText.ts";
import { subjectOf } from "../src/model/subject.ts";
import { findTerminalLinks } from "../src/model/terminalLinks.ts";

describe("Absolute refs", () => {
  it("fall into parts", () => {
    assert.deepEqual(refParts("github.com/a/b/-/f/x.ocu.star/@r8/deploy/us/2#output/host"), {
      repository: "github.com/a/b",
      file: "f/x.ocu.star",
      release: "r8",
      kind: "deploy",
      name: ["us", "2"],
    });
    assert.deepEqual(refParts("@/environment/staging"), {
      repository: "",
      file: "",
      release: "",
      kind: "environment",
      name: ["staging"],
    });
    assert.deepEqual(refParts("shop/-/a.ocu.star"), { repository: "shop", file: "a.ocu.star", name: [] });
  });

  it("make arguments and names", () => {
    assert.equal(releaseArgument("shop/-/f/x.ocu.star/@r8/deploy/us"), "f/x.ocu.star/@r8");
    assert.equal(releaseArgument("f/x.ocu.star"), "f/x.ocu.star");
    assert.equal(missingName({ name: "who", ref: "shop/-/x.ocu.star/@r8/custom/team/signature" }), "team/signature");
    assert.equal(missingName({ name: "host", ref: "shop/-/x.ocu.star/@/deploy/eu#output/host" }), "host");
    assert.equal(localRef("shop/-/f/x.ocu.star/@r8/custom/a"), "f/x.ocu.star/@r8/custom/a");
    assert.ok(isRunRef("f/x.ocu.star/@r8/deploy/us"));
    assert.ok(!isRunRef("f/x.ocu.star/@r8/custom/us"));
    assert.ok(!isRunRef("@/environment/staging"));
  });
});

describe("Virtual documents", () => {
  it("carry their address, whatever the ref", () => {
    const address = { repository: "file:///w/a%20b", ref: "shop/-/f.ocu.star/@r8/deploy/us#output/a b&c=d" };
    assert.deepEqual(documentAddress(stateDocumentUri(address).query), address);
    assert.deepEqual(documentAddress(logDocumentUri(address).query), address);
    assert.equal(stateDocumentUri(address).path, "/f.ocu.star/r8 us.json");
    const title = (ref: string) => logDocumentUri({ repository: "", ref }).path;
    assert.equal(title("shop/-/a/f.ocu.star/@r8/deploy/us/2"), "/a/f.ocu.star/r8 us 2.log");
    assert.equal(title("@/environment/staging"), "/staging.log");
    assert.equal(title("shop/-/f.ocu.star/@r8"), "/f.ocu.star/r8.log");
    assert.equal(documentAddress("nothing"), undefined);
  });
});

describe("Terminal links", () => {
  const found = (line: string) =>
    findTerminalLinks(line).map((link) => line.slice(link.start, link.start + link.length));

  it("are positions", () => {
    assert.deepEqual(found("  frontend/release.ocu.star:31:5 in up: exit 1"), ["frontend/release.ocu.star:31:5"]);
    assert.deepEqual(found("lib/env.star:3 and C:\\w\\a.ocu.star:1:2"), ["lib/env.star:3", "C:\\w\\a.ocu.star:1:2"]);
    const [link] = findTerminalLinks("a.star:31:5");
    assert.deepEqual(link, { kind: "position", start: 0, length: 11, file: "a.star", line: 31, column: 5 });
  });

  it("are refs", () => {
    assert.deepEqual(found("  log:  ocuroot release logs frontend/release.ocu.star/@r8/deploy/us"), [
      "frontend/release.ocu.star/@r8/deploy/us",
    ]);
    assert.deepEqual(found("see shop/-/a.ocu.star/@r8/custom/approval."), ["shop/-/a.ocu.star/@r8/custom/approval"]);
    assert.deepEqual(found("@/environment/staging was applied"), ["@/environment/staging"]);
    assert.deepEqual(found("released a.ocu.star/@v1.2.0"), ["a.ocu.star/@v1.2.0"]);
  });

  it("are nothing else", () => {
    assert.deepEqual(found("mail me@example.org at 10:30:12, see https://example.org/@x/deploy"), []);
    assert.deepEqual(found("npm i @scope/name @ 3"), []);
    assert.deepEqual(found("a.star"), []);
  });
});

describe("Subjects of commands", () => {
  it("come from every kind of caller", () => {
    assert.deepEqual(subjectOf([]), {});
    assert.deepEqual(subjectOf([undefined]), {});
    assert.deepEqual(subjectOf(["file:///w/a.ocu.star"]), { uri: "file:///w/a.ocu.star" });
    assert.deepEqual(subjectOf(["file:///w/a.ocu.star", "a.ocu.star/@r1/deploy/x"]), {
      uri: "file:///w/a.ocu.star",
      ref: "a.ocu.star/@r1/deploy/x",
      runRef: "a.ocu.star/@r1/deploy/x",
    });
    assert.deepEqual(subjectOf(["a.ocu.star/@r1/deploy/x", "file:///w"]), {
      ref: "a.ocu.star/@r1/deploy/x",
      runRef: "a.ocu.star/@r1/deploy/x",
      releaseRef: "a.ocu.star/@r1/deploy/x",
      repository: "file:///w",
    });
    const uri = { scheme: "file", path: "/w/a.ocu.star", toString: () => "file:///w/a.ocu.star" };
    assert.deepEqual(subjectOf([uri]), { uri: "file:///w/a.ocu.star" });
    assert.deepEqual(subjectOf([{ subject: { file: "a" } }]), { file: "a" });
  });

  it("come from the phase graph, strings and numbers only", () => {
    const context = {
      webviewSection: "card",
      uri: "u",
      sourceUri: "s",
      line: 3,
      character: 4,
      runRef: "r",
      releaseRef: 7,
    };
    assert.deepEqual(subjectOf([context]), {
      uri: "u",
      runRef: "r",
      ref: "r",
      source: { uri: "s", line: 3, character: 4 },
    });
  });
});
