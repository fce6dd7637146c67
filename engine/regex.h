/* SPDX-License-Identifier: ISC */
/*
 * Regular expressions of policies: PCRE2 in UTF mode, matched against the whole text, with bounded
 * steps, depth, memory and length. A control character (C0, 0x7f, C1) is matched only where the
 * pattern writes it outside of a class (\n, \t, \x1b, or the character itself), never by ".", a
 * class, a negated class or a shorthand such as \s, whatever the flags. That holds because every
 * such atom is compiled so that it refuses control characters (regex_guard.c).
 *
 * An atom inside a lookahead does not see past a control character either: with (?!.*root)(\w|\n)*
 * the author who lets newlines in must write (?!(.|\n)*root) to look beyond them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "truth.h"

struct writ_regex;
struct writ_arena;
struct writ_error;

/* Longest subject, in bytes; longer ones are unsure. */
#define WRIT_REGEX_SUBJECT_MAX (64 * 1024)

/* Compiles a pattern. NULL with err->message (PCRE2's own words and offset) if it does not compile
 * or uses what cannot be bounded or guarded, or what nobody should have to audit in a policy: \C,
 * \K, \X, callouts, (*VERBS), recursion, conditionals, (?x), (?J), \Q in a class. _free(NULL) is
 * fine. */
struct writ_regex *writ_regex_new(const char *pattern, struct writ_error *err);
void writ_regex_free(struct writ_regex *regex);

/* The same, freed with the arena. */
struct writ_regex *writ_regex_new_in(struct writ_arena *arena, const char *pattern,
				     struct writ_error *err);

/* Whether the whole text matches. people: "." also takes tab and newline (values of type text,
 * words of a COMMAND operand). UNSURE: out of steps, invalid UTF-8, too long, no memory. One regex
 * is not for two threads at once: it holds its own scratch memory. */
enum writ_truth writ_regex_match(const struct writ_regex *regex, const char *text, size_t length,
				 bool people);
