/** Starts a VS Code server on this machine's own address, and ends it with everything that it started. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { VSCodeInstallation } from "./install.ts";

export interface ServerOptions {
  readonly installation: VSCodeInstallation;
  /** Folder for the server's data: settings, logs, state. */
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface Server {
  /** Address of a page that opens a folder, a workspace file or nothing, with an extension in development mode. */
  url(target: string | undefined, extension: string | undefined): string;
  /** What the server has printed. */
  output(): string;
  stop(): Promise<void>;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;
const keptOutput = 200_000;

export async function startServer(options: ServerOptions): Promise<Server> {
  // A token of our own keeps other users of the machine, and pages of other sites, out of the server.
  const token = randomBytes(16).toString("hex");
  const tokenFile = join(options.dataFolder, "token");
  await mkdir(options.dataFolder, { recursive: true });
  await writeFile(tokenFile, token, { mode: 0o600 });

  const process_ = spawn(
    process.execPath,
    [
      "--require",
      join(__dirname, "endWithParent.cjs"),
      options.installation.serverMain,
      "--host=127.0.0.1",
      "--port=0",
      `--connection-token-file=${tokenFile}`,
      "--accept-server-license-terms",
      "--disable-telemetry",
      `--server-data-dir=${options.dataFolder}`,
    ],
    { env: serverEnvironment(options.environment), stdio: ["pipe", "pipe", "pipe"], detached: true },
  );
  const ended = new Promise<void>((resolve) => process_.once("close", () => resolve()));
  let output = "";
  const record = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-keptOutput);
  };
  process_.stdout.on("data", record);
  process_.stderr.on("data", record);

  const stop = async (): Promise<void> => {
    signal(process_, "SIGTERM");
    const timer = setTimeout(() => signal(process_, "SIGKILL"), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
    // The server may be gone while one of its children lingers.
    signal(process_, "SIGKILL");
  };

  try {
    const port = await listeningPort(process_, () => output);
    return {
      url: (target, extension) => pageAddress(port, token, target, extension),
      output: () => output,
      stop,
      ended,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Replaces the user's settings. VS Code reads them when a window opens. Those that mean something on one machine only, as
 * the path of a command, count where the folder is: a window of a served one forgets the user's a few seconds after its start.
 */
export async function writeSettings(dataFolder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const ofMachine = Object.entries(settings).filter(([name]) => name.startsWith("ocuroot."));
  for (const [name, values] of [
    ["User", settings],
    ["Machine", Object.fromEntries(ofMachine)],
  ] as const) {
    const folder = join(dataFolder, "data", name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "settings.json"), `${JSON.stringify(values, null, 2)}\n`);
  }
}

function pageAddress(port: number, token: string, target: string | undefined, extension: string | undefined): string {
  const query = new URLSearchParams({ tkn: token });
  if (target === undefined) query.set("ew", "true");
  else query.set(target.endsWith(".code-workspace") ? "workspace" : "folder", target);
  if (extension !== undefined) {
    const path = `vscode-remote://localhost:${port}${extension}`;
    query.set("payload", JSON.stringify([["extensionDevelopmentPath", path]]));
  }
  return `http://localhost:${port}/?${query.toString()}`;
}

/** Installs an extension's package into the server's data folder, as `code --install-extension` does. */
export async function installExtension(options: ServerOptions, vsix: string): Promise<void> {
  const args = [
    options.installation.serverMain,
    `--install-extension=${vsix}`,
    "--force",
    "--accept-server-license-terms",
    "--disable-telemetry",
    `--server-data-dir=${options.dataFolder}`,
  ];
  const environment = serverEnvironment(options.environment);
  await promisify(execFile)(process.execPath, args, { env: environment, timeout: startTimeoutMs });
}

function listeningPort(child: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`The VS Code server ${why}. It printed:\n${output()}`));
    const timer = setTimeout(() => fail(`did not listen within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code}`);
    });
    child.stdout?.on("data", () => {
      const match = /Extension host agent listening on (\d+)/.exec(output());
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    });
  });
}

/** The environment without traces of an editor that these tests may have been started in. */
function serverEnvironment(extra: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    OCUROOT_E2E_SERVER_LAUNCHER: String(process.pid),
    // No marketplace: the extension under development is the only one.
    EXTENSIONS_GALLERY: "{}",
  };
  for (const [name, value] of Object.entries({ ...process.env, ...extra })) {
    if (value === undefined || /^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)) continue;
    environment[name] = value;
  }
  return environment;
}

/** Signals the server's whole process group. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended already.
  }
}
