// Strings: their pieces as tokens, and passing over them when looking ahead.

#ifndef STARLARK_SCANNER_STRINGS_H_
#define STARLARK_SCANNER_STRINGS_H_

#include "state.h"

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

#endif
