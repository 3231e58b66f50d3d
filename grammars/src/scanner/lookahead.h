// Looks at the line after a line end inside brackets: can it only be a new statement?

#ifndef STARLARK_SCANNER_LOOKAHEAD_H_
#define STARLARK_SCANNER_LOOKAHEAD_H_

#include "strings.h"

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
    Scanner *scanner, TSLexer *lexer, const char *word, bool operand_due, unsigned column, unsigned outer) {
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
  if (scanner->closed_count >= scanner->bracket_count) return false;
  if (!bracket_closes(lexer)) return true;
  scanner->closed_count = scanner->bracket_count;
  return false;
}

#endif
