import { printRef } from "@ocuroot/engine";
import type { Diagnostic } from "@ocuroot/starlark";
import type { RefString } from "../../analysis/refStrings.ts";
import { absoluteText, findOwners, findRefTarget } from "../../analysis/refTarget.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { makeProblem } from "./report.ts";

/**
 * Inputs without a default from custom state that outlives releases and that nobody has set (spec 6.4.4). State of one
 * release can only be set once that release is there: to wait for it is the point of an approval.
 */
export function checkNotSet(snapshot: Snapshot): Diagnostic[] {
  if (snapshot.state.environments === undefined) return []; // State is not known.
  return snapshot.file.facts.refs.flatMap((ref) => {
    const document = documentOf(snapshot, ref);
    if (document === undefined || ref.hasDefault) return [];
    const owners = findOwners(ref);
    if (owners.length === 0 || owners.some((each) => each.input.hasDefault)) return [];
    const slash = document.lastIndexOf("/");
    if (snapshot.state.customNames(document.slice(0, slash)).includes(document.slice(slash + 1))) return [];
    const message = `Nobody has set \`${document}\` yet: a release would wait for it. Give it with \`ocuroot state set ${document} VALUE\`.`;
    return [makeProblem("refs/not-set", ref.spanOf(0, ref.text.length), message)];
  });
}

/** The document that a ref to lasting custom state names. */
function documentOf(snapshot: Snapshot, ref: RefString): string | undefined {
  const { ref: parsed, errors, hasHoles } = ref.parsed;
  if (parsed.kind !== "custom" || errors.length > 0 || hasHoles || ref.isOpenEnded) return undefined;
  if (parsed.isGlobal) return printRef({ ...parsed, fragment: [] });
  const target = findRefTarget(snapshot, ref);
  if (target === undefined || !parsed.hasRelease || parsed.release !== "" || target.absolute.repo === ".")
    return undefined;
  return absoluteText({ ...target, absolute: { ...target.absolute, fragment: [] } });
}
