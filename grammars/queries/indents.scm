[
  (def_statement)
  (if_statement)
  (elif_clause)
  (else_clause)
  (for_statement)
  (while_statement)
  (load_statement)
  (call)
  (list)
  (dict)
  (tuple)
  (paren)
  (list_comprehension)
  (dict_comprehension)
  (parameters)
] @indent.begin

[
  ")"
  "]"
  "}"
] @indent.branch @indent.end

[
  (elif_clause)
  (else_clause)
] @indent.branch

[
  (return_statement)
  (break_statement)
  (continue_statement)
  (pass_statement)
] @indent.dedent

[
  (string)
  (bytes)
] @indent.ignore
