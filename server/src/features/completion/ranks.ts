import type { PlacedNode } from "@ocuroot/starlark";
import type { FileRole } from "../../analysis/snapshot.ts";

/** Smaller comes first. Keyword arguments have 0 and 1, snippets 80. */
export const ranks = {
  expected: 5,
  local: 10,
  own: 20,
  usualWord: 24,
  usual: 25,
  sdk: 30,
  rare: 35,
  universe: 50,
  constant: 60,
  loadable: 65,
  word: 70,
} as const;

const declaring = new Set(
  "ocuroot task deploy phase environment environments register_environment input ref".split(" "),
);
const working = new Set("host http json done next secret struct".split(" "));
const setting = new Set("ocuroot repo_alias store remotes trigger host secret".split(" "));
const rare = new Set(
  "call shell os arch env pwd read write read_dir is_dir debug_break environment_from_dict environment_from_json".split(
    " ",
  ),
);

/** Where an SDK name stands among the others: what is mostly written here comes first, second names of the same come last. */
export function sdkRank(name: string, role: FileRole, path: readonly PlacedNode[]): number {
  if (rare.has(name)) return ranks.rare;
  const usual = isInFunction(path) ? working : role === "repository" ? setting : declaring;
  return usual.has(name) ? ranks.usual : ranks.sdk;
}

/** Words that may begin a statement here, with their rank. */
export function statementWords(
  path: readonly PlacedNode[],
  lineIsIndented: boolean,
): readonly (readonly [string, number])[] {
  if (!isInFunction(path) && !lineIsIndented) return ["def", "load"].map((each) => [each, ranks.usualWord]);
  const isInLoop = path.some((each) => each.kind === "ForStatement");
  return [
    ...["return", "if", "for"].map((each) => [each, ranks.usualWord] as const),
    ...["elif", "else", "def", "pass", ...(isInLoop ? ["break", "continue"] : [])].map(
      (each) => [each, ranks.word] as const,
    ),
  ];
}

function isInFunction(path: readonly PlacedNode[]): boolean {
  return path.some((each) => each.kind === "DefStatement" || each.kind === "LambdaExpression");
}
