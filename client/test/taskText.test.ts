import assert from "node:assert/strict";
import { withoutVariables } from "../src/model/taskText.ts";
import { setStateArguments } from "../src/model/waiting.ts";
import { runArguments } from "../src/model/workFunctions.ts";

/** A variable as the editor writes them. */
const variable = (name: string): string => `$\{${name}}`;

describe("Values in arguments of tasks", () => {
  it("stay as they are when the editor sees no variable in them", () => {
    for (const value of ["", "yes", "$HOME", "{}", "a $ {b}", '"$']) assert.equal(withoutVariables(value), value);
  });

  it("mean the same, and the editor sees no variable in them", () => {
    for (const value of [
      variable("home"),
      `a ${variable("env:PATH")} b\n${variable("x")}`,
      "${input:",
      `{"a": "${variable("x")}"}`,
      `"${variable("z")}"`,
    ]) {
      const text = withoutVariables(value);
      assert.ok(!text.includes("${"), text);
      const meant = value.startsWith("{") || value.startsWith('"') ? JSON.parse(value) : value;
      assert.deepEqual(JSON.parse(text), meant);
    }
  });

  it("are set as JSON then, and given to functions as JSON", () => {
    assert.deepEqual(setStateArguments("@/custom/x", variable("home")), [
      "state",
      "set",
      "-f",
      "json",
      "@/custom/x",
      '"\\u0024{home}"',
    ]);
    const use = { work: "task/build", role: "task" as const, inputs: [] };
    assert.deepEqual(runArguments("a.ocu.star", use, new Map([["x", variable("home")]])).slice(-1), [
      'x="\\u0024{home}"',
    ]);
  });
});
