// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of snippets are written so.
import { newestSdkVersion } from "@ocuroot/engine";
import type { PlacedNode, Span } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { makeItem } from "./items.ts";

interface Snippet {
  readonly label: string;
  readonly detail: string;
  readonly text: string;
}

const task: Snippet = {
  label: "task with function",
  detail: "A work function and the task that runs it",
  text: [
    "def ${1:build}():",
    '    host.shell("${2:make}")',
    '    return done(outputs={"${3:version}": ${4:"1.0"}})',
    "",
    'task(${1:build}, name="${1:build}")',
    "$0",
  ].join("\n"),
};

const phase: Snippet = {
  label: "phase of deployments",
  detail: "A phase that deploys to every environment of a type",
  text: [
    "phase(",
    '    "${1:staging}",',
    "    tasks=[",
    "        deploy(",
    "            environment=e,",
    "            up=${2:up},",
    "            down=${3:down},",
    '            inputs={"${4:version}": ref("./task/${5:build}#output/${4:version}")},',
    "        )",
    "        for e in environments()",
    '        if e.attributes["type"] == "${1:staging}"',
    "    ],",
    ")",
    "$0",
  ].join("\n"),
};

const deploy: Snippet = {
  label: "deploy functions",
  detail: "`up` and `down` of a deployment",
  text: [
    "def up(environment, ${1:version}):",
    '    host.shell("${2:./deploy.sh} {} {}".format(environment["name"], ${1:version}))',
    "    return done()",
    "",
    "def down(environment, ${1:version}):",
    '    host.shell("${3:./undeploy.sh} {}".format(environment["name"]))',
    "    return done()",
    "$0",
  ].join("\n"),
};

const register: Snippet = {
  label: "register environment",
  detail: "Registers an environment when this file is released",
  text: ['register_environment(environment("${1:staging}", {"type": "${2:staging}"}))', "$0"].join("\n"),
};

const version: Snippet = {
  label: "ocuroot version",
  detail: "The SDK version this file is written for",
  text: `ocuroot("${newestSdkVersion}")\n$0`,
};

/** Whole pieces of a package, offered where a statement of the file begins. */
export function completeSnippets(snapshot: Snapshot, path: readonly PlacedNode[], span: Span): CompletionItem[] {
  const { file } = snapshot;
  if (file.role === "repository" || path.some((each) => each.kind === "DefStatement" || each.kind === "IfStatement"))
    return [];
  const registers = file.facts.sdkCalls.some((each) => each.entry.name === "register_environment");
  const hasVersion = file.facts.sdkCalls.some((each) => each.entry.name === "ocuroot");
  const hasWork = file.facts.work.declarations.length > 0;
  const snippets = [
    ...(hasVersion ? [] : [version]),
    ...(registers ? [] : [task, deploy, phase]),
    ...(hasWork ? [] : [register]),
  ];
  return snippets.map((each) =>
    makeItem(file, span, each.label, {
      kind: CompletionItemKind.Snippet,
      detail: each.detail,
      text: each.text,
      isSnippet: true,
      order: 80,
    }),
  );
}
