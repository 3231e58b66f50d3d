/** What `store.git` is given, checked where it is written: git would say it in words of its own, and only when a store is made. */
import { SdkFailure } from "../failure.ts";

/** Throws for what git takes for no branch's name (`git check-ref-format --branch`). */
export function checkBranch(name: string): void {
  const isSpecial = name === "" || name === "@" || name === "HEAD" || /^[-/]|[./]$/.test(name);
  const isBroken = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\//.test(name);
  const isHidden = name.split("/").some((part) => part.startsWith(".") || part.endsWith(".lock"));
  if (!isSpecial && !isBroken && !isHidden) return;
  throw new SdkFailure("repository/store", `store.git: git takes ${JSON.stringify(name)} for no branch's name`);
}

/** What the store itself keeps in its folder. */
const ownNames = [".ocuroot-store", ".ocuroot-local", "refs"];

/** Throws for paths of support files that lead out of the branch, or into what the store keeps in it. */
export function checkSupportFile(path: string): void {
  const parts = path.split(/[\\/]/);
  const isOutside = parts.some((part) => part === "" || part === "." || part === "..") || /^[a-z]:/i.test(path);
  if (isOutside || parts[0]?.toLowerCase() === ".git") throw refusal(path, "does not lie within the branch");
  const [first = "", second = ""] = parts;
  const name = first === "state" || first === "intent" ? second : first;
  if (ownNames.includes(name)) throw refusal(path, "belongs to the store");
}

function refusal(path: string, why: string): SdkFailure {
  return new SdkFailure("repository/store", `store.git: the support file ${JSON.stringify(path)} ${why}`);
}
