import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { implementations } from "../../src/sdk/backend/index.ts";
import { sdkCatalog } from "../../src/sdk/versions.ts";
import { DirectHost, modelOf, openPackage } from "../package/helpers.ts";

describe("the SDK's backend", () => {
  it("implements what the catalog lists, and nothing else", () => {
    const listed = [...sdkCatalog().entries.values()].flatMap((entry) =>
      entry.kind === "function" && entry.language === undefined ? [entry.name] : [],
    );
    assert.deepEqual(Object.keys(implementations).sort(), listed.sort());
  });

  it("offers every name of the catalog", async () => {
    const names = [...sdkCatalog().entries.keys()];
    const { host, evaluation } = await openPackage(`print(${names.join(" and ")})\n`);
    assert.deepEqual(evaluation.problems, []);
    assert.equal(host.printed.length, 1);
  });

  it("checks arguments of every type that the catalog names", async () => {
    for (const entry of sdkCatalog().entries.values()) {
      if (entry.kind === "namespace" || entry.language || entry.place === "repository") continue;
      for (const parameter of entry.parameters) {
        if (parameter.type === "any") continue;
        const { evaluation } = await openPackage(`${entry.name}(${parameter.name}=0.5)\n`);
        const [problem] = evaluation.problems;
        if (entry.name === "ocuroot") continue; // Its argument is checked before anything runs.
        assert.equal(
          problem?.message,
          `${entry.name}: for parameter ${parameter.name}: got float, want ${parameter.type}`,
        );
      }
    }
  });
});

describe("an argument of two spellings", () => {
  it("may be None in the one, as when a function hands on both", async () => {
    const { evaluation } = await openPackage(`
def b(): pass
def group(name, work=None, tasks=None): phase(name, work=work, tasks=tasks)
group("x", work=[task(b, "b")])
group("y", tasks=[task(b, "c")])
group("z")
`);
    const phases = modelOf(evaluation).phases.map(({ name, work }) => `${name} ${work.length}`);
    assert.deepEqual(phases, ["x 1", "y 1", "z 0"]);
  });
});

describe("host functions", () => {
  it("run commands in the package file's folder", async () => {
    const { host, evaluation, root } = await openPackage(
      {
        "app/release.ocu.star": `
r = host.shell("pwd; echo é; echo bad >&2")
print(r.stdout.strip(), "|", r.stderr.strip(), "|", r.combined_output.count("\\n"), r.exit_code)
print(shell("echo $X; basename $(pwd)", env={"X": "y"}, mute=True, dir="sub").stdout.splitlines())
print(host.shell("exit 4", continue_on_error=True).exit_code, host.shell("echo $0", shell="bash").stdout.strip())
print(host.pwd() == pwd(), host.os(), os(), host.arch(), arch(), host.env()["HOME"], env()["HOME"])
`,
        "app/sub/x": "",
      },
      { file: "app/release.ocu.star" },
    );
    assert.deepEqual(evaluation.problems, []);
    assert.deepEqual(host.printed, [
      `${join(root, "app")}\né | bad | 3 0`,
      '["y", "sub"]',
      "4 bash",
      "True linux linux amd64 amd64 /home/me /home/me",
    ]);
    assert.deepEqual(host.commands[1], {
      command: "echo $X; basename $(pwd)",
      shell: "sh",
      dir: join(root, "app/sub"),
      env: { X: "y" },
      mute: true,
    });
  });

  it("read and write files, byte for byte", async () => {
    const { host, evaluation, root } = await openPackage({
      "release.ocu.star": `
write("out/a/b.txt", read("bytes") + "é")
host.write_file("c.txt", host.read_file("out/a/b.txt"))
print(len(read("bytes")), read_dir("out"), host.read_dir("."), is_dir("out"), host.is_dir("none"), is_dir("bytes"))
`,
      bytes: Uint8Array.from([0, 255, 254, 10]),
    });
    assert.deepEqual(evaluation.problems, []);
    assert.deepEqual([...readFileSync(join(root, "c.txt"))], [0, 255, 254, 10, 0xc3, 0xa9]);
    assert.deepEqual(host.printed, ['4 ["a"] ["bytes", "c.txt", "out", "release.ocu.star"] True False False']);
  });

  it("name the failing command, however long it is", async () => {
    const { evaluation } = await openPackage('host.shell("""\n./none.sh a\nexit 7\n""", mute=True)\n');
    assert.match(evaluation.problems[0]?.message ?? "", /^\.\/none\.sh a …: exit status 7\n.*not found/);
    assert.deepEqual(evaluation.problems[0]?.position, { file: "release.ocu.star", line: 1, column: 11 });
  });

  it("say the last thing that a failing command said, but nothing of a muted one's result", async () => {
    const said = async (call: string) => (await openPackage(call)).evaluation.problems[0]?.message;
    assert.equal(await said('shell("echo told; exit 2")\n'), "echo told; exit 2: exit status 2\ntold");
    assert.equal(
      await said('shell("cat token; exit 2", mute=True)\n'),
      "cat token; exit 2: exit status 2\ncat: token: No such file or directory",
    );
    assert.equal(await said('shell("printf T; exit 2", mute=True)\n'), "printf T; exit 2: exit status 2");
  });

  it("send requests and give responses in the spelling of the Go tool", async () => {
    const host = new DirectHost();
    host.response = {
      statusCode: 404,
      statusText: "",
      headers: { "content-type": ["a/b"], "x-many": ["1", "2"] },
      body: Uint8Array.from([255, 0x61]),
    };
    const { evaluation } = await openPackage(
      `
r = http.post("http://x/y", headers={"A": "b"}, body="é")
print(r.status_code, r.status_text, r.headers, len(r.body))
http.get("http://x/z")
http.head(url="http://x/z"); http.delete("http://x/z"); http.put("http://x/z"); http.patch("http://x/z", body="p")
`,
      { host },
    );
    assert.deepEqual(evaluation.problems, []);
    assert.deepEqual(host.printed, ['404 Not Found {"Content-Type": ["a/b"], "X-Many": ["1", "2"]} 2']);
    assert.deepEqual(
      host.requests.map(({ method, url }) => `${method} ${url}`),
      [
        "POST http://x/y",
        "GET http://x/z",
        "HEAD http://x/z",
        "DELETE http://x/z",
        "PUT http://x/z",
        "PATCH http://x/z",
      ],
    );
    assert.deepEqual(host.requests[0]?.headers, { A: "b" });
    assert.deepEqual([...(host.requests[0]?.body ?? [])], [0xc3, 0xa9]);
  });

  it("return secrets and do nothing at a breakpoint without a debugger", async () => {
    const { evaluation, host } = await openPackage('print(len(secret("hunter22")), debug_break(), secret(""))\n');
    modelOf(evaluation);
    assert.deepEqual(host.printed, ["8 None "]);
  });
});
