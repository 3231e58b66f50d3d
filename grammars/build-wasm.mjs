// Rebuilds what is generated from grammar.js and src/scanner.c: the parser, the wasm and their record. A maintainer's step:
// it needs the tree-sitter command, clang, lld and wasi-libc (Debian: clang-14 lld-14 wasi-libc); all results are committed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const headers = ["state", "strings", "lookahead"].map((name) => `src/scanner/${name}.h`);
const wasm = "tree-sitter-starlark.wasm";
const clang = process.env.CLANG ?? "clang-14";
const linker = process.env.WASM_LD ?? "wasm-ld-14";

run("tree-sitter", ["generate"]);
const objects = mkdtempSync(join(tmpdir(), "starlark-wasm-"));
try {
  const names = ["parser", "scanner"];
  for (const name of names) {
    run(clang, [
      ...[
        "--target=wasm32-unknown-emscripten",
        "-O2",
        "-fPIC",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Wno-unused",
      ],
      ...["--sysroot=/usr", "-isystem", "/usr/include/wasm32-wasi", "-D__wasi__", "-I", "src"],
      ...["-c", `src/${name}.c`, "-o", join(objects, `${name}.o`)],
    ]);
  }
  run(linker, [
    ...["--shared", "--experimental-pic", "--no-entry", "--allow-undefined", "--export=tree_sitter_starlark"],
    ...["--strip-all", "-o", wasm, ...names.map((name) => join(objects, `${name}.o`))],
  ]);
} finally {
  rmSync(objects, { recursive: true });
}

const record = {
  treeSitter: execFileSync("tree-sitter", ["--version"], { encoding: "utf8" }).trim(),
  clang: /version ([\d.]+)/.exec(execFileSync(clang, ["--version"], { encoding: "utf8" }))?.[1],
  sources: hashes(["grammar.js", "src/scanner.c", ...headers]),
  results: hashes(["src/parser.c", "src/grammar.json", "src/node-types.json", wasm]),
};
writeFileSync(join(folder, "build-record.json"), `${JSON.stringify(record, null, 2)}\n`);

function run(command, args) {
  execFileSync(command, args, { cwd: folder, stdio: "inherit" });
}

function hashes(files) {
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(join(folder, file)))
        .digest("hex"),
    ]),
  );
}
