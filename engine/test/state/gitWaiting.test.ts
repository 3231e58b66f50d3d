import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whileWanted } from "../../src/state/interruption.ts";
import { currentOwner, ownerState } from "../../src/state/owner.ts";
import { openStateStores } from "../../src/state/stores.ts";
import { Sandbox } from "../cli/sandbox.ts";
import { temporaryFolder } from "./folders.ts";

/** Prints the session of the process `$1`. `ps` is not on every Linux, `/proc` on no Mac. */
const sessionOf = `sessionOf() {
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 4
  else ps -o sess= -p "$1" | tr -d ' '; fi
}
`;

/** Stands in for ssh: notes its process number and session, and does what the folder's `mode` says. */
const ssh = `#!/bin/sh
${sessionOf}cd "$WAITING_FOLDER"
for command; do :; done
mode=$(cat mode)
sessionOf $$ > session
echo "$mode" >> calls
case "$mode" in
  hang) echo $$ > pid; (sleep 600 & echo $! > child; wait) ;;
  late) echo $$ > pid; until [ -e go ]; do sleep 0.02; done; exec sh -c "$command" ;;
  deaf) trap '' TERM; echo $$ > pid; while :; do sleep 600; done ;;
  ask) if (exec < /dev/tty) 2> /dev/null; then echo asked > asked; fi; echo "Permission denied" >&2; exit 255 ;;
  *) exec sh -c "$command" ;;
esac
`;

/** Waits for a condition; when what should bring it about has ended before, it never will. */
const until = async (condition: () => boolean, maker?: Promise<unknown>) => {
  let ended: unknown;
  void maker?.then((result) => {
    ended = result;
  });
  while (!condition()) {
    assert.equal(ended, undefined, `it ended too early: ${JSON.stringify(ended)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe("a git remote that lets one wait (3.4)", function () {
  this.timeout(120_000);
  const before: Record<string, string | undefined> = {};
  let folder: string;
  let remote: string;
  beforeEach(() => {
    folder = temporaryFolder();
    remote = join(folder, "state.git");
    mkdirSync(remote);
    execFileSync("git", ["init", "-q", "--bare", "-b", "main"], { cwd: remote });
    writeFileSync(join(folder, "ssh"), ssh, { mode: 0o755 });
    mode("on");
    setVariables({ GIT_SSH_COMMAND: join(folder, "ssh"), WAITING_FOLDER: folder, OCUROOT_GIT_TIMEOUT: undefined });
  });
  afterEach(() => setVariables({ ...before }));

  function setVariables(variables: Record<string, string | undefined>): void {
    for (const [name, value] of Object.entries(variables)) {
      if (!(name in before)) before[name] = process.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  const path = (name: string) => join(folder, name);
  const mode = (name: string) => writeFileSync(path("mode"), name);
  const url = () => `ssh://nobody@host.invalid${remote}`;
  const open = (home: string) => {
    const state = { kind: "git" as const, remoteUrl: url(), branch: "state", createBranch: true, supportFiles: {} };
    return openStateStores({ state, isDefault: false }, "/", { home });
  };
  const isThere = (file: string) => {
    const pid = existsSync(path(file)) ? Number(readFileSync(path(file), "utf8")) : 0;
    return pid > 0 && ownerState({ ...currentOwner(), pid, started: "" }) === "alive";
  };
  /** A repository whose state is on the remote. */
  const repository = (files: Record<string, string>) => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("r")\nstore.set(state=store.git("${url()}", branch="state"))\n`,
      ".gitignore": "go\nstarted\n",
      ...files,
    });
    sandbox.env.OCUROOT_HOME = path("home");
    return sandbox;
  };

  it("for ever: refused after a while, with nothing written, and nothing of it runs on", async () => {
    const { state, close } = await open(path("home"));
    await state.transact("a", (tx) => tx.set("@/custom/a", "test", 1));
    setVariables({ OCUROOT_GIT_TIMEOUT: "0.3" });
    for (const each of ["hang", "deaf"]) {
      mode(each);
      await assert.rejects(open(path("home")), {
        name: "StoreError",
        code: "remote",
        message: /could not be read: the remote did not answer for 0\.3 seconds\.$/,
      });
      await until(() => !isThere("pid") && !isThere("child"));
    }
    const write = state.transact("b", (tx) => tx.set("@/custom/b", "test", 1));
    await assert.rejects(write, /did not answer/);
    assert.deepEqual(await state.match("**"), ["@/custom/a"]);
    setVariables({ OCUROOT_GIT_TIMEOUT: undefined });
    mode("on");
    await state.transact("b", (tx) => tx.set("@/custom/b", "test", 1));
    assert.deepEqual(await state.match("**"), ["@/custom/a", "@/custom/b"]);
    await close();
  });

  it("for long: waited for, as long as it takes", async () => {
    mode("late");
    const opened = open(path("home"));
    await until(() => existsSync(path("pid")));
    writeFileSync(path("go"), "");
    const { state, close } = await opened;
    await state.transact("a", (tx) => tx.set("@/custom/a", "test", 1));
    await close();
    assert.equal(execFileSync("git", ["log", "--format=%s", "state"], { cwd: remote, encoding: "utf8" }), "a\n");
  });

  it("until nobody wants to: given up at once, also what does not stop when asked", async () => {
    for (const each of ["hang", "deaf"]) {
      mode(each);
      const control = new AbortController();
      const opened = whileWanted({ signal: control.signal }, () => open(path("home")));
      await until(() => isThere("pid"));
      control.abort();
      await assert.rejects(opened, { code: "remote", message: "Interrupted while waiting for a git remote." });
      await until(() => !isThere("pid") && !isThere("child"));
    }
    mode("on");
    await (await open(path("home"))).close();
  });

  it("while a command reads or writes: Ctrl-C ends it", async () => {
    const sandbox = repository({ "a.ocu.star": `def f(ctx):\n    pass\ntask(f, name="f")\n` });
    for (const args of [
      ["release", "new", "a.ocu.star"],
      ["release", "list"],
      ["state", "set", "@/custom/x", "1"],
    ]) {
      mode("hang");
      writeFileSync(path("pid"), "");
      const signals = new EventEmitter();
      const running = sandbox.run(args, { signals });
      await until(() => isThere("pid"), running);
      signals.emit("SIGINT");
      const { code, stderr } = await running;
      assert.equal(code, 130, `${args.join(" ")}: ${stderr}`);
      await until(() => !isThere("pid"));
    }
    mode("on");
    assert.equal((await sandbox.ok(["state", "match"])).stdout, "");
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    sandbox.remove();
  });

  it("while the end of work is recorded: the first Ctrl-C still waits, the second gives up", async () => {
    const file = `def f(ctx):\n    host.shell("[ -e go ] || { touch started; sleep 600; }")\n    return done()\ntask(f, name="f")\n`;
    const sandbox = repository({ "a.ocu.star": file });
    const signals = new EventEmitter();
    const running = sandbox.run(["release", "new", "a.ocu.star"], { signals });
    await until(() => existsSync(sandbox.path("started")), running);
    mode("hang");
    signals.emit("SIGINT");
    await until(() => isThere("pid"), running);
    await until(() => isThere("child"), running);
    signals.emit("SIGINT");
    const { code, stderr } = await running;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Interrupted while waiting for a git remote\./);
    mode("on");
    sandbox.write("go", "");
    // This process lives on, so that only a person can say that the work is over.
    assert.match(
      (await sandbox.run(["release", "show", "a.ocu.star"])).stdout,
      /is being worked on by another process/,
    );
    await sandbox.ok(["state", "check"]);
    sandbox.remove();
  });

  it("for a password: never asked at a terminal, and the error says what is missing", async () => {
    mode("ask");
    await assert.rejects(open(path("home")), { code: "remote", message: /could not be read: Permission denied\.$/ });
    assert.equal(existsSync(path("asked")), false);
    const script = `${sessionOf}sessionOf "$1"`;
    const own = execFileSync("sh", ["-c", script, "sh", String(process.pid)], { encoding: "utf8" }).trim();
    assert.match(own, /^\d+$/);
    assert.notEqual(readFileSync(path("session"), "utf8").trim(), own, "it has no terminal of ours");
  });

  it("takes the ssh command that people have configured", async () => {
    setVariables({
      GIT_SSH_COMMAND: undefined,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.sshCommand",
      GIT_CONFIG_VALUE_0: path("ssh"),
    });
    await (await open(path("home"))).close();
    assert.match(readFileSync(path("calls"), "utf8"), /^on$/m);
  });

  it("says what a remote that refuses says", async () => {
    const { state, close } = await open(path("home"));
    const hook = "#!/bin/sh\necho 'error: GH006: Protected branch update failed.' >&2\nexit 1\n";
    writeFileSync(join(remote, "hooks/pre-receive"), hook, { mode: 0o755 });
    await assert.rejects(
      state.transact("a", (tx) => tx.set("@/custom/a", "test", 1)),
      /could not be written: \[remote rejected\] \(pre-receive hook declined\); error: GH006: Protected branch update failed\.$/,
    );
    assert.deepEqual(await state.match("**"), []);
    await close();
  });
});
