/**
 * Starlark, as the Go implementation's doc/spec.md and parser define it.
 *
 * Brackets, colons, strings, line ends and indentation come from `src/scanner.c`, which keeps a stack of open brackets and
 * one of indentations. It also makes good for what unfinished text lacks: the tokens `missing_*`, `bad_indentation`, and
 * closing brackets of no width stand for text that is not there. A tree that holds one of them is damaged although it has
 * no ERROR node; `starlark/src/syntax` reports it.
 *
 * The levels of precedence are rules of their own, so the grammar has no conflicts to resolve. Some forms are accepted
 * here and refused while lowering, because a whole tree serves an editor better than an ERROR node: chained comparisons,
 * any expression as an operand of `load`, reserved words of Python as names, malformed numbers.
 */

const KEYWORDS = [
  "and",
  "break",
  "continue",
  "def",
  "elif",
  "else",
  "for",
  "if",
  "in",
  "lambda",
  "load",
  "not",
  "or",
  "pass",
  "return",
  "while",
];

const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", "<<=", ">>="];

module.exports = grammar({
  name: "starlark",

  word: ($) => $.identifier,

  extras: ($) => [/[ \t\r\n]/, /\\\r?\n/, /\\\r/, $.comment],

  // The order is that of `enum TokenType` in src/scanner.c.
  externals: ($) => [
    $._newline,
    $._indent,
    $._dedent,
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    $.string_start,
    $.bytes_start,
    $.string_content,
    $.escape_sequence,
    $.string_end,
    $.missing_expression,
    $.missing_identifier,
    $.missing_block,
    $.missing_in,
    $.bad_indentation,
    $._name_due,
    $._error_sentinel,
  ],

  reserved: {
    global: () => KEYWORDS,
  },

  rules: {
    module: ($) => repeat($._line),

    // --- statements ---

    _line: ($) => choice($._statement, $.bad_indentation),

    _statement: ($) => choice($.def_statement, $.if_statement, $.for_statement, $.while_statement, $._simple_line),

    _simple_line: ($) => seq($._small_statement, repeat(seq(";", $._small_statement)), optional(";"), $._newline),

    _small_statement: ($) =>
      choice(
        $.return_statement,
        $.break_statement,
        $.continue_statement,
        $.pass_statement,
        $.load_statement,
        $.assign_statement,
        $.expression_statement,
      ),

    def_statement: ($) =>
      seq(
        "def",
        field("name", choice($.identifier, $.missing_identifier)),
        field("parameters", $.parameters),
        ":",
        field("body", $._suite),
      ),

    parameters: ($) => seq("(", optional(seq($.parameter, repeat(seq(",", $.parameter)), optional(","))), ")"),

    parameter: ($) =>
      choice(
        field("name", $.identifier),
        seq(field("name", $.identifier), "=", field("default", $._test)),
        seq(field("star", "*"), optional(choice(field("name", $.identifier), $._name_due))),
        seq(field("star", "**"), field("name", $.identifier)),
        // Never emitted: it tells the scanner where a name may stand although a `,` or `:` may too.
        $._name_due,
      ),

    _suite: ($) => choice($.block, alias($._simple_line, $.block)),

    block: ($) => seq($._newline, choice(seq($._indent, repeat1($._line), $._dedent), $.missing_block)),

    if_statement: ($) =>
      seq(
        "if",
        field("test", $._test),
        ":",
        field("body", $._suite),
        repeat(field("alternative", $.elif_clause)),
        optional(field("alternative", $.else_clause)),
      ),

    elif_clause: ($) => seq("elif", field("test", $._test), ":", field("body", $._suite)),

    else_clause: ($) => seq("else", ":", field("body", $._suite)),

    for_statement: ($) =>
      seq(
        "for",
        field("target", $._loop_variables),
        choice("in", $.missing_in),
        field("iterable", $._expression),
        ":",
        field("body", $._suite),
      ),

    while_statement: ($) => seq("while", field("test", $._test), ":", field("body", $._suite)),

    return_statement: ($) => seq("return", optional(field("value", $._expression))),

    break_statement: () => "break",

    continue_statement: () => "continue",

    pass_statement: () => "pass",

    load_statement: ($) =>
      seq("load", "(", optional(seq($._load_operand, repeat(seq(",", $._load_operand)), optional(","))), ")"),

    _load_operand: ($) => choice($._test, $.load_alias),

    load_alias: ($) => seq(field("local", $.identifier), "=", field("remote", $._test)),

    assign_statement: ($) =>
      seq(field("target", $._expression), field("operator", choice(...ASSIGNMENTS)), field("value", $._expression)),

    expression_statement: ($) => $._expression,

    // --- expressions ---

    _expression: ($) => choice($._test, alias($.open_tuple, $.tuple)),

    open_tuple: ($) => seq($._test, repeat1(seq(",", $._test))),

    _loop_variables: ($) => choice($._primary, alias($.loop_tuple, $.tuple)),

    loop_tuple: ($) => seq($._primary, repeat1(seq(",", $._primary))),

    _test: ($) => choice($.lambda, $.conditional, $._or),

    lambda: ($) => seq("lambda", optional(field("parameters", $.lambda_parameters)), ":", field("body", $._test)),

    // The condition of a comprehension: the body of a lambda there may not be a conditional.
    _test_no_condition: ($) => choice($._or, alias($.lambda_no_condition, $.lambda)),

    lambda_no_condition: ($) =>
      seq("lambda", optional(field("parameters", $.lambda_parameters)), ":", field("body", $._test_no_condition)),

    lambda_parameters: ($) => seq($.parameter, repeat(seq(",", $.parameter))),

    conditional: ($) =>
      seq(field("consequence", $._or), "if", field("test", $._or), "else", field("otherwise", $._test)),

    ...binaryLevels([
      ["_or", ["or"]],
      ["_and", ["and"]],
      ["_not", null],
      ["_comparison", ["==", "!=", "<", ">", "<=", ">=", "in", ["not", "in"]]],
      ["_bit_or", ["|"]],
      ["_bit_xor", ["^"]],
      ["_bit_and", ["&"]],
      ["_shift", ["<<", ">>"]],
      ["_sum", ["+", "-"]],
      ["_product", ["*", "/", "//", "%"]],
      ["_primary"],
    ]),

    _not: ($) => choice(alias($.not_expression, $.unary), $._comparison),

    not_expression: ($) => seq(field("operator", "not"), field("operand", $._not)),

    _primary: ($) => choice($.unary, $._operand),

    unary: ($) => seq(field("operator", choice("-", "+", "~")), field("operand", $._primary)),

    _operand: ($) =>
      choice(
        $.identifier,
        $.integer,
        $.float,
        $.string,
        $.bytes,
        $.list,
        $.dict,
        $.list_comprehension,
        $.dict_comprehension,
        $.tuple,
        $.paren,
        $.dot,
        $.index,
        $.slice,
        $.call,
        $.missing_expression,
      ),

    list: ($) => seq("[", optional($._elements), "]"),

    _elements: ($) => seq($._test, repeat(seq(",", $._test)), optional(",")),

    tuple: ($) => choice(seq("(", ")"), seq("(", $._test, ",", optional($._elements), ")")),

    paren: ($) => seq("(", $._test, ")"),

    dict: ($) => seq("{", optional(seq($.entry, repeat(seq(",", $.entry)), optional(","))), "}"),

    entry: ($) => seq(field("key", $._test), ":", field("value", $._test)),

    list_comprehension: ($) => seq("[", field("body", $._test), $._clauses, "]"),

    dict_comprehension: ($) => seq("{", field("body", $.entry), $._clauses, "}"),

    _clauses: ($) => seq($.for_clause, repeat(choice($.for_clause, $.if_clause))),

    for_clause: ($) =>
      seq("for", field("target", $._loop_variables), choice("in", $.missing_in), field("iterable", $._or)),

    if_clause: ($) => seq("if", field("test", $._test_no_condition)),

    dot: ($) => seq(field("object", $._operand), ".", field("name", choice($.identifier, $.missing_identifier))),

    index: ($) => seq(field("object", $._operand), "[", field("index", $._expression), "]"),

    slice: ($) =>
      seq(
        field("object", $._operand),
        "[",
        optional(field("low", $._expression)),
        ":",
        optional(field("high", $._test)),
        optional(seq(alias(":", $.step_colon), optional(field("step", $._test)))),
        "]",
      ),

    call: ($) =>
      seq(
        field("callee", $._operand),
        "(",
        optional(seq($._argument, repeat(seq(",", $._argument)), optional(","))),
        ")",
      ),

    _argument: ($) => choice($._test, $.keyword_argument, $.star_argument),

    keyword_argument: ($) => seq(field("name", $.identifier), "=", field("value", $._test)),

    star_argument: ($) => seq(field("star", choice("*", "**")), field("value", $._test)),

    // --- tokens ---

    string: ($) => seq($.string_start, repeat(choice($.string_content, $.escape_sequence)), $.string_end),

    bytes: ($) =>
      seq(alias($.bytes_start, $.string_start), repeat(choice($.string_content, $.escape_sequence)), $.string_end),

    identifier: () => new RustRegex("[_\\p{L}][_\\p{L}0-9]*"),

    integer: () => token(choice(/[0-9]+/, /0[xX][0-9a-fA-F]*/, /0[oO][0-7]*/, /0[bB][01]*/)),

    float: () =>
      token(choice(/[0-9]+\.[0-9]*([eE][+-]?[0-9]*)?/, /\.[0-9]+([eE][+-]?[0-9]*)?/, /[0-9]+[eE][+-]?[0-9]*/)),

    comment: () => /#[^\r\n]*/,
  },
});

/** Rules `level = level op next | next` for each level of left-associative operators; null makes no rule. */
function binaryLevels(levels) {
  const rules = {};
  for (let i = 0; i + 1 < levels.length; i++) {
    const [name, operators] = levels[i];
    const next = levels[i + 1][0];
    if (operators === null) continue;
    const binary = `binary${name}`;
    rules[name] = ($) => choice(alias($[binary], $.binary), $[next]);
    rules[binary] = ($) =>
      seq(
        field("left", $[name]),
        field("operator", choice(...operators.map((each) => operator($, each)))),
        field("right", $[next]),
      );
  }
  rules.not_in = () => seq("not", "in");
  return rules;
}

function operator($, text) {
  return Array.isArray(text) ? $.not_in : text;
}
