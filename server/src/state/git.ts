import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What git's files say of a checkout. Read directly: starting git for each look would be slow, and may not be there. */
export interface GitInfo {
  readonly branch?: string;
  readonly commit?: string;
  readonly originUrl?: string;
}

/** Reads branch, commit and origin of the checkout that holds a folder; empty when there is none. */
export async function readGitInfo(folder: string): Promise<GitInfo> {
  const gitDir = await findGitDir(folder);
  if (gitDir === undefined) return {};
  const commonText = await readText(join(gitDir, "commondir"));
  const commonDir = commonText === undefined ? gitDir : resolve(gitDir, commonText.trim());
  const head = (await readText(join(gitDir, "HEAD")))?.trim();
  const ref = head?.startsWith("ref: ") === true ? head.slice(5) : undefined;
  const commit = ref === undefined ? head : await readRef(gitDir, commonDir, ref);
  const originUrl = originOf(await readText(join(commonDir, "config")));
  return {
    ...(ref?.startsWith("refs/heads/") === true ? { branch: ref.slice("refs/heads/".length) } : {}),
    ...(commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? { commit } : {}),
    ...(originUrl === undefined ? {} : { originUrl }),
  };
}

async function findGitDir(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const path = join(current, ".git");
    if ((await readText(join(path, "HEAD"))) !== undefined) return path;
    // A worktree or submodule has a file that says where the folder is.
    const pointer = await readText(path);
    if (pointer?.startsWith("gitdir: ") === true) return resolve(current, pointer.slice(8).trim());
    if (dirname(current) === current) return undefined;
  }
}

async function readRef(gitDir: string, commonDir: string, ref: string): Promise<string | undefined> {
  const loose = (await readText(join(gitDir, ref))) ?? (await readText(join(commonDir, ref)));
  if (loose !== undefined) return loose.trim();
  const packed = await readText(join(commonDir, "packed-refs"));
  const line = packed?.split("\n").find((each) => each.endsWith(` ${ref}`));
  return line?.split(" ", 1)[0];
}

function originOf(config: string | undefined): string | undefined {
  let isOrigin = false;
  for (const line of config?.split("\n") ?? []) {
    const section = /^\s*\[([^\]]*)\]/.exec(line);
    if (section !== null) isOrigin = section[1] === 'remote "origin"';
    const url = isOrigin ? /^\s*url\s*=\s*(.*)$/.exec(line)?.[1] : undefined;
    if (url !== undefined) return url.trim();
  }
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
