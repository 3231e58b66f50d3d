import { isUnset, type JsonValue, parseRefWithSpans, printRef, type RefRole } from "@ocuroot/engine";
import type { Span } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { readDict } from "../../analysis/dicts.ts";
import { relativePath } from "../../analysis/loads.ts";
import type { RefString } from "../../analysis/refStrings.ts";
import {
  declaresRelease,
  findEnvironments,
  findKnownWork,
  findOwners,
  findProducers,
  findRefTarget,
  type RefTarget,
  unionOutputs,
} from "../../analysis/refTarget.ts";
import { maskAt } from "../../analysis/secrets.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { shortValue } from "../../state/words.ts";
import { makeItem } from "./items.ts";

/** Where the cursor is in a ref: the piece it is in, what stands before that, and what it is a piece of. */
interface Place {
  readonly snapshot: Snapshot;
  readonly ref: RefString;
  /** The text before the piece. */
  readonly before: string;
  readonly role: RefRole;
  /** The whole piece, also what stands behind the cursor. */
  readonly span: Span;
  /** What the text before the piece means. */
  readonly target: RefTarget | undefined;
  /** Nothing but the piece: what follows it is not to be repeated. */
  readonly followedBy: string;
}

/** Inside a ref: what may stand where the cursor is, piece by piece. */
export function completeRefs(snapshot: Snapshot, ref: RefString, offset: number): CompletionItem[] {
  const place = findPlace(snapshot, ref, offset);
  if (place.before === "") return completeStart(place);
  switch (place.role) {
    case "fragment":
      return completeFragment(place);
    case "name":
      return completeName(place);
    case "kind":
      return completeKind(place);
    case "release":
      return completeRelease(place);
    case "path":
    case "repo":
      return completePath(place);
    case "separator":
      return [];
  }
}

function findPlace(snapshot: Snapshot, ref: RefString, offset: number): Place {
  const { text } = ref;
  const index = ref.indexOf(offset);
  const start = Math.max(text.lastIndexOf("/", index - 1), text.lastIndexOf("#", index - 1)) + 1;
  const rest = /[/#]/.exec(text.slice(index));
  const end = rest === null ? text.length : index + rest.index;
  const before = text.slice(0, start);
  const options = ref.template === undefined ? {} : { template: ref.template };
  const parsed = parseRefWithSpans(before, options);
  const last = parsed.segments.at(-1);
  const isRelease = text.startsWith("@", start) && last?.role !== "name" && last?.role !== "fragment";
  const role: RefRole = isRelease ? "release" : before.endsWith("#") ? "fragment" : (last?.role ?? "path");
  const target = findRefTarget(snapshot, { ...ref, parsed, text: before });
  return { snapshot, ref, before, role, span: ref.spanOf(start, end), target, followedBy: text.slice(end) };
}

function item(place: Place, label: string, options: Parameters<typeof makeItem>[3]): CompletionItem {
  const text = options.text ?? label;
  // `/` or `#` is there already.
  const joint = place.followedBy[0];
  const fitting = joint !== undefined && text.endsWith(joint) ? text.slice(0, -1) : text;
  return makeItem(place.ref.view, place.span, label, {
    ...options,
    text: fitting,
    goesOn: options.goesOn === true && joint === undefined,
  });
}

function completeStart(place: Place): CompletionItem[] {
  const { view } = place.ref;
  const items = [
    item(place, "./", {
      kind: CompletionItemKind.Folder,
      detail: "this release of this file",
      goesOn: true,
      order: 20,
    }),
    item(place, "./@/", {
      kind: CompletionItemKind.Folder,
      detail: "the most recent release of this file",
      goesOn: true,
      order: 21,
    }),
    item(place, "./-/", {
      kind: CompletionItemKind.Folder,
      detail: "another file of this repository",
      goesOn: true,
      order: 22,
    }),
    item(place, "@/", {
      kind: CompletionItemKind.Folder,
      detail: "environments and custom state of no file",
      goesOn: true,
      order: 23,
    }),
  ];
  for (const repository of place.snapshot.repositories) {
    if (repository.name === undefined || repository === view.repository) continue;
    items.push(
      item(place, `${repository.name}/-/`, {
        kind: CompletionItemKind.Folder,
        detail: "another repository",
        goesOn: true,
        order: 30,
      }),
    );
  }
  if (!declaresRelease(view)) return items;
  for (const work of findKnownWork(view, "task").declarations) {
    if (work.name === undefined || findOwners(place.ref).some((each) => each.work === work)) continue;
    for (const key of unionOutputs([work]).entries.keys()) {
      const text = `./${word(place, "task")}/${work.name}#output/${key}`;
      if (place.followedBy === "")
        items.push(
          item(place, text, { kind: CompletionItemKind.Reference, detail: `output of \`${work.name}\``, order: 0 }),
        );
    }
  }
  return items;
}

function completeKind(place: Place): CompletionItem[] {
  const { before, target, ref } = place;
  const parsed = parseRefWithSpans(before, ref.template === undefined ? {} : { template: ref.template }).ref;
  if (parsed.isGlobal) {
    return [
      item(place, "environment/", {
        kind: CompletionItemKind.Keyword,
        detail: "an environment",
        goesOn: true,
        order: 0,
      }),
      item(place, "custom/", {
        kind: CompletionItemKind.Keyword,
        detail: "a value that people or tools set",
        goesOn: true,
        order: 1,
      }),
    ];
  }
  const items = [
    item(place, `${word(place, "task")}/`, {
      kind: CompletionItemKind.Keyword,
      detail: "a task",
      goesOn: true,
      order: 0,
    }),
    item(place, "deploy/", { kind: CompletionItemKind.Keyword, detail: "a deployment", goesOn: true, order: 1 }),
    item(place, "custom/", {
      kind: CompletionItemKind.Keyword,
      detail: "a value that people or tools set",
      goesOn: true,
      order: 2,
    }),
  ];
  if (parsed.hasRelease) return items;
  const latest = item(place, "@/", {
    kind: CompletionItemKind.Folder,
    detail: "the most recent release",
    goesOn: true,
    order: target?.isSelf === true ? 3 : 0,
  });
  const other =
    before === "./"
      ? [
          item(place, "-/", {
            kind: CompletionItemKind.Folder,
            detail: "another file of this repository",
            goesOn: true,
            order: 4,
          }),
        ]
      : [];
  // Work of another file has no release in common with this one.
  return target?.isSelf === false ? [latest] : [...items, latest, ...other];
}

/** A file that says `call` goes on saying it. */
function word(place: Place, kind: "task"): string {
  const { sdkCalls } = place.ref.view.facts;
  return sdkCalls.some((each) => each.entry.name === "call") && !sdkCalls.some((each) => each.entry.name === "task")
    ? "call"
    : kind;
}

function completeRelease(place: Place): CompletionItem[] {
  const items = [
    item(place, "@/", {
      kind: CompletionItemKind.Folder,
      text: "@/",
      detail: "the most recent release",
      goesOn: true,
      order: 0,
    }),
  ];
  const path = place.target?.absolute.path;
  if (place.before === "" || path === undefined) return items;
  for (const release of place.snapshot.state.releases(path)) {
    items.push(
      item(place, `@${release.name}/`, {
        kind: CompletionItemKind.Value,
        detail: release.tags.join(", ") || release.status,
        goesOn: true,
        order: 1,
      }),
    );
    for (const tag of release.tags)
      items.push(
        item(place, `@${tag}/`, { kind: CompletionItemKind.Value, detail: release.name, goesOn: true, order: 1 }),
      );
  }
  return items;
}

function completePath(place: Place): CompletionItem[] {
  const { ref, before, snapshot } = place;
  const { view } = ref;
  const separator = before.lastIndexOf("-/");
  const fromRoot = separator >= 0 || before.startsWith("//");
  const named = separator > 0 && !isUnset(before.slice(0, separator - 1)) ? before.slice(0, separator - 1) : undefined;
  const repository = named === undefined ? view.repository : snapshot.repositories.find((each) => each.name === named);
  if (repository === undefined) return [];
  const base = separator >= 0 ? separator + 2 : before.startsWith("//") ? 2 : 0;
  const typed = before.slice(base);
  return repository.packagePaths().flatMap((path) => {
    if (path === view.path && repository === view.repository) return [];
    const written = fromRoot || view.path === undefined ? path : relativePath(view.path, path).replace(/^\.\//, "");
    if (!written.startsWith(typed)) return [];
    return [
      item(place, written.slice(typed.length), {
        kind: CompletionItemKind.File,
        text: `${written.slice(typed.length)}/@/`,
        detail: path,
        goesOn: true,
      }),
    ];
  });
}

function completeName(place: Place): CompletionItem[] {
  const { before, snapshot, target, ref } = place;
  const parsed = parseRefWithSpans(before, ref.template === undefined ? {} : { template: ref.template }).ref;
  if (parsed.name.length > 0) return [];
  if (parsed.kind === "custom") {
    const prefix = target === undefined ? before : printRef({ ...target.absolute, kind: "custom", name: [] });
    return snapshot.state.customNames(prefix).map((each) => item(place, each, { kind: CompletionItemKind.Value }));
  }
  if (parsed.kind === "environment") return environmentItems(place, "");
  const file = target?.file;
  if (parsed.kind === "task" && file !== undefined) {
    const own = new Set(parsed.hasRelease ? [] : findOwners(ref).map((each) => each.work));
    return findKnownWork(file, "task").declarations.flatMap((work) => {
      if (work.name === undefined || own.has(work)) return [];
      const suffix = unionOutputs([work]).entries.size > 0 ? "#output/" : "";
      return [
        item(place, work.name, {
          kind: CompletionItemKind.Function,
          text: place.followedBy === "" ? work.name + suffix : work.name,
          filter: work.name,
          goesOn: suffix !== "",
        }),
      ];
    });
  }
  return parsed.kind === "deploy" ? environmentItems(place, "#output/") : [];
}

function environmentItems(place: Place, suffix: string): CompletionItem[] {
  const { names } = findEnvironments(place.snapshot);
  const file = place.target?.file;
  const deployed =
    file === undefined ? [] : findKnownWork(file, "deploy").declarations.flatMap((each) => each.name ?? []);
  const attributes = new Map(place.snapshot.state.environments?.map((each) => [each.name, each.attributes]));
  return [...new Set([...deployed, ...names])].sort().map((name) => {
    const known = Object.entries(attributes.get(name) ?? {}).map(([key, value]) => `${key}=${value}`);
    const text = place.followedBy === "" ? name + suffix : name;
    return item(place, name, {
      kind: CompletionItemKind.EnumMember,
      text,
      filter: name,
      ...(known.length > 0 ? { detail: known.join(", ") } : {}),
      goesOn: suffix !== "",
    });
  });
}

function completeFragment(place: Place): CompletionItem[] {
  const { before, target, snapshot, ref } = place;
  const parsed = parseRefWithSpans(before, ref.template === undefined ? {} : { template: ref.template }).ref;
  const [kind, name] = [parsed.kind, parsed.name[0]];
  if (kind === "environment")
    return ["name", "attributes/"].map((each) => item(place, each, { kind: CompletionItemKind.Field }));
  if (parsed.fragment.length === 0) {
    return kind === "task" || kind === "deploy"
      ? [item(place, "output/", { kind: CompletionItemKind.Field, detail: "what the work returned", goesOn: true })]
      : [];
  }
  if (
    target === undefined ||
    target.file === undefined ||
    (kind !== "task" && kind !== "deploy") ||
    name === undefined ||
    parsed.fragment[0] !== "output"
  )
    return [];
  const hasHole = ref.parsed.segments.some((each) => each.role === "name" && each.hasHole);
  const producers = hasHole ? findKnownWork(target.file, kind).declarations : findProducers(target.file, kind, name);
  let outputs = unionOutputs(producers).entries;
  for (const key of parsed.fragment.slice(1)) {
    const entry = outputs.get(key);
    if (entry === undefined) return [];
    outputs = readDict(entry.view, entry.value).entries;
  }
  const { absolute } = target;
  const shown = (key: string, value: JsonValue): JsonValue =>
    maskAt(target.file, { ...absolute, fragment: [...parsed.fragment, key] }, value);
  return [...outputs].map(([key, entry]) => {
    const now = hasHole ? undefined : snapshot.state.value(`${printRef(target.absolute)}/${key}`);
    const from = now?.release === undefined ? "" : ` (${now.release})`;
    const isDict = entry.value.kind === "DictExpression";
    const detail = now === undefined ? undefined : `${shortValue(shown(key, now.value))}${from}`;
    return item(place, key, {
      kind: CompletionItemKind.Property,
      ...(detail === undefined ? {} : { detail }),
      doc: isDict ? "A dict: its keys follow after `/`." : "",
    });
  });
}
