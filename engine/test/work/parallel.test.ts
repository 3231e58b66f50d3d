import assert from "node:assert/strict";
import { Sandbox } from "../cli/sandbox.ts";

/** Waits until another file's work has begun, too: alone it fails. */
const meets = (own: string, other: string) => `
def f(go):
    host.shell("touch ${own}; for i in $(seq 600); do test -e ${other} && exit 0; sleep 0.05; done; exit 1")
    return done(outputs={"met": "${other}"})
task(f, name="f", inputs={"go": ref("@/custom/go")})
`;

/** Notes its release's number once it may. */
const notes = `
def count(n):
    return done(outputs={"n": n + 1})
def note(n, go):
    host.shell("echo r{} >> order.txt".format(n))
phase("count", tasks=[task(count, name="count", inputs={"n": input(ref="./@/task/count#output/n", default=0)})])
task(note, name="note", inputs={"n": ref("./task/count#output/n"), "go": ref("@/custom/go")})
`;

describe("several releases of one command", function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      ".gitignore": "a\nb\norder.txt\n",
      "x.ocu.star": meets("a", "b"),
      "y.ocu.star": meets("b", "a"),
      "z.ocu.star": notes,
    });
    for (const file of ["x", "y", "z", "z", "z"]) await sandbox.ok(["release", "new", "--force", `${file}.ocu.star`]);
    await sandbox.ok(["state", "set", "@/custom/go", "yes"]);
  });
  after(() => sandbox.remove());

  it("run at the same time, each line saying which one it is of; those of a file in order", async () => {
    const { stdout } = await sandbox.ok(["work", "continue"]);
    for (const file of ["x", "y"]) {
      assert.match(stdout, new RegExp(`^${file}\\.ocu\\.star r1 › f ✓ done`, "m"));
      assert.match(stdout, new RegExp(`^✓ r1 of ${file}\\.ocu\\.star complete`, "m"));
    }
    assert.equal(await sandbox.get("x.ocu.star/@/task/f#output/met"), "b");
    assert.equal((await sandbox.ok(["repl", "-c", `host.read_file("order.txt")`])).stdout, `"r1\\nr2\\nr3\\n"\n`);
  });

  it("tell machines which one an event is of", async () => {
    const { stdout } = await sandbox.run(["release", "new", "--force", "z.ocu.star", "--json"]);
    const events = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { type: string; release?: string; ref?: string });
    const [start] = events;
    for (const event of events.filter(({ type }) => type === "work" || type === "log"))
      assert.equal(event.release, start?.ref);
    assert.ok(events.some(({ type }) => type === "work"));
  });
});
