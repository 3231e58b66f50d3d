import { noteWhatIsOpen } from "../src/session.ts";

/**
 * Makes the tests of the surrounding `describe` steps of one story: when one fails, those after it cannot tell anything
 * and are not run. At its end all that was opened in it is closed.
 */
export function story(): void {
  closeAfterwards();
  stopAfterFailure();
}

/** Closes the windows that the surrounding `describe` opens, and ends its own VS Code, when its tests are over. */
export function closeAfterwards(): void {
  let close: (() => Promise<void>) | undefined;
  before(() => {
    close = noteWhatIsOpen();
  });
  after(() => close?.());
}

/** Only the first half of {@link story}, for those who close what they open. */
export function stopAfterFailure(): void {
  let failed: string | undefined;
  beforeEach(() => {
    if (failed !== undefined) throw new Error(`"${failed}" failed before`);
  });
  afterEach(function (this: Mocha.Context) {
    if (this.currentTest?.state === "failed") failed = this.currentTest.title;
  });
}
