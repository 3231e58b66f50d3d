((comment) @injection.content
  (#set! injection.language "comment"))

; host.shell("…") and shell("…") run their first argument, or the one named `command`.
((call
  callee: (dot
    object: (identifier) @_host
    name: (identifier) @_shell)
  . "(" . (string (string_content) @injection.content))
  (#eq? @_host "host")
  (#eq? @_shell "shell")
  (#set! injection.language "bash")
  (#set! injection.combined))

((call
  callee: (identifier) @_shell
  . "(" . (string (string_content) @injection.content))
  (#eq? @_shell "shell")
  (#set! injection.language "bash")
  (#set! injection.combined))

; The command may be the text of a call such as "…".format(…), or the left side of "…" % values.
((call
  callee: (dot
    object: (identifier) @_host
    name: (identifier) @_shell)
  . "(" . (call
    callee: (dot
      object: (string (string_content) @injection.content))))
  (#eq? @_host "host")
  (#eq? @_shell "shell")
  (#set! injection.language "bash")
  (#set! injection.combined))

((call
  callee: (dot
    object: (identifier) @_host
    name: (identifier) @_shell)
  . "(" . (binary
    left: (string (string_content) @injection.content)))
  (#eq? @_host "host")
  (#eq? @_shell "shell")
  (#set! injection.language "bash")
  (#set! injection.combined))

((call
  callee: (_) @_shell
  (keyword_argument
    name: (identifier) @_command
    value: (string (string_content) @injection.content)))
  (#any-of? @_shell "shell" "host.shell")
  (#eq? @_command "command")
  (#set! injection.language "bash")
  (#set! injection.combined))
