/* SPDX-License-Identifier: ISC */
/*
 * Globs of policies: * and ?, [a-z], [!a-z], backslash; over the whole text, case-sensitive, by
 * characters (code points). No wildcard and no bracket matches "/". In the worst case a match takes
 * time in proportion to the length of the pattern times that of the text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "truth.h"

struct writ_error;

/* 0, or -1 with err->message if the pattern is malformed ("[" without "]", a final backslash, a
 * range backwards, "[^", "[:alpha:]") or holds a control character, which no glob can match. */
int writ_glob_check(const char *pattern, struct writ_error *err);

/* Whether the whole text matches a pattern that writ_glob_check accepts. A text with a control
 * character (C0, 0x7f, C1), or one that is not UTF-8, matches no glob. */
bool writ_glob_match(const char *pattern, const char *text);

/* The same for one name of a resolved path, length bytes, which an attacker may have chosen. UNSURE
 * if it matches only when control characters and invalid bytes are taken for ordinary characters,
 * so that such a name neither fits an allow rule nor evades a deny rule. */
enum writ_truth writ_glob_match_name(const char *pattern, size_t pattern_length, const char *name,
				     size_t length);

/* Whether the string holds any glob character. */
bool writ_glob_is_pattern(const char *s);
