import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Sandbox } from "./sandbox.ts";
import { ServedPage } from "./servedPage.ts";

const file = (title: string) => `
load("lib/names.star", "suffix")
def build(ctx):
    return done(outputs={"tag": "v1"})
def up(ctx):
    return done()
def down(ctx):
    return done()
task(build, name="${title}" + suffix)
phase("live", work=[
    deploy(e, up, down, inputs={"tag": ref("./task/${title}-one#output/tag"), "size": read("size.txt").strip()})
    for e in environments()
])
`;

describe("ocuroot preview --serve", function () {
  this.timeout(30_000);
  let sandbox: Sandbox;
  let served: ServedPage;
  const ask: ServedPage["ask"] = (path, options) => served.ask(path, options);
  /** Resolves with the page once it says so. Asks again whenever the page is told of a change. */
  const shows = (wanted: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = async () => {
        const { body } = await ask("/");
        if (!wanted.test(body)) return;
        events.destroy();
        resolve(body);
      };
      const events = request(new URL("/events", served.url), { agent: false }, (response) => {
        response.on("data", () => void look().catch(reject));
        response.on("error", () => {}); // It is ended from here.
      });
      events.on("error", () => {});
      events.end();
    });

  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("demo")\n',
      "environments.ocu.star": 'register_environment(environment("staging"))\n',
      "release.ocu.star": file("build"),
      "lib/names.star": 'suffix = "-one"\n',
      "size.txt": "small\n",
    });
    served = await ServedPage.start(sandbox, ["preview", "release.ocu.star", "--serve", "--no-open"]);
  });
  after(async () => {
    const { code, stderr } = await served.stop();
    assert.equal(code, 0, stderr);
    sandbox.remove();
  });

  it("shows the graph, in a picture and in words, and runs nothing", async () => {
    const page = await shows(/build-one/);
    assert.match(page, /<svg width="\d+"[\s\S]*task build-one[\s\S]*<\/svg>/);
    assert.match(page, /<th scope="col">Inputs<\/th>/);
    assert.equal((await sandbox.ok(["state", "match"])).stdout, "");
  });

  it("answers on this machine only, to whom it knows, with no rights for foreign code", async () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.equal((await ask("/", { headers: { host: "evil.example" } })).status, 403);
    assert.equal(
      (await ask("/", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" } })).status,
      403,
    );
    assert.equal((await ask("/", { method: "POST" })).status, 405);
    assert.equal((await ask("/nothing")).status, 404);
    const { headers, body } = await ask("/");
    assert.match(String(headers["content-security-policy"]), /default-src 'none'; style-src 'self'; script-src 'self'/);
    assert.doesNotMatch(body, /<style|style=|onclick|<script>(?!<)/);
  });

  it("follows the file, also when an editor puts a new one in its place", async () => {
    sandbox.write("release.ocu.star", file("compile"));
    await shows(/compile-one/);
    sandbox.write("new.tmp", file("pack"));
    renameSync(sandbox.path("new.tmp"), sandbox.path("release.ocu.star"));
    await shows(/pack-one/);
  });

  it("follows what the file loads, and the environments in state", async () => {
    sandbox.write("lib/names.star", 'suffix = "-two"\n');
    await shows(/pack-two/);
    sandbox.write("lib/names.star", 'suffix = "-one"\n');
    await shows(/pack-one/);
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
    const page = await shows(/deploy staging/);
    assert.match(page, /<dt>size<\/dt><dd><code>&quot;small&quot;<\/code>/);
    assert.match(page, /<path class="edge"/);
  });

  it("follows what the file reads", async () => {
    sandbox.write("size.txt", "large\n");
    await shows(/<dd><code>&quot;large&quot;/);
  });

  it("keeps the last good graph while there is an error, and shows where it is", async () => {
    sandbox.write("release.ocu.star", `${file("pack")}\ntask(build, name="<script>")\nfail("a & b")\n`);
    const page = await shows(/The file has an error\. Below is what it said before/);
    assert.match(page, /class="graph stale"[\s\S]*pack-one/);
    assert.match(page, /release\.ocu\.star:16:5<\/code><strong>.*a &amp; b/);
    assert.match(page, /16 │ fail\(&quot;a &amp; b&quot;\)/);
    sandbox.write("release.ocu.star", `${file("pack")}\ntask(build, name="a<b")\n`);
    assert.doesNotMatch(await shows(/class="graph"/), /<b"|The file has an error/);
  });

  it("waits for a module whose folder is not there yet, and for a file that went away", async () => {
    rmSync(sandbox.path("lib"), { recursive: true });
    await shows(/cannot load lib\/names\.star/);
    mkdirSync(sandbox.path("lib"));
    sandbox.write("lib/names.star", 'suffix = "-three"\n');
    await shows(/pack-three/);
    rmSync(sandbox.path("release.ocu.star"));
    await shows(/there is no file release\.ocu\.star/);
    sandbox.write("release.ocu.star", file("again"));
    await shows(/again-three/);
  });

  it("says so when the port is taken, and when --port stands alone", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const port = String((taken.address() as AddressInfo).port);
    const { code, stderr } = await sandbox.run(["preview", "release.ocu.star", "--serve", "--port", port]);
    assert.deepEqual([code, stderr.includes(`port ${port} is in use`)], [1, true]);
    taken.close();
    assert.equal((await sandbox.run(["preview", "release.ocu.star", "--port", "4000"])).code, 2);
  });
});
