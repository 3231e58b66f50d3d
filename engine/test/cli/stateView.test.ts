import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { ansiToHtml } from "../../src/view/ansi.ts";
import { html } from "../../src/view/html.ts";
import { Sandbox } from "./sandbox.ts";
import { ServedPage } from "./servedPage.ts";

const files = {
  "repo.ocu.star": 'repo_alias("demo")\nsecret("hunter22")\n',
  "environments.ocu.star": 'register_environment(environment("staging", {"type": "test"}))\n',
  "a/release.ocu.star": `
def build(ctx):
    print("<script>alert(1)</script> hunter22")
    host.shell("printf '\\\\033[31mred\\\\033[0m\\\\n'")
    return done(outputs={"tag": "v1", "page": "https://example.com/"}, tags=["v1.0"])
def up(ctx):
    if ctx.inputs.quota == 0:
        fail("quota exceeded")
    return done(outputs={"host": ctx.environment.name + ".example"})
def down(ctx):
    return done()
def check(ctx):
    return done()
task(build, name="build")
phase("live", work=[deploy(environments()[0], up, down, inputs={"quota": input(ref="@/custom/quota", default=0), "tag": ref("./task/build#output/tag")})])
`,
  "b/release.ocu.star": `
def check(ctx):
    return done()
task(check, name="check", inputs={"ok": ref("./custom/approval")})
`,
};

describe("ocuroot state view", () => {
  let sandbox: Sandbox;
  let served: ServedPage;
  const ask: ServedPage["ask"] = (path, options) => served.ask(path, options);
  /** With a path as it is, however wrong. */
  const askRaw = (path: string) =>
    new Promise<{ status: number }>((resolve, reject) => {
      const asked = request(served.url, { path, agent: false }, (response) => {
        response.resume().on("end", () => resolve({ status: response.statusCode ?? 0 }));
      });
      asked.on("error", reject).end();
    });
  const page = async (path: string) => {
    const { status, body } = await ask(path);
    assert.equal(status, 200, `${path}: ${status}\n${body}`);
    return body;
  };
  /** The page's text as a person reads it. */
  const text = async (path: string) =>
    /<main[\s\S]*<\/main>/
      .exec(await page(path))?.[0]
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ") ?? "";

  before(async () => {
    sandbox = Sandbox.create(files);
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
    await sandbox.run(["release", "new", "a/release.ocu.star"]);
    await sandbox.ok(["release", "new", "b/release.ocu.star"]);
    await sandbox.ok(["state", "set", "@/custom/quota", "5", "-f", "json"]);
    served = await ServedPage.start(sandbox, ["state", "view", "--no-open"]);
  });
  after(async () => {
    await served.stop();
    sandbox.remove();
  });

  it("says where it is, and listens there only", () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it("shows what failed, what waits and what is where", async () => {
    const overview = await text("/");
    assert.match(overview, /1 failed 1 waiting for you 0 running 1 complete/);
    assert.match(overview, /a\/ release\.ocu\.star r1 v1\.0 failed deploy\/staging failed: .*quota exceeded/);
    assert.match(
      overview,
      /needs approval .* ocuroot state set demo\/-\/b\/release\.ocu\.star\/@r1\/custom\/approval VALUE/,
    );
    assert.match(await text("/environments"), /staging.*type test/);
    assert.match(await text("/repositories"), /demo this one File/);
    assert.match(await text("/repository/demo"), /b\/ release\.ocu\.star r1 needs approval/);
  });

  it("shows a release as its phases and work, by any of its names", async () => {
    for (const name of ["@r1", "@1", "@v1.0", "@"]) {
      const release = await text(`/ref/demo/-/a/release.ocu.star/${name}`);
      assert.match(release, /r1 v1\.0 failed commit [0-9a-f]{7} · started/);
      assert.match(release, /ocuroot release retry demo\/-\/a\/release\.ocu\.star\/@r1/);
      assert.match(release, /build done in [\d.]+ s tag=v1 page=https:\/\/example\.com\//);
      assert.match(release, /live 0 of 1|live staging failed/);
    }
    assert.match(await text("/ref/demo/-/a/release.ocu.star"), /r1 v1\.0 failed/);
  });

  it("shows a run: why it failed, inputs with where they come from, outputs, log", async () => {
    const run = await page("/ref/demo/-/a/release.ocu.star/@r1/deploy/staging/1");
    assert.match(run, /quota exceeded<\/strong>/);
    assert.match(run, /<code>a\/release\.ocu\.star:8:13<\/code> in <code>up<\/code>/);
    assert.match(run, /href="\/ref\/demo\/-\/a\/release\.ocu\.star\/@r1\/task\/build"[^>]*>[\s\S]*#output/);
    const build = await page("/ref/demo/-/a/release.ocu.star/@/task/build");
    assert.match(build, /<span class="ansi-red">red<\/span>/);
    assert.match(build, /<a href="https:\/\/example\.com\/" rel="noreferrer noopener"/);
  });

  it("escapes what people wrote, and masks secrets", async () => {
    const build = await page("/ref/demo/-/a/release.ocu.star/@r1/task/build/1");
    assert.match(build, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &lt;secret&gt;/);
    assert.doesNotMatch(build, /<script>alert|hunter22/);
    await sandbox.ok(["state", "set", "@/custom/login", '{"token": "hunter22 & more"}', "-f", "json"]);
    for (const path of ["/custom", "/ref/@/custom/login"]) {
      assert.match(await page(path), /&lt;secret&gt; &amp; more/);
      assert.doesNotMatch(await page(path), /hunter22/);
    }
    const search = await page(`/search?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
    assert.doesNotMatch(search, /<img/);
    const nothing = await ask("/ref/%3Cimg%20src=x%3E");
    assert.equal(nothing.status, 404);
    assert.doesNotMatch(nothing.body, /<img/);
  });

  it("shows custom state, intent that state has not followed, and work that waits", async () => {
    assert.match(await text("/custom"), /@\/ custom\/ quota not there yet to be set 5/);
    const pending = await text("/pending");
    assert.match(pending, /check needs approval/);
    assert.match(pending, /create @\/ custom\/ quota ocuroot state apply @\/custom\/quota/);
    assert.match(await text("/deployments"), /Nothing is deployed yet/);
  });

  it("shows any document, link and glob by its address", async () => {
    assert.match(await text("/ref/@/custom/quota"), /Intent 5/);
    const link = await text("/ref/demo/-/repo.ocu.star/@");
    assert.match(link, /A link to demo\/.*repo_alias\(&quot;demo&quot;\)/);
    const matched = await text("/match/**/status/failed");
    assert.match(matched, /1 demo\/ -\/ a\/ release\.ocu\.star\/ @r1\/ deploy\/ staging\/ 1\/ status\/ failed/);
    assert.match(await text("/search?q=STAGING+failed"), /STAGING failed 1 /);
    assert.equal((await ask("/search?q=**/deploy/*")).headers.location, "/match/**/deploy/*");
    const json = await ask("/json/demo/-/a/release.ocu.star/@r1/task/build#output");
    assert.equal(JSON.parse(json.body).output.tag, "v1");
    assert.equal((await ask("/json/demo/-/gone.ocu.star/@r1")).status, 404);
  });

  it("has a page for what is not there, and for addresses that cannot be read", async () => {
    for (const path of [
      "/nothing",
      "/ref/demo/-/a/release.ocu.star/@r9",
      "/ref/demo/-/gone.ocu.star",
      "/repository/gone",
      "/match/",
    ]) {
      assert.equal((await ask(path)).status, 404, path);
    }
    assert.equal((await ask("/ref/%E0%A4%A")).status, 400);
    for (const path of ["//", "//evil.example/", "http://evil.example/", "/?q=%", "/ref//", "/ref/-/-/@/@"]) {
      const { status } = await askRaw(path);
      assert.ok(status === 404 || status === 200, `${path}: ${status}`);
    }
    assert.equal((await ask("/ref/..%2F..%2Fetc/passwd")).status, 404);
    assert.equal((await ask("/ref/a%00b")).status, 404);
    assert.equal((await ask("/match/%5B")).status < 600, true);
  });

  it("answers only who asks for it by its own name, only to read, and lets no other page in", async () => {
    const port = new URL(served.url).port;
    assert.equal((await ask("/", { headers: { host: `localhost:${port}` } })).status, 200);
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1.evil.example:${port}`]) {
      assert.equal((await ask("/", { headers: { host } })).status, 403, host);
      assert.equal((await ask("/events", { headers: { host } })).status, 403, host);
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) assert.equal((await ask("/", { method })).status, 405);
    const crossSite = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    assert.equal((await ask("/", { headers: crossSite })).status, 403);
    const { headers } = await ask("/");
    const policy = headers["content-security-policy"] as string;
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  it("sends no inline script or style, and asks nothing of other machines", async () => {
    for (const path of ["/", "/ref/demo/-/a/release.ocu.star/@r1", "/ref/demo/-/a/release.ocu.star/@r1/task/build/1"]) {
      const body = await page(path);
      assert.doesNotMatch(body, /<style|\sstyle=|\son\w+=|<script(?! src="\/script\.js" defer>)/);
      assert.doesNotMatch(body, /(?:src|<link[^>]*href)="(?!\/)/);
    }
    const script = await ask("/script.js");
    assert.match(script.headers["content-type"] as string, /^text\/javascript/);
    assert.match(script.body, /EventSource/);
    const again = await ask("/script.js", { headers: { "if-none-match": script.headers.etag as string } });
    assert.equal(again.status, 304);
    assert.equal((await ask("/style.css", { method: "HEAD" })).body, "");
  });

  it("tells of changes as they come", async () => {
    const changes = await new Promise<string>((resolve, reject) => {
      const asked = request(new URL("/events", served.url), { agent: false }, (response) => {
        assert.equal(response.headers["content-type"], "text/event-stream; charset=utf-8");
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          if (body === "") sandbox.ok(["state", "apply", "@/custom/quota"]).catch(reject);
          body += part;
          if (!body.includes("event: change")) return;
          asked.destroy();
          resolve(body);
        });
      });
      asked.on("error", (error: NodeJS.ErrnoException) => error.code === "ECONNRESET" || reject(error)).end();
    });
    assert.match(changes, /event: change\ndata: (?:"all"|\[.*"@\/custom\/quota".*\])\n\n/);
    assert.match(await text("/custom"), /quota 5 the same/);
  });

  it("shows a damaged document as what it is", async () => {
    const file = sandbox.path(".ocuroot/store/state/refs/@/environment/staging/@object.json");
    const before = statSync(file);
    assert.ok(before.isFile());
    writeFileSync(file, "{");
    const { status, body } = await ask("/ref/@/environment/staging");
    assert.ok(status === 500 || status === 200);
    assert.match(body, /@object\.json is not complete JSON/);
    assert.match(body, /ocuroot state check/);
    assert.match(await text("/"), /a\/ release\.ocu\.star r1 .* is not complete JSON/);
    writeFileSync(file, '{"kind":"ref","body_type":"environment","body":{"name":"staging","attributes":{}}}');
  });
});

describe("ocuroot state view, elsewhere", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = Sandbox.create({ "repo.ocu.star": 'repo_alias("demo")\n' });
  });
  afterEach(() => sandbox.remove());

  const open = async (argv: readonly string[], look: (url: string) => Promise<void>) => {
    const signals = new EventEmitter();
    const onOutput = (text: string) =>
      void look(text.trim())
        .catch((error: unknown) => {
          failure = error;
        })
        .then(() => signals.emit("SIGINT"));
    let failure: unknown;
    const result = await sandbox.run(["state", "view", ...argv], { signals, onOutput });
    if (failure) throw failure;
    return result;
  };

  it("shows a repository without releases, makes no store, and ends at Ctrl-C", async () => {
    const { code, stderr } = await open([], async (url) => {
      assert.match(await (await fetch(url)).text(), /There are no releases yet/);
      for (const path of ["environments", "repositories", "deployments", "custom", "pending", "search"]) {
        assert.equal((await fetch(url + path)).status, 200, path);
      }
    });
    assert.equal(code, 0);
    assert.match(stderr, /read-only and live, for this machine only\. Ctrl-C ends it\./);
    assert.deepEqual(readdirSync(sandbox.root).sort(), [".git", "repo.ocu.star"]);
  });

  it("follows a store that comes later", async () => {
    await open(["--json"], async (line) => {
      const { url } = JSON.parse(line) as { url: string };
      const events = await fetch(`${url}events`);
      const reader = (events.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await sandbox.ok(["state", "set", "@/custom/x", "1"]);
      assert.match(Buffer.from((await reader.read()).value ?? []).toString(), /event: change/);
      await reader.cancel();
      assert.match(await (await fetch(`${url}custom`)).text(), /to be set/);
    });
  });

  it("takes the port it is given, and says when that is in use", async () => {
    let port = 0;
    await open([], async (url) => {
      port = Number(new URL(url).port);
      const { code, stderr } = await sandbox.run(["state", "view", "--port", String(port)]);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`error: port ${port} is in use`));
    });
    await open(["--port", String(port)], async (url) => assert.equal(new URL(url).port, String(port)));
    assert.equal((await sandbox.run(["state", "view", "--port", "none"])).code, 2);
  });

  it("shows the error of a repo.ocu.star that has one", async () => {
    sandbox.write("repo.ocu.star", "nothing\n");
    assert.equal((await sandbox.run(["state", "view"])).code, 1);
    rmSync(join(sandbox.root, "repo.ocu.star"));
  });
});

describe("pieces of the view", () => {
  it("escapes text in templates, and leaves HTML alone", () => {
    assert.equal(
      html`<a title="${`"'<&>`}">${[html`<b>`, 1, undefined, false]}</a>`.text,
      '<a title="&quot;&#39;&lt;&amp;&gt;"><b>1</a>',
    );
    assert.equal(html`${"a\u202eb"}`.text, "a\ufffdb");
  });

  it("keeps colours of logs, and nothing else that a terminal would obey", () => {
    const shown = (line: string) => html`${ansiToHtml(line)}`.text;
    assert.equal(shown("\u001b[1;31mred\u001b[0m <"), '<span class="ansi-red ansi-bold">red</span> &lt;');
    assert.equal(shown("\u001b[38;5;31mx\u001b[2Ky\u001b]0;title\u0007z"), "xyz");
    assert.equal(shown("10%\r20%"), "20%");
    assert.equal(shown("\u001b"), "");
  });
});
