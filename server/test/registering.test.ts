import assert from "node:assert/strict";
import { join } from "node:path";
import { Dispatcher } from "../src/connection/dispatch.ts";
import { uriOfPath } from "../src/paths.ts";
import { Session } from "../src/session.ts";
import { loadParser, makeFolder } from "./harness.ts";

describe("a file that comes to register environments", () => {
  it("is noticed at the keystroke that makes it so, and at the one that ends it", async () => {
    const text = 'ocuroot("0.3.0")\n\nregister_environmen(environment("a"))\n# end\n';
    const folder = makeFolder({ "repo.ocu.star": 'repo_alias("test")\n', "environments.ocu.star": text });
    let told = 0;
    const problems: string[] = [];
    const log = {
      error: (message: string) => problems.push(message),
      warn: (message: string) => problems.push(message),
    };
    const session = new Session({
      parser: await loadParser(),
      dispatcher: new Dispatcher(log),
      sendDiagnostics: () => undefined,
      graphChanged: () => undefined,
      stateChanged: () => undefined,
      dependantsChanged: () => told++,
    });
    const uri = uriOfPath(join(folder, "environments.ocu.star"));
    await session.addFolders([uriOfPath(folder)]);
    session.open(uri, 1, text);
    let version = 1;
    /** Whether files that depend on this one were told of an edit. */
    const tells = (line: number, from: number, to: number, inserted: string): boolean => {
      const before = told;
      const range = { start: { line, character: from }, end: { line, character: to } };
      session.change(uri, ++version, [{ range, text: inserted }]);
      return told > before;
    };
    assert.equal(tells(3, 5, 5, "!"), false);
    assert.equal(tells(2, 19, 19, "t"), true);
    assert.equal(tells(3, 5, 6, ""), true, "it registers environments, whatever is edited in it");
    assert.equal(tells(2, 0, 1, "R"), true, "it does not any more");
    assert.equal(tells(3, 5, 5, "!"), false);
    assert.equal(tells(2, 0, 1, "r"), true);
    session.change(uri, ++version, [{ text: "# nothing\n" }]);
    assert.equal(tells(0, 3, 3, "x"), false);
    assert.deepEqual(problems, []);
    await session.dispose();
  });
});
