import { argumentOf } from "./calls.ts";
import type { FileView } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";

/** The alias that `repo.ocu.star` gives its repository, when it says so literally: a call or a global (spec 1.4). */
export function repositoryNameOf(file: FileView | undefined): string | undefined {
  if (file === undefined) return undefined;
  for (const call of file.facts.sdkCalls) {
    if (call.entry.name !== "repo_alias") continue;
    const name = argumentOf(call, "name");
    if (name?.kind === "StringLiteral") return textOfLiteral(file.source, name);
  }
  for (const statement of file.module.statements) {
    if (statement.kind !== "AssignStatement" || statement.target.kind !== "Identifier") continue;
    if (statement.target.name !== "repo_alias" || statement.value.kind !== "StringLiteral") continue;
    return textOfLiteral(file.source, statement.value);
  }
  return undefined;
}
