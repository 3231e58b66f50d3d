; Later patterns win.

(identifier) @variable

(comment) @comment
(integer) @number
(float) @number.float
(string) @string
(bytes) @string
(escape_sequence) @string.escape
(expression_statement . (string) @string.documentation .)

[
  "def"
  "lambda"
] @keyword.function

"return" @keyword.return

[
  "if"
  "elif"
  "else"
] @keyword.conditional

[
  "for"
  "while"
  (break_statement)
  (continue_statement)
] @keyword.repeat

"load" @keyword.import
(pass_statement) @keyword

[
  "and"
  "or"
  "not"
  "in"
  (not_in)
] @keyword.operator

[
  "="
  "+="
  "-="
  "*="
  "/="
  "//="
  "%="
  "&="
  "|="
  "^="
  "<<="
  ">>="
  "=="
  "!="
  "<"
  ">"
  "<="
  ">="
  "|"
  "^"
  "&"
  "<<"
  ">>"
  "+"
  "-"
  "*"
  "/"
  "//"
  "%"
  "~"
  "**"
] @operator

[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket

[
  ","
  "."
  ":"
  ";"
] @punctuation.delimiter

((identifier) @constant.builtin
  (#any-of? @constant.builtin "None" "True" "False"))

((identifier) @constant
  (#match? @constant "^[A-Z][A-Z0-9_]+$"))

(dot name: (identifier) @property)
(call callee: (identifier) @function.call)
(call callee: (dot name: (identifier) @function.method.call))
(def_statement name: (identifier) @function)
(parameter name: (identifier) @variable.parameter)
(keyword_argument name: (identifier) @variable.parameter)

((call callee: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "abs" "all" "any" "bool" "bytes" "chr" "dict" "dir" "enumerate" "fail" "float" "getattr" "hasattr" "hash" "int" "len"
    "list" "max" "min" "ord" "print" "range" "repr" "reversed" "set" "sorted" "str" "tuple" "type" "zip"))
