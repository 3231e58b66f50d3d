/** The name of a repository in refs (spec 1.4). */

export interface RepositoryNaming {
  readonly alias?: string;
  /** `OCU_REPO_URL_OVERRIDE`. */
  readonly urlOverride?: string;
  /** URL of the remote `origin`. */
  readonly originUrl?: string;
  /** Name of the repository's folder. */
  readonly folder: string;
}

/** The alias; else the URL in path form; else the folder's name. */
export function repositoryName({ alias, urlOverride, originUrl, folder }: RepositoryNaming): string {
  if (alias) return alias;
  const url = urlOverride || originUrl;
  return (url && repositoryNameFromUrl(url)) || folder;
}

/** `git@github.com:a/b.git` and `https://github.com/a/b.git` both give `github.com/a/b`. "" when nothing is left. */
export function repositoryNameFromUrl(url: string): string {
  const text = url.trim();
  const withScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/]*@)?([^/]*)(.*)$/.exec(text);
  if (withScheme) return toPath(`${withoutPort(withScheme[1] as string)}/${withScheme[2]}`);
  // A drive letter looks like a host of one letter; git reads it as a drive, too.
  const isScp = !/^[A-Za-z]:[\\/]/.test(text) && /^(?:[^/@:]+@)?(\[[^\]]+\]|[^/:@]+):(.*)$/.exec(text);
  if (isScp) return toPath(`${isScp[1]?.toLowerCase()}/${isScp[2]}`);
  return toPath(text);
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, "").toLowerCase();
}

/** Segments only: no empty ones, no `.` and `..`, no `.git` at the end, and nothing that ends a repository in a ref. */
function toPath(text: string): string {
  const segments = text
    .replace(/[?#].*$/, "")
    .split(/[/\\]+/)
    .filter((segment) => segment !== "" && segment !== "." && segment !== ".." && segment !== "-");
  return segments
    .join("/")
    .replace(/\.git$/, "")
    .replace(/[@=*?[\]{}\s]/g, "_");
}
