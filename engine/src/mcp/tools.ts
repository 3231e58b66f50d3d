/** The tools that an assistant gets: looking at package files, state, releases, logs and documentation. None changes anything. */
import { nearest } from "../nearest.ts";
import { describeEntry, sdkReference, signatureOf } from "../sdk/reference.ts";
import { knownSdkVersions, newestSdkVersion, resolveSdkVersion, sdkCatalog } from "../sdk/versions.ts";
import { type ArgumentSchema, argumentSchema, type Property } from "./schema.ts";

type Arguments = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ArgumentSchema;
  /** The command that answers, or the answer itself. */
  run(args: Arguments): CommandCall | Answer;
}

export interface CommandCall {
  readonly argv: readonly string[];
  /** It evaluates files without running anything, and so must everything around it. */
  readonly isSandboxed?: boolean;
  /** How what it prints is read: as it is, as one JSON value, or as one a line. */
  readonly output: "text" | "json" | "lines";
  /** Of lines: how many are answered, and from which end. */
  readonly keep?: { readonly count: number; readonly from: "start" | "end" };
  /** What lines are, in the structured result. */
  readonly name?: string;
  /** Exit code 1 says that there are problems, which are the answer. */
  readonly mayFail?: boolean;
}

export interface Answer {
  readonly text: string;
  readonly isError?: boolean;
}

const text = (description: string): Property => ({ type: "string", description });
const limit = (description: string): Property => ({ type: "integer", description, minimum: 1, maximum: 10_000 });

/** Refs and files come last, behind `--`: none of them can be taken for an option. */
const behind = (...values: readonly unknown[]): string[] => [
  "--",
  ...values.filter((value) => value !== undefined).map(String),
];

const file = text("Package file, from the folder that the server was started in, such as frontend/release.ocu.star.");

export const tools: readonly Tool[] = [
  {
    name: "preview",
    title: "Preview phases",
    description:
      "Shows the phases of a package file: calls, deployments and their inputs, with the environments in state. Runs nothing.",
    inputSchema: argumentSchema(
      {
        file,
        format: {
          type: "string",
          enum: ["text", "json", "mermaid", "dot"],
          description: "How it is shown; text when left out.",
        },
      },
      ["file"],
    ),
    run: ({ file, format = "text" }) => ({
      argv: ["preview", "--format", String(format), ...behind(file)],
      isSandboxed: true,
      output: format === "json" ? "json" : "text",
    }),
  },
  {
    name: "lint",
    title: "Lint a package file",
    description:
      "Evaluates a package file without running anything, and lists all problems with file, line and column.",
    inputSchema: argumentSchema({ file }, ["file"]),
    run: ({ file }) => ({
      argv: ["--json", "release", "lint", ...behind(file)],
      isSandboxed: true,
      output: "json",
      mayFail: true,
    }),
  },
  {
    name: "state_get",
    title: "Read state",
    description:
      "Reads a document of state, or the field that the ref's fragment names. Examples of refs: @/environment/eu, frontend/release.ocu.star/@/deploy/eu, frontend/release.ocu.star/@r8/task/build#output/tag.",
    inputSchema: argumentSchema({ ref: text("The ref.") }, ["ref"]),
    run: ({ ref }) => ({ argv: ["--json", "state", "get", ...behind(ref)], output: "json" }),
  },
  {
    name: "state_match",
    title: "List state",
    description:
      "Lists refs of documents in state that match a glob: * within a segment, ** across segments. Example: **/@/deploy/*.",
    inputSchema: argumentSchema({
      glob: text("The glob; everything when left out."),
      links: { type: "boolean", description: "Whether links are listed, too; true when left out." },
      limit: limit("How many refs at most; 1000 when left out."),
    }),
    run: ({ glob, links = true, limit = 1000 }) => ({
      argv: ["state", "match", ...(links ? [] : ["--no-links"]), ...behind(glob)],
      output: "text",
      keep: { count: Number(limit), from: "start" },
      name: "refs",
    }),
  },
  {
    name: "release_list",
    title: "List releases",
    description:
      "Lists the releases of a package file, or of every file of the repository, newest first, with status and commit.",
    inputSchema: argumentSchema({ file, limit: limit("Releases of each file; 10 when left out.") }),
    run: ({ file, limit = 10 }) => ({
      argv: ["--json", "release", "list", "--limit", String(limit), ...behind(file)],
      output: "lines",
      name: "releases",
      mayFail: true,
    }),
  },
  {
    name: "release_show",
    title: "Show a release",
    description:
      "Shows a release: phases, work, attempts, outputs, failures and what it waits for. FILE means its newest release, FILE/@r8 that one.",
    inputSchema: argumentSchema({ release: text("FILE or FILE/@RELEASE.") }, ["release"]),
    run: ({ release }) => ({ argv: ["--json", "release", "show", ...behind(release)], output: "json" }),
  },
  {
    name: "release_logs",
    title: "Read logs",
    description:
      "Reads the log of a release (FILE/@r8), of a piece of work (FILE/@r8/deploy/eu, FILE/@r8/task/build) or of one attempt (…/2).",
    inputSchema: argumentSchema(
      { ref: text("The ref."), lines: limit("How many lines at most, from the end; 500 when left out.") },
      ["ref"],
    ),
    run: ({ ref, lines = 500 }) => ({
      argv: ["release", "logs", ...behind(ref)],
      output: "text",
      keep: { count: Number(lines), from: "end" },
      name: "lines",
    }),
  },
  {
    name: "sdk_documentation",
    title: "SDK documentation",
    description:
      "Documents the functions that package files (*.ocu.star) may call. Without a name: all of them with their signatures.",
    inputSchema: argumentSchema({
      name: text('A function or namespace, such as deploy or host.shell; "all" for the whole reference.'),
      version: text(`SDK version; ${newestSdkVersion} when left out.`),
    }),
    run: ({ name, version }) => documentation(name as string | undefined, version as string | undefined),
  },
];

function documentation(name: string | undefined, written: string | undefined): Answer {
  const version = resolveSdkVersion(written ?? newestSdkVersion);
  if (!version.ok) return { text: `${version.message} (known: ${knownSdkVersions.join(", ")})`, isError: true };
  const catalog = sdkCatalog(version.version);
  if (name === "all") return { text: sdkReference(catalog) };
  if (name === undefined) {
    const lines = [...catalog.entries.values()].map((entry) => {
      const [first = ""] = entry.doc.trim().split("\n");
      return `${entry.kind === "function" ? signatureOf(entry) : entry.name}: ${first}`;
    });
    return { text: `SDK ${catalog.version}\n\n${lines.join("\n")}\n` };
  }
  const entry = catalog.entries.get(name);
  if (entry) {
    const members = catalog.members(name).map((member) => `- \`${signatureOf(member)}\``);
    return { text: [describeEntry(entry), ...members].join("\n") };
  }
  const near = nearest(name, catalog.entries.keys());
  return { text: `the SDK has no ${name}${near ? `; did you mean ${near}?` : ""}`, isError: true };
}
