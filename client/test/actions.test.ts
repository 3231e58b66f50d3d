import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cancelTarget, type ReleaseTarget } from "../src/model/packageChoice.ts";
import { listedWork } from "../src/model/releases.ts";
import { carefulWork } from "../src/model/waiting.ts";
import { nextAction } from "../src/phases/nextAction.ts";
import { failedRelease, packageState, phase, release, waitingRelease, work } from "./samples.ts";

const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
const careful: string = manifest.contributes.configuration.properties["ocuroot.approvals.confirm"].default;
const reason = (found: ReleaseTarget) => (found.kind === "none" ? found.reason : "");

describe("What a click would lead to", () => {
  const environments = [{ name: "eu", attributes: { type: "production" }, deployments: [] }];
  const waits = (work: string[], phases: string[]) => ({
    input: { name: "approval", ref: "./custom/approval", canBeSet: true },
    work,
    phases,
  });

  it("is asked about where people are careful: by phase, name and attributes", () => {
    assert.deepEqual(carefulWork(waits(["eu", "us"], ["production"]), [], careful), ["eu", "us"]);
    assert.deepEqual(carefulWork(waits(["eu", "test"], ["all"]), environments, careful), ["eu"]);
    assert.deepEqual(carefulWork(waits(["eu-prod"], []), [], careful), ["eu-prod"]);
    assert.deepEqual(carefulWork(waits(["us_live_2"], []), [], careful), ["us_live_2"]);
    assert.deepEqual(carefulWork(waits(["product"], ["delivery"]), [], careful), []);
  });

  it("is never asked about without a setting, and always with a broken one", () => {
    assert.deepEqual(carefulWork(waits(["eu"], ["production"]), environments, ""), []);
    assert.deepEqual(carefulWork(waits(["test"], []), [], "("), ["test"]);
  });

  it("is the one button of the phase graph", () => {
    const uri = "file:///w/shop/a.ocu.star";
    assert.equal(nextAction(uri, undefined)?.command, "ocuroot.newRelease");
    assert.equal(nextAction(uri, failedRelease)?.command, "ocuroot.retryRelease");
    assert.equal(nextAction(uri, waitingRelease)?.command, "ocuroot.approve");
    assert.equal(nextAction(uri, release()), undefined);
    assert.equal(nextAction(uri, release({ status: "blocked" }))?.command, "ocuroot.continueRelease");
  });

  it("cancels what was not begun, and says why there is nothing", () => {
    const pending = release({ phases: [phase("later", work("eu", { status: "pending" }))] });
    assert.equal(cancelTarget("f", packageState(pending)).kind, "release");
    assert.match(reason(cancelTarget("f", packageState(release()))), /was begun/);
    assert.match(reason(cancelTarget("f", undefined)), /never released/);
  });

  it("shows trouble first among many pieces of work, and few in their order", () => {
    const many = Array.from({ length: 20 }, (_, index) => work(`s${index}`));
    const troubled = many.map((each, index) => (index === 15 ? { ...each, status: "failed" as const } : each));
    assert.deepEqual(
      listedWork(troubled)
        .slice(0, 2)
        .map((each) => each.name),
      ["s15", "s0"],
    );
    const few = troubled.slice(10);
    assert.equal(listedWork(few), few);
  });
});
