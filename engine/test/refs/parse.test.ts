import assert from "node:assert/strict";
import { parseRef, parseRefWithSpans, printRef } from "../../src/refs/index.ts";

/** Pieces with their roles: `path:. kind:call name:build`. */
function pieces(text: string, options = {}): string {
  return parseRefWithSpans(text, options)
    .segments.map((segment) => `${segment.role}:${text.slice(segment.start, segment.end)}`)
    .join(" ");
}

function refOf(text: string, options = {}) {
  const result = parseRef(text, options);
  assert.ok(result.ok, `${text}: ${result.ok ? "" : result.errors.map((error) => error.message).join(" ")}`);
  return result.ref;
}

describe("parsing refs", () => {
  describe("forms (2.1)", () => {
    const forms: [string, Partial<ReturnType<typeof refOf>>][] = [
      [
        "./call/build#output/tag",
        { path: ".", kind: "task", name: ["build"], fragment: ["output", "tag"], hasRelease: false },
      ],
      ["./@/call/build#output/n", { path: ".", hasRelease: true, release: "", kind: "task", name: ["build"] }],
      ["./custom/approval", { path: ".", kind: "custom", name: ["approval"], hasRelease: false }],
      [
        "./@/custom/credential/staging",
        { path: ".", hasRelease: true, kind: "custom", name: ["credential", "staging"] },
      ],
      [
        "./-/backend/release.ocu.star/@/deploy/staging#output/host",
        {
          repo: ".",
          path: "backend/release.ocu.star",
          hasRelease: true,
          release: "",
          kind: "deploy",
          name: ["staging"],
        },
      ],
      ["//backend/release.ocu.star", { repo: ".", path: "backend/release.ocu.star", hasRelease: false }],
      ["backend/release.ocu.star", { repo: undefined, path: "backend/release.ocu.star" }],
      [
        "other-repo/-/a.ocu.star/@r3/deploy/prod#output",
        { repo: "other-repo", path: "a.ocu.star", release: "r3", kind: "deploy", name: ["prod"], fragment: ["output"] },
      ],
      [
        "github.com/a/b/-/c/d.ocu.star/@1",
        { repo: "github.com/a/b", path: "c/d.ocu.star", release: "1", kind: undefined },
      ],
      ["@/environment/staging", { isGlobal: true, repo: undefined, path: "", kind: "environment", name: ["staging"] }],
      ["@/custom/x", { isGlobal: true, kind: "custom", name: ["x"] }],
      ["a.ocu.star/@v1.2.0/deploy/prod", { path: "a.ocu.star", release: "v1.2.0", kind: "deploy" }],
      ["path/to/release.ocu.star/@1", { path: "path/to/release.ocu.star", release: "1" }],
      ["r/-/repo.ocu.star/@abc/push/index", { kind: "push", name: ["index"] }],
      ["r/-/a.ocu.star/@r1/commit/3f2c", { kind: "commit", name: ["3f2c"] }],
      ["r/-/a.ocu.star/@r1/op/check_envs", { kind: "op", name: ["check_envs"] }],
      ["a.ocu.star", { path: "a.ocu.star", hasRelease: false, kind: undefined }],
      [".", { path: "." }],
      ["@r3/task/build", { isGlobal: false, path: "", release: "r3", kind: "task" }],
    ];
    for (const [text, expected] of forms) {
      it(text, () => {
        const ref = refOf(text);
        for (const [key, value] of Object.entries(expected)) assert.deepEqual(ref[key as keyof typeof ref], value, key);
      });
    }

    it("ignores a trailing slash before # and at the end", () => {
      assert.deepEqual(refOf("./task/build/#output/message"), refOf("./task/build#output/message"));
      assert.deepEqual(refOf("./task/build/"), refOf("./task/build"));
      assert.deepEqual(refOf("./task/build#output/"), refOf("./task/build#output"));
      assert.deepEqual(refOf("a.ocu.star/"), refOf("a.ocu.star"));
      assert.deepEqual(refOf("./@/"), refOf("./@"));
    });

    it("keeps the release as written and reads call as task", () => {
      assert.equal(refOf("a.ocu.star/@1/call/x").release, "1");
      assert.equal(printRef(refOf("./call/x")), "./task/x");
    });

    it("tells folders called like kinds from kinds", () => {
      assert.equal(refOf("deploy/release.ocu.star").path, "deploy/release.ocu.star");
      assert.equal(refOf("//task/a.ocu.star").path, "task/a.ocu.star");
      assert.equal(refOf("./-/custom/a.ocu.star/@/task/x").path, "custom/a.ocu.star");
      assert.equal(refOf("r/-/deploy/a.star/task/x").path, "deploy/a.star");
      assert.deepEqual(refOf("./deploy/eu.star").name, ["eu.star"]);
      assert.equal(refOf("./deploy/eu.ocu.star", { commandLine: true }).path, "deploy/eu.ocu.star");
      assert.equal(refOf("./services/frontend", { commandLine: true }).path, "services/frontend");
      assert.equal(refOf("task/-/a.ocu.star").repo, "task");
      assert.deepEqual(refOf("./custom/-/x").name, ["-", "x"]);
    });
  });

  describe("errors (2.2) with their place", () => {
    const errors: [string, string, number, number][] = [
      ["", "empty", 0, 0],
      ["./dploy/staging", "unknown-kind", 2, 7],
      ["./@/foo/x", "unknown-kind", 4, 7],
      ["r/-/a.ocu.star/@r1/foo", "unknown-kind", 19, 22],
      ["a.ocu.star/foo/x", "unknown-kind", 11, 14],
      ["@/foo", "unknown-kind", 2, 5],
      ["a.ocu.star#output", "fragment-before-kind", 10, 11],
      ["./@r1#commit", "fragment-before-kind", 5, 6],
      ["#x", "fragment-before-kind", 0, 1],
      ["./task/a=b", "equals-in-name", 8, 9],
      ["./custom/x/y=", "equals-in-name", 12, 13],
      ["a@b/c.ocu.star/@/task/x", "at-in-path", 1, 2],
      ["r/-/a.ocu.star@1/call/x", "at-in-path", 14, 15],
      ["./task/build/@1", "release-in-name", 13, 15],
      ["./@r1/task/@2/x", "release-in-name", 11, 13],
      ["a.ocu.star/task/build/@r2", "release-in-name", 22, 25],
      ["task/build/@r2", "release-in-name", 11, 14],
      ["a.ocu.star/@r1/@r2", "release-in-name", 15, 18],
      ["./task/build#output/@r1", "release-in-name", 20, 23],
      ["repo/-foo/x.ocu.star", "text-after-separator", 6, 9],
      ["a/-x/-/y.ocu.star", "text-after-separator", 3, 4],
      ["./@/environment/x", "global-with-path", 0, 15],
      ["r/-/a.ocu.star/@/environment/x", "global-with-path", 0, 28],
      ["@/a/b.ocu.star/@r1/task/x", "global-with-path", 2, 14],
      ["@/-/a.ocu.star", "global-with-path", 2, 3],
      ["/a.ocu.star", "leading-slash", 0, 1],
      ["../-/a.ocu.star", "bad-repository", 0, 2],
      ["./custom/a\0b", "bad-character", 10, 11],
    ];
    for (const [text, code, start, end] of errors) {
      it(JSON.stringify(text), () => {
        const result = parseRef(text);
        assert.ok(!result.ok, "must not parse");
        const [error] = result.errors;
        assert.deepEqual([error!.code, error!.start, error!.end], [code, start, end]);
        assert.match(error!.message, /[.?]$/);
      });
    }

    it("suggests the kind that was probably meant", () => {
      const result = parseRef("./dploy/staging");
      assert.ok(!result.ok);
      assert.equal(result.errors[0]!.suggestion, "deploy");
      assert.match(result.errors[0]!.message, /did you mean `deploy`/);
    });

    it("allows @ within a name and a dash at the start of a name", () => {
      assert.deepEqual(refOf("./custom/me@example.com").name, ["me@example.com"]);
      assert.deepEqual(refOf("./custom/-x").name, ["-x"]);
      assert.equal(refOf("r/-/a/-b/c.ocu.star").path, "a/-b/c.ocu.star");
    });
  });

  describe("pieces of half-typed refs", () => {
    const half: [string, string][] = [
      ["./", "path:. kind:"],
      ["./ta", "path:. kind:ta"],
      ["./task/", "path:. kind:task name:"],
      ["./task/build#", "path:. kind:task name:build fragment:"],
      ["./task/build#output/", "path:. kind:task name:build fragment:output fragment:"],
      ["./@", "path:. release:@"],
      ["./@/", "path:. release:@ kind:"],
      ["./@/de", "path:. release:@ kind:de"],
      ["./-", "repo:. separator:-"],
      ["./-/", "repo:. separator:- path:"],
      ["./-/back", "repo:. separator:- path:back"],
      ["./-/a.ocu.star/", "repo:. separator:- path:a.ocu.star kind:"],
      ["./-/a.ocu.star/@r1/", "repo:. separator:- path:a.ocu.star release:@r1 kind:"],
      ["//", "path:"],
      ["@", "release:@"],
      ["@/", "release:@ kind:"],
      ["@/environment/", "release:@ kind:environment name:"],
      ["a/b", "path:a path:b"],
    ];
    for (const [text, expected] of half) {
      it(JSON.stringify(text), () => assert.equal(pieces(text), expected));
    }
  });

  describe("templates", () => {
    const check = (text: string, template: "format" | "percent", expected: string) => {
      const parsed = parseRefWithSpans(text, { template });
      assert.equal(pieces(text, { template }), expected);
      assert.deepEqual(parsed.errors, []);
      assert.equal(parsed.hasHoles, true);
    };

    it("take holes for anything", () => {
      check(
        "./-/{}/@/deploy/{env}#output/host",
        "format",
        "repo:. separator:- path:{} release:@ kind:deploy name:{env} fragment:output fragment:host",
      );
      check("./{}/build", "format", "path:. kind:{} name:build");
      check("{}#output", "format", "path:{} fragment:output");
      check("@/environment/%s", "percent", "release:@ kind:environment name:%s");
      check("./@%d/task/x", "percent", "path:. release:@%d kind:task name:x");
      check("./custom/a-{x/y#z}-b", "format", "path:. kind:custom name:a-{x/y#z}-b");
    });

    it("still check the parts that are known", () => {
      const { errors } = parseRefWithSpans("./dploy/{}#output", { template: "format" });
      assert.deepEqual(
        errors.map((error) => error.code),
        ["unknown-kind"],
      );
      assert.equal(parseRefWithSpans("./custom/{{x}}", { template: "format" }).hasHoles, false);
    });
  });
});
