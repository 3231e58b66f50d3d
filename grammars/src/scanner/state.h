// What the scanner knows between tokens, how that is stored, and characters.

#ifndef STARLARK_SCANNER_STATE_H_
#define STARLARK_SCANNER_STATE_H_

#include "../tree_sitter/alloc.h"
#include "../tree_sitter/parser.h"

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
  STRING_BITS = 31,
};

// Other bits that are stored in the same byte.
enum { AFTER_RETURN = 64, CLOSING = 128 };

enum {
  // The Go implementation refuses deeper nesting. What is serialized must fit into 1,024 bytes, which limits blocks further
  // when each is indented differently.
  MAX_BRACKETS = 1000,
  MAX_INDENTS = 1100,
  MAX_INDENT_BYTES = 1024 - 9 - MAX_BRACKETS / 4,
  MAX_IDLE = 4000,
  // How many tokens to pass to find the bracket that would close an open one: most files have fewer.
  LOOKAHEAD = 1000000,
  // How many lines of comments to pass to see whether a block ends behind them.
  MAX_COMMENTS = 100,
  MAX_COLUMN = 0x7fff,
  // Lines indented without reason: their column is remembered, but no INDENT came and no DEDENT will.
  VIRTUAL = 0x8000,
};

typedef struct {
  uint8_t string;
  // Closing all open brackets, one token after the other.
  bool closing;
  // The last line end was a `\r` alone, which the lexer does not count as one: its column is that of the line before.
  bool after_return;
  // Tokens of no width that came in a row.
  uint16_t idle_count;
  uint16_t bracket_count;
  // So many brackets, from the outermost on, were seen to be closed; it need not be looked for again.
  uint16_t closed_count;
  uint16_t indent_count;
  // Columns of the enclosing blocks, the module's 0 left out; those of blocks that are none carry VIRTUAL.
  uint16_t indents[MAX_INDENTS];
  // '(', '[' or '{'.
  char brackets[MAX_BRACKETS];
} Scanner;

void *tree_sitter_starlark_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_starlark_external_scanner_destroy(void *payload) { ts_free(payload); }

// --- storing ---

// A number, 7 bits in a byte, the lowest first.
static unsigned write_number(unsigned number, char *buffer) {
  unsigned size = 0;
  for (; number > 127; number >>= 7) buffer[size++] = (char)(number | 128);
  buffer[size++] = (char)number;
  return size;
}

static unsigned read_number(const uint8_t *bytes, unsigned *at) {
  unsigned number = 0, shift = 0;
  for (; bytes[*at] & 128; shift += 7) number |= (unsigned)(bytes[(*at)++] & 127) << shift;
  return number | (unsigned)bytes[(*at)++] << shift;
}

// By how much a block is indented more than the one around it, and whether it is VIRTUAL.
static unsigned indent_step(const Scanner *scanner, unsigned i) {
  unsigned outer = i == 0 ? 0 : scanner->indents[i - 1] & MAX_COLUMN;
  unsigned column = scanner->indents[i] & MAX_COLUMN;
  return (column - outer) << 1 | (scanner->indents[i] & VIRTUAL ? 1 : 0);
}

// The indents as steps, each with how often it comes in a row. Blocks of the same step, as most are, cost almost nothing.
static unsigned write_indents(const Scanner *scanner, char *buffer) {
  unsigned size = 0;
  for (unsigned i = 0; i < scanner->indent_count;) {
    unsigned step = indent_step(scanner, i), count = 1;
    while (i + count < scanner->indent_count && indent_step(scanner, i + count) == step) count++;
    size += write_number(step, buffer + size);
    size += write_number(count, buffer + size);
    i += count;
  }
  return size;
}

static void read_indents(Scanner *scanner, const uint8_t *bytes, unsigned *at) {
  unsigned column = 0;
  for (unsigned i = 0; i < scanner->indent_count;) {
    unsigned step = read_number(bytes, at);
    for (unsigned count = read_number(bytes, at); count > 0; count--) {
      column += step >> 1;
      scanner->indents[i++] = (uint16_t)(column | (step & 1 ? VIRTUAL : 0));
    }
  }
}

// Bytes: flags, idle count, bracket count, closed count, indent count, indents, brackets (4 in a byte).
unsigned tree_sitter_starlark_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  unsigned size = 0;
  buffer[size++] = (char)(scanner->string | (scanner->after_return ? AFTER_RETURN : 0) | (scanner->closing ? CLOSING : 0));
  buffer[size++] = (char)(scanner->idle_count & 255);
  buffer[size++] = (char)(scanner->idle_count >> 8);
  buffer[size++] = (char)(scanner->bracket_count & 255);
  buffer[size++] = (char)(scanner->bracket_count >> 8);
  // Of brackets that are not open any more nothing is to be known: a statement's state is that of the one before.
  unsigned closed = scanner->closed_count < scanner->bracket_count ? scanner->closed_count : scanner->bracket_count;
  buffer[size++] = (char)(closed & 255);
  buffer[size++] = (char)(closed >> 8);
  buffer[size++] = (char)(scanner->indent_count & 255);
  buffer[size++] = (char)(scanner->indent_count >> 8);
  size += write_indents(scanner, buffer + size);
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
  scanner->after_return = false;
  scanner->idle_count = 0;
  scanner->bracket_count = 0;
  scanner->closed_count = 0;
  scanner->indent_count = 0;
  if (length == 0) return;
  const uint8_t *bytes = (const uint8_t *)buffer;
  scanner->string = bytes[0] & STRING_BITS;
  scanner->after_return = (bytes[0] & AFTER_RETURN) != 0;
  scanner->closing = (bytes[0] & CLOSING) != 0;
  scanner->idle_count = (uint16_t)(bytes[1] | bytes[2] << 8);
  scanner->bracket_count = (uint16_t)(bytes[3] | bytes[4] << 8);
  scanner->closed_count = (uint16_t)(bytes[5] | bytes[6] << 8);
  scanner->indent_count = (uint16_t)(bytes[7] | bytes[8] << 8);
  unsigned at = 9;
  read_indents(scanner, bytes, &at);
  for (unsigned i = 0; i < scanner->bracket_count; i++) {
    scanner->brackets[i] = "([{"[bytes[at + i / 4] >> (2 * (i % 4)) & 3];
  }
}

// --- characters ---

static bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }

// A NUL is one of a string: elsewhere it ends the file, and what follows is not handed over.
static bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

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
  scanner->after_return = false;
}

static bool emit(TSLexer *lexer, enum TokenType type) {
  lexer->result_symbol = type;
  return true;
}

#endif
