import type { SdkEntry, SdkFunction } from "../catalog.ts";
import { alsoNamed, optional, required, sdkFunction, sdkNamespace } from "./entries.ts";

/** Host (spec 1.4): as `host.X`, and most of them under bare names too. */

const host = sdkNamespace(
  "host",
  "anywhere",
  `
The machine that the work runs on: shell, files, environment variables.

Paths are relative to the folder of the package file.`,
);

const shell = sdkFunction({
  name: "host.shell",
  parameters: [
    required("command", "string", "The command line, run by the shell."),
    optional("shell", "string", "The shell's program.", { default: '"sh"' }),
    optional("dir", "string", "Folder to run in, relative to the package file's.", { default: '"."' }),
    optional("env", "dict of strings", "Environment variables beside those of the process.", { default: "{}" }),
    optional("mute", "bool", "True keeps the output out of the log.", { default: "False" }),
    optional("continue_on_error", "bool", "True goes on when the command fails; look at `exit_code` then.", {
      default: "False",
    }),
  ],
  returns: "struct",
  fields: [
    { name: "stdout", type: "string", doc: "What the command wrote to standard output." },
    { name: "stderr", type: "string", doc: "What the command wrote to standard error." },
    { name: "combined_output", type: "string", doc: "Both, in the order in which they came." },
    { name: "exit_code", type: "int", doc: "0 when the command succeeded." },
  ],
  place: "anywhere",
  inPreview: "placeholder",
  doc: `
Runs a shell command and waits for it.

Its output goes to the log of the run, line by line as it comes, unless \`mute\` is set. A non-zero exit code fails the run unless \`continue_on_error\` is set. The working directory is the folder of the package file.

\`\`\`starlark
host.shell("./deploy.sh", env={"REGION": "eu"})

result = host.shell("git rev-parse HEAD", mute=True)
commit = result.stdout.strip()
\`\`\``,
});

const os = sdkFunction({
  name: "host.os",
  parameters: [],
  returns: "string",
  place: "anywhere",
  doc: `
The operating system: \`linux\`, \`darwin\` or \`windows\`.

\`\`\`starlark
if host.os() == "darwin":
    host.shell("brew install jq")
\`\`\``,
});

const arch = sdkFunction({
  name: "host.arch",
  parameters: [],
  returns: "string",
  place: "anywhere",
  doc: `
The processor architecture: \`amd64\`, \`arm64\`, …

\`\`\`starlark
binary = "tool-{}-{}".format(host.os(), host.arch())
\`\`\``,
});

const env = sdkFunction({
  name: "host.env",
  parameters: [],
  returns: "dict of strings",
  place: "anywhere",
  doc: `
The environment variables of the process, as a dict.

\`\`\`starlark
token = secret(host.env()["DEPLOY_TOKEN"])
\`\`\``,
});

const pwd = sdkFunction({
  name: "host.pwd",
  parameters: [],
  returns: "string",
  place: "anywhere",
  doc: `
The working directory: the folder of the package file.

\`\`\`starlark
print("working in", host.pwd())
\`\`\``,
});

const readFile = sdkFunction({
  name: "host.read_file",
  parameters: [required("path", "string", "The file, relative to the package file's folder.")],
  returns: "string",
  place: "anywhere",
  doc: `
The content of a file.

\`\`\`starlark
version = host.read_file("VERSION").strip()
\`\`\``,
});

const writeFile = sdkFunction({
  name: "host.write_file",
  parameters: [
    required("path", "string", "The file, relative to the package file's folder. Missing folders are made."),
    required("content", "string", "What the file holds afterwards."),
  ],
  returns: "None",
  place: "anywhere",
  inPreview: "refused",
  doc: `
Writes a file, and makes the folders it needs.

\`\`\`starlark
host.write_file("out/config.json", json.encode({"tag": tag}))
\`\`\``,
});

const readDir = sdkFunction({
  name: "host.read_dir",
  parameters: [required("path", "string", "The folder, relative to the package file's.")],
  returns: "list of strings",
  place: "anywhere",
  doc: `
The names in a folder, sorted.

\`\`\`starlark
charts = [name for name in host.read_dir("charts") if name.endswith(".yaml")]
\`\`\``,
});

const isDir = sdkFunction({
  name: "host.is_dir",
  parameters: [required("path", "string", "Relative to the package file's folder.")],
  returns: "bool",
  place: "anywhere",
  doc: `
Whether there is a folder of that name.

\`\`\`starlark
if host.is_dir("migrations"):
    host.shell("./migrate.sh")
\`\`\``,
});

/** `host.read` and `host.write` follow from the bare names; the longer ones are what is written today. */
function short(original: SdkFunction, name: string): SdkFunction {
  const text = original.doc.replaceAll(`${original.name}(`, `${name}(`);
  const [summary, ...rest] = text.split("\n");
  const doc = [`${summary} The same as \`${original.name}\`.`, ...rest].join("\n");
  return alsoNamed(original, name, doc, original.name);
}

function bare(original: SdkFunction, name: string): SdkFunction {
  const text = original.doc.replaceAll(`${original.name}(`, `${name}(`);
  const [summary, ...rest] = text.split("\n");
  return alsoNamed(original, name, [`${summary} Short for \`${original.name}\`.`, ...rest].join("\n"));
}

export const hostEntries: readonly SdkEntry[] = [
  host,
  shell,
  os,
  arch,
  env,
  pwd,
  readFile,
  writeFile,
  readDir,
  isDir,
  short(readFile, "host.read"),
  short(writeFile, "host.write"),
  bare(shell, "shell"),
  bare(os, "os"),
  bare(arch, "arch"),
  bare(env, "env"),
  bare(pwd, "pwd"),
  bare(readFile, "read"),
  bare(writeFile, "write"),
  bare(readDir, "read_dir"),
  bare(isDir, "is_dir"),
];
