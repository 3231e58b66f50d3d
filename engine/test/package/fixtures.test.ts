import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { evaluatePackage } from "../../src/package/evaluatePackage.ts";
import { PreviewHost } from "../../src/sdk/previewHost.ts";
import { makeRepository, modelOf, openPackage, refOf, testParser } from "./helpers.ts";

const fixtures = join(__dirname, "../../../test-fixtures");

/** A copy of a sample repository, with its environments as they are after they were released. */
async function openFixture(name: string, file = "release.ocu.star") {
  const root = makeRepository({});
  cpSync(join(fixtures, "repos", name), root, { recursive: true });
  const registering = await openPackage({}, { root, file: "environments.ocu.star" });
  const environments = modelOf(registering.evaluation).registered;
  return { environments, ...(await openPackage({}, { root, file, environments })) };
}

describe("the seed's package", () => {
  it("evaluates, and runs with a stand-in for docker", async () => {
    const { evaluation, session, host, environments } = await openFixture("seed");
    const { phases, sdkVersion } = modelOf(evaluation);
    assert.equal(sdkVersion, "0.3.0");
    assert.deepEqual(
      phases.map(({ name, work }) => [
        name,
        work.map((each) => (each.kind === "task" ? each.name : each.environment.name)),
      ]),
      [
        ["", ["build"]],
        ["staging", ["staging"]],
        ["production", ["production"]],
      ],
    );
    assert.deepEqual(phases[0]?.work[0]?.inputs, {
      prev_build_number: { ref: "./@/call/build#output/build_number", default: 0, hasDefault: true },
    });

    const path = process.env.PATH;
    process.env.PATH = `${join(fixtures, "bin")}:${path}`;
    try {
      const build = session.run(refOf(evaluation, "build"), { inputs: { prev_build_number: 11 } });
      assert.deepEqual(build.kind === "done" && build.outputs, { build_number: 12, tag: "myapp:12" });
      assert.deepEqual(host.printed, ["Building build 12..."]);
      for (const fn of ["up", "down"]) {
        const [, staging] = environments;
        assert.equal(staging?.name, "production");
        const outcome = session.run(refOf(evaluation, fn), { inputs: { tag: "myapp:12" }, environment: staging });
        assert.equal(outcome.kind, "done");
      }
    } finally {
      process.env.PATH = path;
    }
    assert.deepEqual(
      host.commands.map(({ command }) => command),
      [
        "docker build . -t myapp:12",
        "docker push myapp:12",
        "./deploy.sh myapp:12 production",
        "./test.sh production",
        "./undeploy.sh production",
      ],
    );
  });

  it("as it was published has one fault, the missing comma", async () => {
    const { evaluation } = await openFixture("seed-broken");
    assert.equal(evaluation.model, undefined);
    const [problem, ...others] = evaluation.problems;
    assert.deepEqual(others, []);
    const lines = readFileSync(join(fixtures, "repos/seed-broken/release.ocu.star"), "utf8").split("\n");
    assert.equal(lines[(problem?.position?.line ?? 0) - 1]?.trim(), 'name="build"');
    assert.equal(problem?.code, "syntax/missing-comma");
  });
});

describe("sample repositories", () => {
  for (const file of ["frontend", "backend", "database"].map((folder) => `${folder}/release.ocu.star`)) {
    it(`evaluate: shop, ${file}`, async () => {
      const { evaluation } = await openFixture("shop", file);
      assert.deepEqual(evaluation.problems, []);
      const { phases, modules } = modelOf(evaluation);
      assert.deepEqual(modules, ["lib/environments.star"]);
      assert.deepEqual(
        phases.slice(-2).map(({ name, work }) => `${name} ${work.length}`),
        ["staging 2", "production 3"],
      );
    });
  }

  it("evaluate: a hundred environments", async () => {
    const { evaluation } = await openFixture("hundred");
    assert.deepEqual(
      modelOf(evaluation).phases.map(({ work }) => work.length),
      [1, 4, 16, 80],
    );
  });
});

/** Faults that only the editor's analysis of refs and of `ctx.inputs` sees. */
const editorOnly = ["17-", "18-", "19-"];

describe("broken package files", () => {
  for (const file of readdirSync(join(fixtures, "broken")).filter((name) => name.endsWith(".star"))) {
    if (editorOnly.some((prefix) => file.startsWith(prefix))) continue;
    it(`are refused with a place: ${file}`, async () => {
      const { evaluation } = await openPackage({ "release.ocu.star": readFileSync(join(fixtures, "broken", file)) });
      assert.equal(evaluation.model, undefined);
      assert.ok(evaluation.problems.length > 0);
      for (const { position, message } of evaluation.problems) assert.ok(position && message);
    });
  }
});

describe("half-typed package files", () => {
  for (const file of ["repos/seed/release.ocu.star", "repos/shop/frontend/release.ocu.star"]) {
    it(`never throw, and every problem has a place: ${file}`, async () => {
      const text = readFileSync(join(fixtures, file), "utf8");
      const root = makeRepository({});
      cpSync(join(fixtures, "repos/shop"), root, { recursive: true });
      const parser = await testParser();
      const environments = [{ name: "eu", attributes: { type: "staging", region: "x" } }];
      for (let length = 0; length < text.length; length += 11) {
        const host = new PreviewHost({ root, isTrusted: true });
        const readText = (path: string) =>
          path.endsWith("frontend/release.ocu.star") ? text.slice(0, length) : undefined;
        const options = { parser, root, file: "frontend/release.ocu.star", readText, host, environments };
        for (const { position, message } of evaluatePackage(options).problems) {
          assert.ok(position && message, `after ${length} characters`);
        }
      }
    });
  }
});
