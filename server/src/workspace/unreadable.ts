import type { RepositoryView } from "../analysis/snapshot.ts";

/** What of a repository may not be read. */
export interface Unreadable {
  readonly message: string;
  /** Sources are among it, so that something of the user's own is not looked at. */
  readonly isGrave: boolean;
}

/** So many paths are named; the others are counted. */
const maxNames = 4;

/** Says what may not be read: each path once, as long as the server runs. */
export class UnreadablePaths {
  readonly #told = new Set<string>();

  /** What has not been said yet, one sentence for each repository. */
  findNews(repositories: readonly RepositoryView[]): Unreadable[] {
    return repositories.flatMap((repository) => {
      const paths = [...repository.hiddenPaths()].filter((path) => {
        const key = `${repository.root}\n${path}`;
        return !this.#told.has(key) && this.#told.add(key);
      });
      if (paths.length === 0) return [];
      const names = paths
        .sort()
        .slice(0, maxNames)
        .map((path) => (path === "" ? `\`${repository.root}\`` : `\`${path}\``));
      const others = paths.length - names.length;
      const all = others === 0 ? names.join(", ") : `${names.join(", ")} and ${others} more`;
      const where = paths.includes("") ? "" : ` in ${repository.root}`;
      const message = `No permission to read ${all}${where}: what is there is not known, and nothing in it is called missing. Grant read access, then restart the language server.`;
      return [{ message, isGrave: paths.some((path) => path === "" || path.endsWith(".star")) }];
    });
  }
}
