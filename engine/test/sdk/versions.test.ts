import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { SdkFunction } from "../../src/sdk/catalog.ts";
import {
  knownSdkVersions,
  newestSdkVersion,
  predeclaredNames,
  resolveSdkVersion,
  sdkCatalog,
} from "../../src/sdk/versions.ts";
import { testParser } from "../package/helpers.ts";

describe("SDK versions", () => {
  for (const text of [
    "0.3.0",
    "0.3.1",
    "0.3.17",
    "0.3.x",
    "0.3",
    ">=0.3",
    "~0.3",
    "^0.3",
    "^0.3.0",
    ">=0.1 <1",
    ">=0.3, <1",
    "*",
  ]) {
    it(`takes ${text} for 0.3.0`, () => {
      assert.deepEqual(resolveSdkVersion(text), { ok: true, version: "0.3.0" });
    });
  }

  for (const text of ["", " ", "0.4.0", "0.2.9", "1", "9.9.9", ">=0.3.5", "latest", "0.3.0-beta", "0.3.01", "zero"]) {
    it(`refuses ${JSON.stringify(text)} and lists what is known`, () => {
      const resolution = resolveSdkVersion(text);
      assert.equal(resolution.ok, false);
      assert.match(resolution.message, /unknown SDK version/);
      for (const version of knownSdkVersions) assert.ok(resolution.message.includes(version));
    });
  }

  it("uses the newest version when none is named", () => {
    assert.equal(newestSdkVersion, "0.3.0");
    assert.equal(sdkCatalog().version, "0.3.0");
  });
});

describe("SDK catalog", () => {
  const catalog = sdkCatalog("0.3.0");
  const functions = [...catalog.entries.values()].filter((entry): entry is SdkFunction => entry.kind === "function");

  for (const entry of functions) {
    it(`documents ${entry.name}`, () => {
      const [summary = "", blank] = entry.doc.split("\n");
      assert.match(summary, /^[A-Z].*[.…]$/);
      assert.equal(blank, "");
      assert.match(entry.doc, /```starlark\n[^`]+\n```$/);
      const called = entry.name === "release_ignore" ? "release_ignore = [" : `${entry.name}(`;
      assert.ok(entry.doc.includes(called), `the example of ${entry.name} calls it`);
      for (const parameter of entry.parameters) assert.match(parameter.doc, /\.$/, parameter.name);
      const names = entry.parameters.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
      assert.equal(new Set(names).size, names.length);
    });
  }

  it("has examples that are Starlark, with lines that fit a hover", async () => {
    const parser = await testParser();
    for (const { name, doc } of functions) {
      const example = /```starlark\n([^`]+)```$/.exec(doc)?.[1] ?? "";
      // An argument such as `inputs={…}` stands alone in an example.
      const text = /^\w+=\{\n/.test(example) ? example.replace("=", " = ") : example;
      assert.deepEqual(parser.parse(text).diagnostics, [], name);
      for (const line of example.split("\n")) assert.ok(line.length <= 100, `${name}: ${line}`);
    }
  });

  it("lists a namespace's members in the order of documentation", () => {
    assert.deepEqual(
      catalog.members("host").map(({ name }) => name),
      ["shell", "os", "arch", "env", "pwd", "read_file", "write_file", "read_dir", "is_dir", "read", "write"].map(
        (n) => `host.${n}`,
      ),
    );
  });

  it("knows both spellings of everything that changed its name", () => {
    const call = catalog.entries.get("call") as SdkFunction;
    assert.equal(call.replacedBy, "task");
    assert.deepEqual(call.parameters, (catalog.entries.get("task") as SdkFunction).parameters);
    const aliases = (name: string) =>
      (catalog.entries.get(name) as SdkFunction).parameters.flatMap((parameter) => parameter.aliases ?? []);
    assert.deepEqual(aliases("phase"), ["work"]);
    assert.deepEqual(aliases("done"), ["output"]);
  });

  it("predeclares the names without a dot, and leaves those of the language to it", () => {
    const names = predeclaredNames("0.3.0");
    for (const name of ["ocuroot", "host", "shell", "struct", "json", "store"]) assert.ok(names.has(name), name);
    for (const name of ["print", "host.shell", "len"]) assert.ok(!names.has(name), name);
  });
});
