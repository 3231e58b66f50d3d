/** Files and refs for Tab. Nothing is written, run or fetched; whatever goes wrong, there is only nothing to offer. */
import { readdirSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { releaseNumber } from "../../refs/ref.ts";
import { readRef } from "../../release/inputs.ts";
import { storeOptions } from "../../release/repository.ts";
import type { StoreReader } from "../../state/store.ts";
import { openStateReaders } from "../../state/stores.ts";
import { CliContext } from "../context.ts";
import { Ui } from "../ui.ts";
import type { Candidate, CompletionSources } from "./candidates.ts";

export function completionSources(ui: Ui): CompletionSources {
  return {
    folders: (partial) => entries(ui.cwd, partial).filter(({ isOpen }) => isOpen),
    files: (partial) => entries(ui.cwd, partial),
    refs: async (partial, kind) => {
      const [, file, rest] = /^(.*?\.star)\/(.*)$/s.exec(partial) ?? [];
      if (file !== undefined && rest !== undefined) return await below(ui, file, rest, kind);
      if (partial.startsWith("@/") && kind === "ref") return await global(ui, partial);
      const found = entries(ui.cwd, partial).map((each) => ({ ...each, isOpen: true }));
      return kind === "ref" && partial === "" ? [...found, { value: "@/", isOpen: true }] : found;
    },
  };
}

/** Folders and `.star` files that a path may go on with. */
function entries(cwd: string, partial: string): Candidate[] {
  const folder = partial.slice(0, partial.lastIndexOf("/") + 1);
  try {
    return readdirSync(resolve(cwd, folder === "" ? "." : folder), { withFileTypes: true }).flatMap((entry) => {
      const value = `${folder}${entry.name}`;
      if (entry.name.startsWith(".") && !partial.slice(folder.length).startsWith(".")) return [];
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(resolve(cwd, value)).isDirectory());
      if (isFolder) return [{ value: `${value}/`, isOpen: true }];
      return entry.name.endsWith(".star") && entry.name !== "repo.ocu.star" ? [{ value }] : [];
    });
  } catch {
    return [];
  }
}

async function below(ui: Ui, file: string, rest: string, kind: "ref" | "release"): Promise<Candidate[]> {
  const path = resolve(ui.cwd, file);
  return await withState(ui, path, async (state, { name, root }) => {
    const place = `${name}/-/${relative(root, path).split(sep).join("/")}`;
    const found = await documents(state, `${place}/`, rest);
    const own = kind === "ref" ? found : found.filter(({ value }) => /^@[^/]+$/.test(value));
    return newestFirst(own).map((each) => ({
      ...each,
      isOpen: kind === "ref" && each.isOpen === true,
      value: `${file}/${each.value}`,
    }));
  });
}

async function global(ui: Ui, partial: string): Promise<Candidate[]> {
  return await withState(ui, ui.cwd, async (state) => await documents(state, "", partial));
}

/** What a ref may go on with: documents below it, or fields after `#`. */
async function documents(state: StoreReader, prefix: string, partial: string): Promise<Candidate[]> {
  const hash = partial.indexOf("#");
  if (hash >= 0) {
    const end = Math.max(hash, partial.lastIndexOf("/")) + 1;
    const found = await readRef(state, `${prefix}${partial.slice(0, end)}`);
    const fields = typeof found?.value === "object" && found.value !== null ? Object.entries(found.value) : [];
    return fields.map(([key, value]) => ({
      value: `${partial.slice(0, end)}${key}`,
      isOpen: typeof value === "object" && value !== null,
    }));
  }
  const folder = partial.slice(0, partial.lastIndexOf("/") + 1);
  const ref = `${prefix}${folder}`.replace(/\/$/, "");
  const names = ref === "" ? ["@"] : await childrenOf(state, ref);
  return names.map((name) => ({ value: `${folder}${name}`, isOpen: true }));
}

/** Names below a ref, also below a link such as a tag. */
async function childrenOf(state: StoreReader, ref: string): Promise<string[]> {
  const names = await state.children(ref);
  const segments = ref.split("/");
  for (let length = segments.length; names.length === 0 && length > 0; length--) {
    const target = await state.resolve(segments.slice(0, length).join("/"));
    if (target !== undefined) return await state.children([target, ...segments.slice(length)].join("/"));
  }
  return names;
}

/** Releases by number, the newest first, before tags and other names. */
function newestFirst(found: readonly Candidate[]): Candidate[] {
  const numberOf = ({ value }: Candidate) => releaseNumber(/^@([^/]+)$/.exec(value)?.[1] ?? "") ?? 0;
  return [...found].sort((a, b) => numberOf(b) - numberOf(a));
}

async function withState(
  ui: Ui,
  path: string,
  act: (state: StoreReader, repository: { readonly name: string; readonly root: string }) => Promise<Candidate[]>,
): Promise<Candidate[]> {
  const silent = new Ui({ ...ui.io, stderr: { write: () => {} } }, ui.options);
  const context = new CliContext(silent, true);
  try {
    const folder = path === ui.cwd ? path : resolve(path, "..");
    const { root, name, model, env } = await context.configuration(folder);
    const stores = await openStateReaders(model.stores, root, storeOptions(env));
    try {
      return await act(stores.state, { name, root });
    } finally {
      await stores.close();
    }
  } catch {
    return [];
  } finally {
    await context.close();
  }
}
