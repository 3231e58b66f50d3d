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

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>
#include <wctype.h>

enum TokenType {
  NEWLINE,
  INDENT,
  DEDENT,
  OPEN_PAREN,
  CLOSE_PAREN,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  OPEN_BRACE,
  CLOSE_BRACE,
  COLON,
  COMMA,
  STRING_START,
  BYTES_START,
  STRING_CONTENT,
  ESCAPE_SEQUENCE,
  STRING_END,
  MISSING_EXPRESSION,
  MISSING_IDENTIFIER,
  MISSING_BLOCK,
  MISSING_IN,
  BAD_INDENTATION,
  // Never emitted: valid where a name may stand although a separator may too.
  NAME_DUE,
  ERROR_SENTINEL,
};

// Bits of `Scanner.string`; 0 outside strings.
enum {
  IN_STRING = 1,
  DOUBLE_QUOTED = 2,
  TRIPLE = 4,
  RAW = 8,
  // The string has no end; what there is of it ends at `\n`.
  UNCLOSED = 16,
};

enum {
  // The Go implementation refuses deeper nesting, and what is serialized must fit into 1,024 bytes.
  MAX_BRACKETS = 1000,
  MAX_INDENTS = 300,
  MAX_IDLE = 4000,
  // How far to look for the bracket that would close an open one.
  LOOKAHEAD = 32768,
  MAX_COLUMN = 0x7fff,
  // Lines indented without reason: their column is remembered, but no INDENT came and no DEDENT will.
  VIRTUAL = 0x8000,
};

typedef struct {
  uint8_t string;
  // Closing all open brackets, one token after the other.
  bool closing;
  // Tokens of no width that came in a row.
  uint16_t idle_count;
  uint16_t bracket_count;
  uint16_t indent_count;
  // Columns of the enclosing blocks, the module's 0 left out; those of blocks that are none carry VIRTUAL.
  uint16_t indents[MAX_INDENTS];
  // '(', '[' or '{'.
  char brackets[MAX_BRACKETS];
} Scanner;

void *tree_sitter_starlark_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_starlark_external_scanner_destroy(void *payload) { ts_free(payload); }

// Bytes: flags, idle count, bracket count, indent count, indents (2 each), brackets (4 in a byte).
unsigned tree_sitter_starlark_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  unsigned size = 0;
  buffer[size++] = (char)(scanner->string | (scanner->closing ? 128 : 0));
  buffer[size++] = (char)(scanner->idle_count & 255);
  buffer[size++] = (char)(scanner->idle_count >> 8);
  buffer[size++] = (char)(scanner->bracket_count & 255);
  buffer[size++] = (char)(scanner->bracket_count >> 8);
  buffer[size++] = (char)(scanner->indent_count & 255);
  buffer[size++] = (char)(scanner->indent_count >> 8);
  for (unsigned i = 0; i < scanner->indent_count; i++) {
    buffer[size++] = (char)(scanner->indents[i] & 255);
    buffer[size++] = (char)(scanner->indents[i] >> 8);
  }
  for (unsigned i = 0; i < scanner->bracket_count; i += 4) {
    unsigned packed = 0;
    for (unsigned j = 0; j < 4 && i + j < scanner->bracket_count; j++) {
      char bracket = scanner->brackets[i + j];
      packed |= (unsigned)(bracket == '(' ? 0 : bracket == '[' ? 1 : 2) << (2 * j);
    }
    buffer[size++] = (char)packed;
  }
  return size;
}

void tree_sitter_starlark_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->string = 0;
  scanner->closing = false;
  scanner->idle_count = 0;
  scanner->bracket_count = 0;
  scanner->indent_count = 0;
  if (length == 0) return;
  const uint8_t *bytes = (const uint8_t *)buffer;
  scanner->string = bytes[0] & 127;
  scanner->closing = (bytes[0] & 128) != 0;
  scanner->idle_count = (uint16_t)(bytes[1] | bytes[2] << 8);
  scanner->bracket_count = (uint16_t)(bytes[3] | bytes[4] << 8);
  scanner->indent_count = (uint16_t)(bytes[5] | bytes[6] << 8);
  unsigned at = 7;
  for (unsigned i = 0; i < scanner->indent_count; i++, at += 2) {
    scanner->indents[i] = (uint16_t)(bytes[at] | bytes[at + 1] << 8);
  }
  for (unsigned i = 0; i < scanner->bracket_count; i++) {
    scanner->brackets[i] = "([{"[bytes[at + i / 4] >> (2 * (i % 4)) & 3];
  }
}

// --- characters ---

static bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }

// The Go implementation takes a NUL for the end of the file.
static bool at_end(TSLexer *lexer) { return lexer->lookahead == 0; }

static bool is_word_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 128 && iswalpha((wint_t)c));
}

static bool is_word(int32_t c) { return is_word_start(c) || (c >= '0' && c <= '9'); }

static bool is_digit(int32_t c, bool hexadecimal) {
  if (!hexadecimal) return c >= '0' && c <= '7';
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Adds a character to the token.
static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

// Passes a character that is before the token, or that is only looked at.
static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static void skip_line_end(TSLexer *lexer) {
  bool is_return = lexer->lookahead == '\r';
  skip(lexer);
  if (is_return && lexer->lookahead == '\n') skip(lexer);
}

static void advance_line_end(TSLexer *lexer) {
  bool is_return = lexer->lookahead == '\r';
  advance(lexer);
  if (is_return && lexer->lookahead == '\n') advance(lexer);
}

static void skip_to_line_end(TSLexer *lexer) {
  while (!at_end(lexer) && !is_line_end(lexer->lookahead)) skip(lexer);
}

// Skips blanks at the start of a line and returns the column: a tab goes to the next multiple of 8.
static unsigned skip_indentation(TSLexer *lexer) {
  unsigned column = 0;
  for (;; skip(lexer)) {
    if (lexer->lookahead == ' ') column++;
    else if (lexer->lookahead == '\t') column += 8 - column % 8;
    else return column < MAX_COLUMN ? column : MAX_COLUMN;
  }
}

// Marks the end of a token that has a width.
static void mark_token(Scanner *scanner, TSLexer *lexer) {
  lexer->mark_end(lexer);
  scanner->idle_count = 0;
}

static bool emit(TSLexer *lexer, enum TokenType type) {
  lexer->result_symbol = type;
  return true;
}

// --- strings ---

static bool scan_escape(Scanner *scanner, TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  if (is_line_end(c)) {
    advance_line_end(lexer);
  } else {
    advance(lexer);
    unsigned digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : is_digit(c, false) ? 2 : 0;
    for (; digits > 0 && is_digit(lexer->lookahead, c == 'x' || c == 'u' || c == 'U'); digits--) advance(lexer);
  }
  mark_token(scanner, lexer);
  return emit(lexer, ESCAPE_SEQUENCE);
}

static bool scan_string_piece(Scanner *scanner, TSLexer *lexer) {
  int32_t quote = scanner->string & DOUBLE_QUOTED ? '"' : '\'';
  bool triple = scanner->string & TRIPLE, one_line = !triple || scanner->string & UNCLOSED;
  bool raw = scanner->string & RAW;
  bool has_content = false;
  for (;; has_content = true) {
    lexer->mark_end(lexer);
    if (has_content) scanner->idle_count = 0;
    int32_t c = lexer->lookahead;
    if (at_end(lexer) || (one_line && is_line_end(c))) {
      // No closing quote: what there is of the string ends here.
      if (has_content) return emit(lexer, STRING_CONTENT);
      scanner->string = 0;
      return emit(lexer, STRING_END);
    }
    if (c == quote && !(scanner->string & UNCLOSED)) {
      unsigned count = 0, wanted = triple ? 3 : 1;
      for (; count < wanted && lexer->lookahead == quote; count++) advance(lexer);
      if (count < wanted) continue;
      if (has_content) return emit(lexer, STRING_CONTENT);
      mark_token(scanner, lexer);
      scanner->string = 0;
      return emit(lexer, STRING_END);
    }
    if (c == '\\') {
      if (!raw && has_content) return emit(lexer, STRING_CONTENT);
      advance(lexer);
      if (at_end(lexer)) continue;
      if (!raw) return scan_escape(scanner, lexer);
      // Of a raw string both are part, but a quote here does not end it, nor does a line end.
    }
    if (is_line_end(lexer->lookahead)) advance_line_end(lexer);
    else advance(lexer);
  }
}

// Looks for the end of a string whose opening quotes are passed; false when there is none.
static bool pass_string(TSLexer *lexer, int32_t quote, bool triple, unsigned *budget) {
  for (unsigned count = 0; !at_end(lexer) && *budget > 0; (*budget)--) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c) && !triple) return false;
    advance(lexer);
    count = c == quote ? count + 1 : 0;
    if (count == (triple ? 3 : 1)) return true;
    if (c == '\\' && !at_end(lexer)) advance(lexer);
  }
  return false;
}

// Passes a whole string, from its opening quotes.
static void pass_whole_string(TSLexer *lexer, unsigned *budget) {
  int32_t quote = lexer->lookahead;
  unsigned count = 0;
  for (; count < 3 && lexer->lookahead == quote; count++) advance(lexer);
  if (count != 2) pass_string(lexer, quote, count == 3, budget);
}

// At the opening quotes, behind a prefix.
static bool scan_string_start(Scanner *scanner, TSLexer *lexer, bool is_raw, bool is_bytes) {
  int32_t quote = lexer->lookahead;
  scanner->string = (uint8_t)(IN_STRING | (quote == '"' ? DOUBLE_QUOTED : 0) | (is_raw ? RAW : 0));
  advance(lexer);
  mark_token(scanner, lexer);
  if (lexer->lookahead == quote) {
    advance(lexer);
    if (lexer->lookahead == quote) {
      advance(lexer);
      mark_token(scanner, lexer);
      scanner->string |= TRIPLE;
      // Without an end it would take the rest of the file: then only its first line belongs to it.
      unsigned budget = UINT32_MAX;
      if (!pass_string(lexer, quote, true, &budget)) scanner->string |= UNCLOSED;
    }
  }
  return emit(lexer, is_bytes ? BYTES_START : STRING_START);
}

// --- words ---

enum { WORD_SIZE = 12 };

// Adds a word to the token; `word` gets its start, which is all of it when it is short.
static void advance_word(TSLexer *lexer, char word[WORD_SIZE]) {
  unsigned length = 0;
  for (; is_word(lexer->lookahead); advance(lexer)) {
    if (length < WORD_SIZE - 1) word[length++] = lexer->lookahead < 128 ? (char)lexer->lookahead : '?';
  }
  word[length] = 0;
}

static bool is_one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (strcmp(word, *words) == 0) return true;
  }
  return false;
}

// Words that start a statement and cannot occur in an expression.
static bool is_statement_word(const char *word) {
  static const char *const words[] = {"def", "load", "return", "pass", "break", "continue", "while", "elif", NULL};
  return is_one_of(word, words);
}

// Words that can go on with an expression in the next line.
static bool is_operator_word(const char *word) {
  static const char *const words[] = {"and", "or", "not", "in", "if", "else", "for", NULL};
  return is_one_of(word, words);
}

static bool is_string_prefix(const char *word) {
  static const char *const words[] = {"r", "b", "rb", NULL};
  return is_one_of(word, words);
}

static bool is_quote(int32_t c) { return c == '"' || c == '\''; }

// --- line ends inside brackets ---

// Looks for the end of the bracket around the text ahead. False when a statement or the file's end proves that it has none.
static bool bracket_closes(TSLexer *lexer) {
  unsigned depth = 1;
  bool line_start = false;
  for (unsigned budget = LOOKAHEAD; budget > 0; budget--) {
    int32_t c = lexer->lookahead;
    if (at_end(lexer)) return false;
    if (is_line_end(c)) {
      skip_line_end(lexer);
      line_start = true;
      continue;
    }
    if (c == ' ' || c == '\t') {
      skip(lexer);
      continue;
    }
    if (c == '#') {
      skip_to_line_end(lexer);
    } else if (is_quote(c)) {
      pass_whole_string(lexer, &budget);
      if (budget == 0) return true;
    } else if (is_word_start(c)) {
      char word[WORD_SIZE];
      advance_word(lexer, word);
      if (line_start && is_statement_word(word)) return false;
    } else {
      if (c == '(' || c == '[' || c == '{') depth++;
      if ((c == ')' || c == ']' || c == '}') && --depth == 0) return true;
      skip(lexer);
    }
    line_start = false;
  }
  return true;
}

// True when the line ends with a `:` that is in no bracket, as the head of a compound statement does.
static bool line_ends_with_colon(TSLexer *lexer) {
  unsigned depth = 0;
  bool colon = false;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (at_end(lexer) || is_line_end(c) || c == '#') return colon && depth == 0;
    if (is_word_start(c)) {
      char word[WORD_SIZE];
      advance_word(lexer, word);
      if (strcmp(word, "lambda") == 0) return false;
      colon = false;
    } else if (is_quote(c)) {
      unsigned budget = LOOKAHEAD;
      pass_whole_string(lexer, &budget);
      colon = false;
    } else {
      if (c == '(' || c == '[' || c == '{') depth++;
      if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return false;
      if (c != ' ' && c != '\t') colon = c == ':';
      skip(lexer);
    }
  }
}

// Behind the first word of a line inside brackets: can this line only be a new statement? `operand_due` tells that an
// operand may stand here, `column` is the line's indentation, `outer` that of the statement with the brackets.
static bool ends_statement(
    const Scanner *scanner, TSLexer *lexer, const char *word, bool operand_due, unsigned column, unsigned outer) {
  if (is_statement_word(word)) return true;
  if (column > outer) return false;
  if (strcmp(word, "if") == 0 || strcmp(word, "for") == 0) return line_ends_with_colon(lexer);
  if (is_operator_word(word)) return false;
  if (!operand_due) return true;
  // The word may be the operand. It starts a statement only if it looks like one, and then if the bracket is never closed.
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t') skip(lexer);
  if (lexer->lookahead == '=') {
    skip(lexer);
    if (lexer->lookahead == '=') return false;
    if (scanner->brackets[scanner->bracket_count - 1] != '(') return true;
  } else if (lexer->lookahead != '(' && lexer->lookahead != '.') {
    return false;
  }
  return !bracket_closes(lexer);
}

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
  if (scanner->indent_count < MAX_INDENTS) scanner->indents[scanner->indent_count++] = (uint16_t)(column | flag);
}

enum LineStart { TOKEN, COMMENT, STATEMENT };

// At the start of a line where a statement, a block or the end of one is due. Returns TOKEN, or that a comment is to be read
// first, or that the lexer stands at a statement.
static enum LineStart scan_line_start(Scanner *scanner, TSLexer *lexer, const bool *valid, bool in_error) {
  bool after_comment = false;
  unsigned column;
  for (;;) {
    column = skip_indentation(lexer);
    if (lexer->lookahead == '#') {
      // A comment belongs to the block that it is indented like, whatever follows.
      if (!after_comment && column >= current_indent(scanner) && !valid[INDENT]) return COMMENT;
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
    skip_line_end(lexer);
    mark_token(scanner, lexer);
    scanner->closing = false;
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
    bool operand_due = in_error || valid[MISSING_EXPRESSION];
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
  bool line_start = line_due && lexer->get_column(lexer) == 0;
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
