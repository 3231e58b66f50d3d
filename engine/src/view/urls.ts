/** Addresses of the view's pages. Refs stay readable in them. */

/** The page of whatever lies at a ref. */
export function refUrl(ref: string): string {
  return `/ref/${encodePath(ref.replace(/#.*$/, ""))}`;
}

export function fileUrl(repo: string, file: string): string {
  return refUrl(`${repo}/-/${file}`);
}

export function repositoryUrl(repo: string): string {
  return `/repository/${encodePath(repo)}`;
}

export function environmentUrl(name: string): string {
  return refUrl(`@/environment/${name}`);
}

export function matchUrl(glob: string): string {
  return `/match/${encodePath(glob)}`;
}

/** Slashes stay; so do characters that mean nothing in a path. */
export function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => (/^\.{1,2}$/.test(segment) ? segment.replaceAll(".", "%2E") : encodeURIComponent(segment)))
    .join("/")
    .replaceAll("%40", "@")
    .replaceAll("%2B", "+")
    .replaceAll("%2C", ",");
}
