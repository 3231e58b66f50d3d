/**
 * Makes the tests of the surrounding `describe` steps of one story: when one fails, those after it cannot tell anything
 * and are not run.
 */
export function stopAfterFailure(): void {
  let failed: string | undefined;
  beforeEach(() => {
    if (failed !== undefined) throw new Error(`"${failed}" failed before`);
  });
  afterEach(function (this: Mocha.Context) {
    if (this.currentTest?.state === "failed") failed = this.currentTest.title;
  });
}
