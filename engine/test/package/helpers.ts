import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createParser, type Parser } from "@ocuroot/starlark";
import { after } from "mocha";
import { readParserAssets } from "../../src/host/assets.ts";
import type {
  EnvironmentModel,
  FunctionRef,
  PackageEvaluation,
  PackageModel,
  PackageProblem,
} from "../../src/model/package.ts";
import { compileClosure } from "../../src/package/compileClosure.ts";
import type { EvaluationOptions } from "../../src/package/evaluation.ts";
import { PackageSession } from "../../src/package/session.ts";
import type { HttpRequest, HttpResponse, ShellRequest, ShellResult, SyncHost } from "../../src/sdk/host.ts";

/** A host that does everything at once, in this thread, with a real shell and real files. HTTP is what the test says. */
export class DirectHost implements SyncHost {
  readonly printed: string[] = [];
  readonly secrets: string[] = [];
  readonly commands: ShellRequest[] = [];
  readonly requests: HttpRequest[] = [];
  response: HttpResponse = { statusCode: 200, statusText: "OK", headers: {}, body: new Uint8Array() };
  variables: Record<string, string> = { HOME: "/home/me" };

  shell(request: ShellRequest): ShellResult {
    this.commands.push(request);
    const env = { ...process.env, ...request.env };
    const result = spawnSync(request.shell, ["-c", request.command], { cwd: request.dir, env, encoding: "utf8" });
    const { stdout, stderr } = result;
    return { stdout, stderr, combinedOutput: stdout + stderr, exitCode: result.status ?? 128 };
  }

  http(request: HttpRequest): HttpResponse {
    this.requests.push(request);
    return this.response;
  }

  readFile(path: string): Uint8Array {
    return readFileSync(path);
  }

  writeFile(path: string, content: Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  readDir(path: string): string[] {
    return readdirSync(path);
  }

  isDir(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  env(): Record<string, string> {
    return this.variables;
  }

  os(): string {
    return "linux";
  }

  arch(): string {
    return "amd64";
  }

  print(text: string): void {
    this.printed.push(text);
  }

  registerSecret(value: string): void {
    this.secrets.push(value);
  }
}

let parser: Promise<Parser> | undefined;

export function testParser(): Promise<Parser> {
  parser ??= createParser(readParserAssets());
  return parser;
}

const folders: string[] = [];

/** A folder with the given files, removed after the tests. */
export function makeRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-package-")));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

after(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface OpenOptions extends Partial<Omit<EvaluationOptions, "closure">> {
  readonly file?: string;
}

export interface OpenedPackage {
  readonly session: PackageSession;
  readonly evaluation: PackageEvaluation;
  readonly host: DirectHost;
  readonly root: string;
  /** Runs a function of the file by name. */
  run(
    name: string,
    inputs?: Record<string, never> | object,
    environment?: EnvironmentModel,
  ): ReturnType<PackageSession["run"]>;
}

/** Compiles and evaluates a package file: a text on its own is `release.ocu.star`. */
export async function openPackage(
  source: string | Readonly<Record<string, string | Uint8Array>>,
  options: OpenOptions = {},
): Promise<OpenedPackage> {
  const files = typeof source === "string" ? { "release.ocu.star": source } : source;
  const root = options.root ?? makeRepository(files);
  const host = (options.host as DirectHost | undefined) ?? new DirectHost();
  const closure = compileClosure({ parser: await testParser(), root, file: options.file ?? "release.ocu.star" });
  // What a worker gets has been cloned.
  const session = new PackageSession({ ...options, closure: structuredClone(closure), root, host });
  const evaluation = session.evaluate();
  return {
    session,
    evaluation,
    host,
    root,
    run: (name, inputs = {}, environment) =>
      session.run(refOf(evaluation, name), { inputs: inputs as never, ...(environment && { environment }) }),
  };
}

export function refOf({ model }: PackageEvaluation, name: string): FunctionRef {
  return model?.functions.find(({ ref }) => ref.name === name)?.ref ?? { name, pos: `${model?.file}:0:0` };
}

export function modelOf({ model, problems }: PackageEvaluation): PackageModel {
  if (!model) throw new Error(`no model: ${problems.map(({ message }) => message).join("; ")}`);
  return model;
}

/** `code line: message`, then the lines of related places. */
export function summary({ code, message, position, related = [] }: PackageProblem): string {
  const places = related.map((place) => ` [${place.message}: ${place.position.line}]`);
  return `${code} ${position?.line}: ${message}${places.join("")}`;
}
