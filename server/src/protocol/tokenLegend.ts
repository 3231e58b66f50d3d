/** Token types and modifiers in the order of their numbers on the wire. */
export const semanticTokenTypes = [
  "function",
  "parameter",
  "variable",
  "namespace",
  "property",
  "string",
  "keyword",
  "enumMember",
  "comment",
  "operator",
  "number",
] as const;
export const semanticTokenModifiers = ["definition", "readonly", "defaultLibrary"] as const;

export type SemanticTokenType = (typeof semanticTokenTypes)[number];
export type SemanticTokenModifier = (typeof semanticTokenModifiers)[number];
