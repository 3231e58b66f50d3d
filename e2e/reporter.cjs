// Mocha's usual report; besides, what each file of tests came to goes into the file that OCUROOT_E2E_RESULTS names.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS } = Runner.constants;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    /** @type {Record<string, { passed: number; failed: string[] }>} */
    const files = {};
    const resultOf = ({ file = "" }) => {
      files[file] ??= { passed: 0, failed: [] };
      return files[file];
    };
    runner.on(EVENT_TEST_PASS, (test) => {
      resultOf(test).passed++;
    });
    // Also for a hook that fails, which ends its suite.
    runner.on(EVENT_TEST_FAIL, (test) => resultOf(test).failed.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => writeFileSync(process.env.OCUROOT_E2E_RESULTS, JSON.stringify(files)));
  }
};
