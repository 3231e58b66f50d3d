/**
 * Names of the grammar's nodes and fields. Only `starlark/src/syntax/lower*.ts` and queries may use them; the rest of the
 * code works on the typed tree. A test compares them with `node-types.json`.
 */
export const N = {
  module: "module",
  error: "ERROR",
  comment: "comment",

  defStatement: "def_statement",
  ifStatement: "if_statement",
  elifClause: "elif_clause",
  elseClause: "else_clause",
  forStatement: "for_statement",
  whileStatement: "while_statement",
  returnStatement: "return_statement",
  breakStatement: "break_statement",
  continueStatement: "continue_statement",
  passStatement: "pass_statement",
  loadStatement: "load_statement",
  loadAlias: "load_alias",
  assignStatement: "assign_statement",
  expressionStatement: "expression_statement",
  block: "block",

  parameters: "parameters",
  lambdaParameters: "lambda_parameters",
  parameter: "parameter",

  identifier: "identifier",
  integer: "integer",
  float: "float",
  string: "string",
  bytes: "bytes",
  list: "list",
  tuple: "tuple",
  paren: "paren",
  dict: "dict",
  entry: "entry",
  listComprehension: "list_comprehension",
  dictComprehension: "dict_comprehension",
  forClause: "for_clause",
  ifClause: "if_clause",
  unary: "unary",
  binary: "binary",
  notIn: "not_in",
  conditional: "conditional",
  lambda: "lambda",
  dot: "dot",
  index: "index",
  slice: "slice",
  stepColon: "step_colon",
  call: "call",
  keywordArgument: "keyword_argument",
  starArgument: "star_argument",

  stringStart: "string_start",
  stringContent: "string_content",
  escapeSequence: "escape_sequence",
  stringEnd: "string_end",

  /** An operand that is not there (no width). */
  missingExpression: "missing_expression",
  /** The name that should follow a `.` or `def` (no width). */
  missingIdentifier: "missing_identifier",
  /** The indented block that should follow a `:` (no width). */
  missingBlock: "missing_block",
  /** The `in` that should follow the variables of a `for` (no width). */
  missingIn: "missing_in",
  /** Stands before a statement whose indentation fits no block (no width). */
  badIndentation: "bad_indentation",
} as const;

/** Names of fields, as `TreeCursor.currentFieldName` gives them. */
export const F = {
  name: "name",
  parameters: "parameters",
  body: "body",
  star: "star",
  default: "default",
  test: "test",
  alternative: "alternative",
  target: "target",
  iterable: "iterable",
  value: "value",
  local: "local",
  remote: "remote",
  operator: "operator",
  left: "left",
  right: "right",
  operand: "operand",
  consequence: "consequence",
  otherwise: "otherwise",
  key: "key",
  object: "object",
  index: "index",
  low: "low",
  high: "high",
  step: "step",
  callee: "callee",
} as const;
