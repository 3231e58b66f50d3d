import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundledCommand } from "../bundle.ts";
import { temporaryFolder } from "../state/folders.ts";
import { Sandbox } from "./sandbox.ts";

const nobody = 65534;
const isRoot = process.getuid?.() === 0;

/** Node, where nobody may start it: one in a private home, as nvm installs it, is copied to where everybody may go. */
function nodeForNobody(): string {
  const asNobody = { uid: nobody, gid: nobody, cwd: "/" };
  if (!isRoot || spawnSync(process.execPath, ["--version"], asNobody).status === 0) return process.execPath;
  const copy = join(temporaryFolder(), "node");
  copyFileSync(process.execPath, copy);
  chmodSync(dirname(copy), 0o755);
  chmodSync(copy, 0o755);
  return copy;
}

/** Work that says outside of the store that it ran, and says a lot in its log. */
const talkative = `ocuroot("0.3.0")

def build(ctx):
    host.shell("echo ran >> \\"$PROOF\\"; i=0; while [ $i -lt 400 ]; do echo \\"line $i of a log that takes some room on the disk\\"; i=$((i+1)); done")
    return done(outputs={"size": 400})

task(build, name="build")
`;

/** Whether a small disk of our own can be had: as root, or in a name space of our own. */
function waysToASmallDisk(): readonly (readonly string[])[] {
  const isAllowed = (...command: string[]) =>
    spawnSync(command[0] as string, command.slice(1), { stdio: "ignore" }).status === 0;
  const unshare = ["unshare", "--map-root-user", "--mount"];
  const mount = 'd=$(mktemp -d) && mount -t tmpfs -o size=64k none "$d"';
  return process.platform === "linux" && isAllowed(...unshare, "sh", "-c", mount) ? [unshare] : [];
}

describe("a disk that is full", function () {
  this.timeout(300_000);
  let program: string;
  let sandbox: Sandbox;
  before(async () => {
    program = await bundledCommand();
  });
  beforeEach(() => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("r")\n',
      "a.ocu.star": talkative,
      ".gitignore": "*.txt\n.ocuroot/\n",
    });
  });
  afterEach(() => sandbox.remove());

  const script = (command: readonly string[], text: string) =>
    spawnSync(command[0] as string, [...command.slice(1), text], {
      cwd: sandbox.root,
      env: {
        ...sandbox.env,
        OCUROOT: `${process.execPath} ${program}`,
        PROOF: sandbox.path("proof.txt"),
      } as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
  const proof = () => readFileSync(sandbox.path("proof.txt"), "utf8");

  for (const way of waysToASmallDisk()) {
    it("in the midst of a release: the error names the file, nothing is torn, and with room again all goes on", () => {
      const { stdout, stderr } = script(
        [...way, "sh", "-c"],
        `mkdir -p .ocuroot/store && mount -t tmpfs -o size=2m none .ocuroot/store || exit 9
         $OCUROOT --quiet release new a.ocu.star; echo "first: $?"
         dd if=/dev/zero of=.ocuroot/store/ballast bs=4k 2>/dev/null
         $OCUROOT --quiet release new --force a.ocu.star; echo "full: $?"
         $OCUROOT release list a.ocu.star; echo "list: $?"
         $OCUROOT state set @/custom/x 1; echo "set: $?"
         rm .ocuroot/store/ballast
         for kb in 80 56 36 20 8; do
           free=$(df -k .ocuroot/store | tail -1 | awk '{print $4}')
           [ $free -gt $kb ] && dd if=/dev/zero of=.ocuroot/store/ballast bs=1k count=$((free - kb)) 2>/dev/null
           $OCUROOT --quiet release new --force a.ocu.star > out.txt 2>&1; echo "with $kb: $?"; cat out.txt >> all.txt
           rm -f .ocuroot/store/ballast
           $OCUROOT --quiet release retry a.ocu.star >> all.txt 2>&1
           $OCUROOT --quiet work continue >> all.txt 2>&1; echo "continued: $?"
         done
         cat all.txt
         $OCUROOT state check; echo "check: $?"
         $OCUROOT release list a.ocu.star --json --limit 100`,
      );
      assert.match(stdout, /^first: 0$/m, stderr);
      assert.match(stdout, /^full: 1$/m);
      assert.match(stderr, /^error: The disk is full: \S*\.ocuroot\/store\/\S* could not be written\.$/m);
      assert.match(stdout, /^list: 0$/m);
      assert.match(stdout, /^set: 1$/m);
      assert.match(stdout, /^with \d+: 1$/m);
      assert.doesNotMatch(stdout, /^continued: [^0]/m);
      assert.match(stdout, /^check: 0$/m, stdout + stderr);
      const releases = stdout
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { name: string; status: string });
      assert.ok(releases.length >= 2);
      assert.deepEqual(
        releases.filter(({ status }) => status !== "complete"),
        [],
      );
      assert.doesNotMatch(stdout + stderr, /something went wrong inside/);
    });
  }

  it("as a limit of the size of files: the error names the file, and without it the release is finished", () => {
    const { stdout, stderr } = script(
      ["sh", "-c"],
      `(ulimit -f 16; $OCUROOT --quiet release new a.ocu.star); echo "limited: $?"
       $OCUROOT --quiet release retry a.ocu.star; echo "retry: $?"
       $OCUROOT state check; echo "check: $?"`,
    );
    assert.match(stdout, /^limited: 1$/m, stdout + stderr);
    assert.match(stderr, /error: \S*\.ocuroot\/store\/state\/refs\/\S* /);
    assert.doesNotMatch(stderr, /something went wrong inside/);
    assert.match(stdout, /^retry: 0$/m, stdout + stderr);
    assert.match(stdout, /^check: 0$/m, stdout + stderr);
    assert.ok(proof().split("\n").length - 1 <= 2, proof());
  });
});

describe("a store that may only be read", function () {
  this.timeout(300_000);
  const node = nodeForNobody();
  let program: string;
  let sandbox: Sandbox;
  before(async () => {
    program = await bundledCommand();
    chmodSync(dirname(program), 0o755);
    sandbox = Sandbox.create({
      "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("r")\n',
      "a.ocu.star": talkative,
      ".gitignore": "*.txt\n.ocuroot/\n",
    });
    const env = { PROOF: sandbox.path("proof.txt") };
    await sandbox.ok(["release", "new", "a.ocu.star"], { env });
    await sandbox.ok(["state", "set", "@/custom/x", "1"], { env });
    chmodSync(sandbox.root, 0o755);
    lock(sandbox.path(".ocuroot"), false);
  });
  after(() => {
    lock(sandbox.path(".ocuroot"), true);
    sandbox.remove();
  });

  /** Takes the right to write from a folder, or gives it back. */
  function lock(folder: string, mayWrite: boolean): void {
    const right = mayWrite ? "u+w" : "a-w,a+rX";
    execFileSync("chmod", ["-R", right, folder]);
  }

  /** Nobody is above rights: the superuser runs it as somebody else. */
  const run = (...args: string[]) => {
    const config = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };
    const { status, stdout, stderr } = spawnSync(node, [program, ...args], {
      cwd: sandbox.root,
      env: { ...sandbox.env, ...config, HOME: sandbox.root, PROOF: join("/tmp", "none") } as NodeJS.ProcessEnv,
      encoding: "utf8",
      ...(isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    return { status, stdout, stderr };
  };

  it("can be looked at", () => {
    for (const args of [
      ["release", "list"],
      ["release", "show", "a.ocu.star"],
      ["release", "logs", "a.ocu.star/@r1/task/build"],
      ["state", "get", "a.ocu.star/@r1"],
      ["state", "match", "**"],
      ["state", "diff"],
      ["state", "check"],
      ["work", "any", "--dryrun"],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 0, `${args.join(" ")}\n${stdout}\n${stderr}`);
    }
  });

  it("is never written to, and no work is run for nothing: the error names the place and the reason", () => {
    for (const args of [
      ["release", "new", "--force", "a.ocu.star"],
      ["state", "set", "@/custom/y", "1"],
      ["state", "delete", "@/custom/x"],
      ["state", "apply", "@/custom/x"],
      ["work", "any"],
      ["push"],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 1, `${args.join(" ")}\n${stdout}\n${stderr}`);
      assert.match(stderr, /error: No permission to write \S*\.ocuroot\/store\/\S*\.$/m, args.join(" "));
      assert.doesNotMatch(stderr, /something went wrong inside/);
    }
    assert.equal(readFileSync(sandbox.path("proof.txt"), "utf8"), "ran\n");
    assert.deepEqual(readdirSync(sandbox.path(".ocuroot/store/state/refs/r/-/a.ocu.star")).sort(), ["@", "@r1"]);
  });
});
