// The part of the lexer that needs memory: brackets, line ends, indentation and strings.
//
// Outline. `scan` is called before each token. Inside a string it reads a piece of it. Otherwise it skips blanks and
// - at a bracket, `:` or string prefix returns that token, keeping the stack of open brackets;
// - at a line end outside brackets returns NEWLINE, and at the start of the next line INDENT or DEDENT;
// - leaves all else to the generated lexer.
// The end of the token to return is marked first: what is passed while looking ahead belongs to later tokens.
//
// Damage. Unfinished text is the normal state of a file in an editor, so what is missing is made good by tokens of no
// width: a closing bracket, `missing_expression` and so on. The statements that follow then parse as they should. Whether
// an expression is due is known from `valid`: MISSING_EXPRESSION is valid exactly where an operand may stand. Inside
// brackets a line end means nothing, unless the next line can only be a new statement (`ends_statement`).

#include "scanner/lookahead.h"
#include "scanner/state.h"
#include "scanner/strings.h"

// --- brackets ---

static enum TokenType closer_of(char bracket) {
  return bracket == '(' ? CLOSE_PAREN : bracket == '[' ? CLOSE_BRACKET : CLOSE_BRACE;
}

// Where a statement ends inside brackets: returns the token that brings it nearer to its end, which is an operand or a
// colon that is due, or a closing bracket. When none fits, gives up all brackets.
static bool close_bracket(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  enum TokenType closer = closer_of(scanner->brackets[scanner->bracket_count - 1]);
  scanner->closing = true;
  if (!in_error) {
    if (valid[closer]) {
      scanner->bracket_count--;
      return emit(lexer, closer);
    }
    if (valid[MISSING_IDENTIFIER]) return emit(lexer, MISSING_IDENTIFIER);
    if (valid[MISSING_EXPRESSION]) return emit(lexer, MISSING_EXPRESSION);
    if (valid[MISSING_IN]) return emit(lexer, MISSING_IN);
    if (valid[COLON]) return emit(lexer, COLON);
  }
  scanner->bracket_count = 0;
  scanner->closing = false;
  return emit(lexer, NEWLINE);
}

static bool scan_closer(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  int32_t c = lexer->lookahead;
  char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
  enum TokenType type = closer_of(opener);
  if (scanner->bracket_count > 0) {
    char open = scanner->brackets[scanner->bracket_count - 1];
    if (!in_error && !valid[closer_of(open)]) {
      if (valid[MISSING_IDENTIFIER]) return emit(lexer, MISSING_IDENTIFIER);
      if (valid[MISSING_EXPRESSION]) return emit(lexer, MISSING_EXPRESSION);
      if (valid[MISSING_IN]) return emit(lexer, MISSING_IN);
      if (valid[COLON]) return emit(lexer, COLON);
    }
    scanner->bracket_count--;
    if (open != opener && !in_error && valid[closer_of(open)]) {
      // `f([1, 2)`: the `]` is missing if there is a `(` that this bracket closes, else it was meant to be the `]`.
      for (unsigned i = 0; i < scanner->bracket_count; i++) {
        if (scanner->brackets[i] == opener) return emit(lexer, closer_of(open));
      }
      type = closer_of(open);
    }
  }
  advance(lexer);
  mark_token(scanner, lexer);
  return emit(lexer, type);
}

static bool scan_opener(Scanner *scanner, TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  if (scanner->closed_count > scanner->bracket_count) scanner->closed_count = scanner->bracket_count;
  if (scanner->bracket_count < MAX_BRACKETS) scanner->brackets[scanner->bracket_count++] = (char)c;
  advance(lexer);
  mark_token(scanner, lexer);
  return emit(lexer, c == '(' ? OPEN_PAREN : c == '[' ? OPEN_BRACKET : OPEN_BRACE);
}

// --- lines ---

static unsigned current_indent(const Scanner *scanner) {
  return scanner->indent_count == 0 ? 0 : scanner->indents[scanner->indent_count - 1] & MAX_COLUMN;
}

static void push_indent(Scanner *scanner, unsigned column, unsigned flag) {
  if (scanner->indent_count >= MAX_INDENTS) return;
  scanner->indents[scanner->indent_count++] = (uint16_t)(column | flag);
  // At most 6 bytes were added.
  char buffer[MAX_INDENT_BYTES + 6];
  if (write_indents(scanner, buffer) > MAX_INDENT_BYTES) scanner->indent_count--;
}

enum LineStart { TOKEN, COMMENT, STATEMENT };

// At the start of a line where a statement, a block or the end of one is due. Returns TOKEN, or that a comment is to be read
// first, or that the lexer stands at a statement.
static enum LineStart scan_line_start(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  bool after_comment = false;
  unsigned column, comments = 0;
  for (;;) {
    column = skip_indentation(lexer);
    if (lexer->lookahead == '#') {
      // A comment belongs to the block that it is indented like, whatever follows.
      if (!after_comment && column >= current_indent(scanner) && !valid[INDENT]) return COMMENT;
      if (++comments > MAX_COMMENTS) return COMMENT;
      after_comment = true;
      skip_to_line_end(lexer);
    }
    if (!is_line_end(lexer->lookahead)) break;
    skip_line_end(lexer);
  }
  if (at_end(lexer)) column = 0;
  while (scanner->indent_count > 0 && scanner->indents[scanner->indent_count - 1] & VIRTUAL &&
         column < current_indent(scanner)) {
    scanner->indent_count--;
  }

  unsigned current = current_indent(scanner);
  if (column > current && valid[INDENT]) {
    push_indent(scanner, column, 0);
    emit(lexer, INDENT);
    return TOKEN;
  }
  if (valid[INDENT] && !in_error) {
    emit(lexer, MISSING_BLOCK);
    return TOKEN;
  }
  enum LineStart none = after_comment ? COMMENT : STATEMENT;
  if (column == current) return none;
  bool can_be_bad = none == STATEMENT && !in_error && valid[BAD_INDENTATION];
  if (column > current) {
    if (!can_be_bad) return none;
    push_indent(scanner, column, VIRTUAL);
    mark_token(scanner, lexer);
    emit(lexer, BAD_INDENTATION);
    return TOKEN;
  }
  unsigned outer = scanner->indent_count > 1 ? scanner->indents[scanner->indent_count - 2] & MAX_COLUMN : 0;
  if (column > outer && column - outer >= current - column) {
    // Neither this block's indentation nor that of an outer one, and nearer to this one's.
    if (!can_be_bad) return none;
    scanner->indents[scanner->indent_count - 1] = (uint16_t)column;
    mark_token(scanner, lexer);
    emit(lexer, BAD_INDENTATION);
    return TOKEN;
  }
  scanner->indent_count--;
  emit(lexer, DEDENT);
  return TOKEN;
}

static bool scan_dedent_at_end(Scanner *scanner, TSLexer *lexer) {
  while (scanner->indent_count > 0) {
    if (!(scanner->indents[--scanner->indent_count] & VIRTUAL)) return emit(lexer, DEDENT);
  }
  return false;
}

// At a line end, a comment or the file's end, outside brackets.
static bool scan_line_end(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  // Behind a line continuation, where a statement may start: nothing is missing.
  if (!in_error && valid[BAD_INDENTATION]) return at_end(lexer) && scan_dedent_at_end(scanner, lexer);
  if (!in_error && !valid[NEWLINE]) {
    // `def f` and `load` lack their parentheses: only there a `(` may follow, but no `[`.
    if (valid[CLOSE_PAREN]) return emit(lexer, CLOSE_PAREN);
    if (valid[OPEN_PAREN] && !valid[OPEN_BRACKET]) return emit(lexer, OPEN_PAREN);
    if (valid[MISSING_IDENTIFIER]) return emit(lexer, MISSING_IDENTIFIER);
    if (valid[MISSING_EXPRESSION]) return emit(lexer, MISSING_EXPRESSION);
    if (valid[MISSING_IN]) return emit(lexer, MISSING_IN);
    if (valid[COLON]) return emit(lexer, COLON);
  }
  if (lexer->lookahead == '#') return false;
  if (!at_end(lexer)) {
    bool is_return = lexer->lookahead == '\r';
    skip(lexer);
    bool is_pair = is_return && lexer->lookahead == '\n';
    if (is_pair) skip(lexer);
    mark_token(scanner, lexer);
    scanner->closing = false;
    scanner->after_return = is_return && !is_pair;
    return emit(lexer, NEWLINE);
  }
  if (valid[NEWLINE] && !in_error) return emit(lexer, NEWLINE);
  if (valid[MISSING_BLOCK] && !in_error) return emit(lexer, MISSING_BLOCK);
  return scan_dedent_at_end(scanner, lexer);
}

// --- the scanner ---

// Inside brackets, at a line end, a comment or the end of the file. Returns TOKEN when the statement ends here, COMMENT when a
// comment is to be read first, else STATEMENT with the lexer at the next token, or behind it when that is a word.
static enum LineStart scan_in_brackets(
    Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error, char word[WORD_SIZE]) {
  bool after_comment = false, after_line_end = false;
  unsigned column = 0;
  for (;;) {
    if (lexer->lookahead == '#') {
      after_comment = true;
      skip_to_line_end(lexer);
    } else if (is_line_end(lexer->lookahead)) {
      skip_line_end(lexer);
      column = skip_indentation(lexer);
      after_line_end = true;
    } else {
      break;
    }
  }
  bool ends = at_end(lexer);
  if (!ends && after_line_end && is_word_start(lexer->lookahead)) {
    advance_word(lexer, word);
    bool is_string = is_quote(lexer->lookahead) && is_string_prefix(word);
    // What precedes is complete where a bracket may be closed, or a separator follow.
    enum TokenType closer = closer_of(scanner->brackets[scanner->bracket_count - 1]);
    bool complete = (valid[closer] || valid[COMMA] || valid[COLON]) && !valid[MISSING_EXPRESSION] && !valid[NAME_DUE];
    bool operand_due = in_error || !complete;
    ends = !is_string && ends_statement(scanner, lexer, word, operand_due, column, current_indent(scanner));
  }
  if (ends) {
    close_bracket(scanner, lexer, valid, in_error);
    return TOKEN;
  }
  return after_comment ? COMMENT : STATEMENT;
}

// Where an operand follows another: the token of no width that is missing between them, or false. `[1 2]`, `{"a" 1}`, `if x pass`.
static bool scan_missing_separator(const Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  if (in_error || valid[MISSING_EXPRESSION] || valid[MISSING_IDENTIFIER] || valid[NAME_DUE]) return false;
  if (valid[COMMA]) return scanner->bracket_count > 0 && emit(lexer, COMMA);
  return valid[COLON] && emit(lexer, COLON);
}

// At a `:` that does not fit, inside brackets. If the line ends behind it, it ends the head of a statement, as in
// `def f(a:`, and the bracket before it is not closed. Else it is left to the lexer, which makes an error of it.
static bool scan_colon_in_brackets(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  enum TokenType closer = closer_of(scanner->brackets[scanner->bracket_count - 1]);
  advance(lexer);
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t') advance(lexer);
  bool ends = at_end(lexer) || is_line_end(lexer->lookahead) || lexer->lookahead == '#';
  if (!ends || !valid[closer]) return false;
  scanner->bracket_count--;
  return emit(lexer, closer);
}

// At the first character of a token that is neither a line end nor a comment.
static bool scan_token(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  int32_t c = lexer->lookahead;
  if (is_quote(c) || (c >= '0' && c <= '9') || c == '{') {
    if (scan_missing_separator(scanner, lexer, valid, in_error)) return true;
  }
  if (is_quote(c)) return scan_string_start(scanner, lexer, false, false);
  if (c == '(' || c == '[' || c == '{') return scan_opener(scanner, lexer);
  if (c == ')' || c == ']' || c == '}') return scan_closer(scanner, lexer, valid, in_error);
  if (!in_error && valid[MISSING_IDENTIFIER] && !is_word_start(c) && c != '\\') return emit(lexer, MISSING_IDENTIFIER);
  bool operand_due = !in_error && valid[MISSING_EXPRESSION];
  if (c == ',') {
    if (operand_due) return emit(lexer, MISSING_EXPRESSION);
    advance(lexer);
    mark_token(scanner, lexer);
    return emit(lexer, COMMA);
  }
  if (c == '=' && operand_due) {
    skip(lexer);
    return lexer->lookahead != '=' && emit(lexer, MISSING_EXPRESSION);
  }
  if (c == ':') {
    if (operand_due && !valid[COLON]) return emit(lexer, MISSING_EXPRESSION);
    if (!in_error && valid[MISSING_IN]) return emit(lexer, MISSING_IN);
    if (!in_error && !valid[COLON] && scanner->bracket_count > 0) return scan_colon_in_brackets(scanner, lexer, valid);
    advance(lexer);
    mark_token(scanner, lexer);
    return emit(lexer, COLON);
  }
  return false;
}

static bool scan(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  if (scanner->string) return scan_string_piece(scanner, lexer);

  lexer->mark_end(lexer);
  bool in_error = valid[ERROR_SENTINEL];
  bool in_brackets = scanner->bracket_count > 0;
  if (scanner->closing && in_brackets) return close_bracket(scanner, lexer, valid, in_error);

  // Where a statement or a block may start, line ends make blank lines. In an error all tokens are valid, so that only the
  // column tells.
  bool line_due = !in_brackets && (valid[BAD_INDENTATION] || valid[INDENT]);
  bool line_start = line_due && ((scanner->after_return && !in_error) || lexer->get_column(lexer) == 0);
  if (!line_start) {
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t') skip(lexer);
    if (line_due && !in_error) {
      if (lexer->lookahead == '#') return false;
      if (is_line_end(lexer->lookahead)) skip_line_end(lexer);
      else if (!at_end(lexer)) line_due = false;
      line_start = line_due;
    }
  }
  if (line_start) {
    enum LineStart found = scan_line_start(scanner, lexer, valid, in_error);
    if (found != STATEMENT || at_end(lexer)) return found == TOKEN;
  }

  while (lexer->lookahead == '\\') {
    skip(lexer);
    if (!is_line_end(lexer->lookahead)) return false;
    skip_line_end(lexer);
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t') skip(lexer);
  }

  char word[WORD_SIZE] = "";
  if (lexer->lookahead == '#' || is_line_end(lexer->lookahead) || at_end(lexer)) {
    if (!in_brackets) return scan_line_end(scanner, lexer, valid, in_error);
    enum LineStart found = scan_in_brackets(scanner, lexer, valid, in_error, word);
    if (found != STATEMENT) return found == TOKEN;
  } else if (lexer->lookahead == 'r' || lexer->lookahead == 'b' || valid[COMMA] || valid[COLON]) {
    if (is_word_start(lexer->lookahead)) advance_word(lexer, word);
  }
  if (*word) {
    if (!is_operator_word(word) && scan_missing_separator(scanner, lexer, valid, in_error)) return true;
    if (!is_quote(lexer->lookahead) || !is_string_prefix(word)) return false;
    return scan_string_start(scanner, lexer, word[0] == 'r', word[0] == 'b' || word[1] == 'b');
  }
  if (lexer->lookahead == '\\') return false;
  return scan_token(scanner, lexer, valid, in_error);
}

// Whatever the text, the lexer must get on: after more tokens of no width in a row than there can be brackets and blocks to
// end, there come no more.
bool tree_sitter_starlark_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  if (++scanner->idle_count > MAX_IDLE) return false;
  return scan(scanner, lexer, valid);
}
