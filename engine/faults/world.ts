/** A repository whose releases leave proof outside of the store, with a store on disk or on a branch of a git remote. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type StoreSort = "fs" | "git";

export const packages = ["backend", "frontend"] as const;
export const packageFile = (name: string) => `${name}/release.ocu.star`;
export const repo = "faults";

/** How many machines share a git store: each has a folder of its own for clones. */
const machines = 2;

export class World {
  readonly checkout: string;
  /** The bare remote of a git store. */
  readonly remote: string;
  /** A checkout of the remote's branch, to look at what is there. */
  readonly mirror: string;
  /** Work writes a line here when it begins, and one when it ends. */
  readonly proof: string;
  readonly homes: readonly string[];

  constructor(
    readonly sort: StoreSort,
    folder: string,
  ) {
    const at = (name: string) => join(folder, name);
    [this.checkout, this.remote, this.mirror, this.proof] = [
      at("repo"),
      at("state.git"),
      at("mirror"),
      at("proof.txt"),
    ];
    this.homes = Array.from({ length: sort === "git" ? machines : 1 }, (_, index) => at(`home${index + 1}`));
    mkdirSync(at("locks"), { recursive: true });
    writeFileSync(this.proof, "");
    mkdirSync(this.checkout);
    for (const [path, text] of Object.entries(files(sort))) this.#write(path, text);
    chmodSync(join(this.checkout, "prove.sh"), 0o755);
    this.git("init", "--quiet", "--initial-branch", "main");
    if (sort === "git") execFileSync("git", ["init", "--quiet", "--bare", this.remote]);
    this.commit("Start");
  }

  /** What commands of one machine see. */
  env(machine: number, round: number): Record<string, string | undefined> {
    return {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      HOME: this.homes[machine],
      OCUROOT_HOME: this.homes[machine],
      NO_COLOR: "1",
      PROOF: this.proof,
      PROOF_LOCKS: join(dirname(this.proof), "locks"),
      ROUND: String(round),
      STATE_REMOTE: this.remote,
    };
  }

  git(...args: string[]): string {
    const author = ["-c", "user.name=Faults", "-c", "user.email=faults@example.com"];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" };
    return execFileSync("git", [...author, ...args], { cwd: this.checkout, encoding: "utf8", env }).trim();
  }

  /** A new commit: the packages have not been released at it. */
  commit(subject: string): string {
    for (const name of packages)
      this.#write(packageFile(name), `${name === "backend" ? backend : frontend}\n# ${subject}\n`);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", subject);
    return this.git("rev-parse", "HEAD");
  }

  #write(path: string, text: string): void {
    const target = join(this.checkout, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/**
 * Says in the proof that a piece of work begins, and that it ends; in between it must be the only one of its name. Its
 * token goes into the run's output.
 */
const proveScript = `#!/bin/sh
if command -v flock > /dev/null; then
  exec 9> "$PROOF_LOCKS/$1"
  flock -n 9 || echo "overlap $ROUND $1 $$" >> "$PROOF"
fi
token="$ROUND.$$.$(date +%s)"
echo "begin $ROUND $1 $token" >> "$PROOF"
echo "working on $1" >&2
sleep "$2"
echo "still at it" >&2
sleep "$2"
echo "end $ROUND $1 $token" >> "$PROOF"
echo "$token"
`;

const library = `"""Work that can be counted afterwards."""

ocuroot("0.3.0")

def prove(name, pace):
    """Does the work of this name, and returns the token of having done it."""
    return host.shell("../prove.sh {} {}".format(name, pace)).stdout.strip()

def remove(environment):
    return done()
`;

const backend = `ocuroot("0.3.0")

load("../lib/prove.star", "prove")

def compile(ctx):
    return done(outputs={"proof": prove("backend.task.compile", "0.06")})

def test(ctx):
    return done(outputs={"proof": prove("backend.task.test", "0.1")})

def lint(ctx):
    return done(outputs={"proof": prove("backend.task.lint", "0.02")})

def up(environment):
    token = prove("backend.deploy." + environment["name"], "0.05")
    return done(outputs={"proof": token, "url": "https://{}.example.com".format(environment["name"])})

def down(environment):
    return done(outputs={"proof": prove("backend.deploy." + environment["name"], "0.02")})

phase("build", work=[
    task(compile, name="compile"),
    task(test, name="test"),
    task(lint, name="lint"),
])
phase("deploy", work=[deploy(environment=e, up=up, down=down) for e in environments()])
`;

const frontend = `ocuroot("0.3.0")

load("../lib/prove.star", "prove")

def pack(previous):
    prove("frontend.task.pack.first", "0.04")
    return next(sign, inputs={"number": previous + 1})

def sign(number):
    return done(
        outputs={"number": number, "proof": prove("frontend.task.pack", "0.04")},
        tags=["v{}".format(number)],
    )

task(pack, name="pack", inputs={"previous": input(ref="./@/task/pack#output/number", default=0)})

def up(environment, url, approval=None):
    return done(outputs={"proof": prove("frontend.deploy." + environment["name"], "0.05")})

def down(environment, url, approval=None):
    return done(outputs={"proof": prove("frontend.deploy." + environment["name"], "0.02")})

def inputs(e, **more):
    return dict(url=ref("./-/backend/release.ocu.star/@/deploy/{}#output/url".format(e.name)), **more)

def of_type(type):
    return [e for e in environments() if e.attributes["type"] == type]

phase("staging", work=[deploy(environment=e, up=up, down=down, inputs=inputs(e)) for e in of_type("staging")])
phase("production", work=[
    deploy(environment=e, up=up, down=down, inputs=inputs(e, approval=ref("./custom/approval")))
    for e in of_type("production")
])
`;

function files(sort: StoreSort): Record<string, string> {
  const store = sort === "git" ? 'store.git(host.env()["STATE_REMOTE"], branch="state")' : 'store.fs(".ocuroot/store")';
  return {
    ".gitignore": ".ocuroot/\n",
    "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("${repo}")\nstore.set(${store})\n`,
    "prove.sh": proveScript,
    "lib/prove.star": library,
    "environments.ocu.star": `ocuroot("0.3.0")

register_environment(environment("test", {"type": "staging"}))
register_environment(environment("eu", {"type": "production"}))
register_environment(environment("us", {"type": "production"}))
`,
    [packageFile("backend")]: backend,
    [packageFile("frontend")]: frontend,
  };
}
