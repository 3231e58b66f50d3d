; Scopes: functions and comprehensions. `if` and `for` open none.
(module) @local.scope
(def_statement) @local.scope
(lambda) @local.scope
(list_comprehension) @local.scope
(dict_comprehension) @local.scope

(def_statement name: (identifier) @local.definition.function)
(parameter name: (identifier) @local.definition.parameter)
(assign_statement target: (identifier) @local.definition.var)
(assign_statement target: (tuple (identifier) @local.definition.var))
(assign_statement target: (list (identifier) @local.definition.var))
(for_statement target: (identifier) @local.definition.var)
(for_statement target: (tuple (identifier) @local.definition.var))
(for_clause target: (identifier) @local.definition.var)
(for_clause target: (tuple (identifier) @local.definition.var))
(load_alias local: (identifier) @local.definition.import)

(identifier) @local.reference
