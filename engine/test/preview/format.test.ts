import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { EnvironmentModel, PackageModel, WorkModel } from "../../src/model/package.ts";
import { describeWork } from "../../src/preview/describe.ts";
import { formatPreview } from "../../src/preview/format.ts";

const position = { file: "a/release.ocu.star", line: 1, column: 1 };
const fn = (name: string) => ({ name, pos: `a/release.ocu.star:1:1` });

const build: WorkModel = {
  kind: "task",
  name: "build",
  fn: fn("build"),
  inputs: {
    previous: { ref: "./@/call/build#output/n", default: 0, hasDefault: true },
    flags: { value: { big: 12345678901234567890n, list: ["a", null] } },
  },
  annotation: "compiles",
  position,
};
const deploy = (name: string): WorkModel => ({
  kind: "deploy",
  environment: { name, attributes: { type: "staging" } },
  up: fn("up"),
  down: fn("down"),
  inputs: { tag: { ref: "./call/build#output/tag" }, dsn: { ref: './-/db/release.ocu.star/@/deploy/x#output/"d"' } },
  position,
});
const model: PackageModel = {
  file: "a/release.ocu.star",
  sdkVersion: "0.3.0",
  phases: [
    { name: "", work: [build], position },
    { name: "staging", work: [deploy("eu"), deploy("us")], position },
    { name: "later", work: [], position },
  ],
  functions: [],
  registered: [],
  modules: [],
};

describe("previews", () => {
  it("as text", () => {
    assert.equal(
      formatPreview(model, "text"),
      `a/release.ocu.star  SDK 0.3.0  3 phases, 3 pieces of work

1  task build  (compiles)
     previous  ← ./@/call/build#output/n, else 0
     flags     = {"big":12345678901234567890,"list":["a",null]}
2  staging
   deploy eu
     tag  ← ./call/build#output/tag
     dsn  ← ./-/db/release.ocu.star/@/deploy/x#output/"d"
   deploy us
     tag  ← ./call/build#output/tag
     dsn  ← ./-/db/release.ocu.star/@/deploy/x#output/"d"
3  later
   (no work)
`,
    );
  });

  it("of environments, as text", () => {
    const registered: EnvironmentModel[] = [
      { name: "staging", attributes: { type: "staging", region: "eu" } },
      { name: "x", attributes: {} },
    ];
    assert.equal(
      formatPreview({ ...model, phases: [], registered }, "text"),
      `a/release.ocu.star  SDK 0.3.0  2 environments

environment staging  type=staging region=eu
environment x
`,
    );
  });

  it("as JSON", () => {
    const document = JSON.parse(formatPreview(model, "json"));
    assert.equal(document.file, model.file);
    assert.equal(document.phases[1].work[0].environment.name, "eu");
    assert.ok(formatPreview(model, "json").includes('"big": 12345678901234567890'));
  });

  it("as Mermaid", () => {
    assert.equal(
      formatPreview(model, "mermaid"),
      `flowchart LR
  subgraph p1["build"]
    w1["task build"]
  end
  subgraph p2["staging"]
    w2("deploy eu")
    w3("deploy us")
  end
  subgraph p3["later"]
    p3_empty["(no work)"]
  end
  x1>"./@/call/build#35;output/n"]
  x2>"./-/db/release.ocu.star/@/deploy/x#35;output/#34;d#34;"]
  p1 ==> p2
  p2 ==> p3
  x1 -.->|"previous"| w1
  w1 -->|"tag"| w2
  x2 -->|"dsn"| w2
  w1 -->|"tag"| w3
  x2 -->|"dsn"| w3
`,
    );
  });

  it("as dot", () => {
    const dot = formatPreview(model, "dot");
    assert.match(dot, /^digraph "a\/release\.ocu\.star" \{/);
    assert.match(dot, /w2 \[label="deploy eu", style=rounded\];/);
    assert.match(dot, /w1 -> w2 \[style=bold, ltail="cluster_p1", lhead="cluster_p2"\];/);
    assert.match(dot, /output\/\\"d\\""/);
    assert.match(dot, /\}\n$/);
  });

  it("as SVG", () => {
    const svg = formatPreview(model, "svg");
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    assert.equal(svg.match(/class="card"/g)?.length, 3);
    assert.equal(svg.match(/class="edge"/g)?.length, 2);
    assert.ok(svg.includes("previous ← ./@/call/build#output/n, else 0"));
    assert.ok(svg.includes("output/&#34;d&#34;"));
    assert.match(formatPreview({ ...model, phases: [] }, "svg"), /no phases/);
  });

  it("name the work that gives an input", () => {
    assert.deepEqual(
      describeWork(deploy("eu")).inputs.map(({ name, from }) => [name, from]),
      [
        ["tag", "task/build"],
        ["dsn", undefined],
      ],
    );
    assert.deepEqual(describeWork(build).inputs[0], {
      name: "previous",
      ref: "./@/call/build#output/n",
      from: undefined,
      value: "0",
    });
  });
});
