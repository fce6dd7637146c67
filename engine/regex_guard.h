/* SPDX-License-Identifier: ISC */
/*
 * Rewrites a pattern so that nothing but an explicit control character matches a control character.
 * Only regex.c includes this. Patterns must be such as PCRE2 compiles: only valid syntax is told
 * apart.
 */
#pragma once

#include <stdbool.h>

struct writ_error;

/* What a pattern needs. */
struct writ_guard {
	bool needed; /* it must be rewritten */
	bool dots;   /* it is another one for people's words, where "." takes tab and newline */
};

/* 0, or -1 with err->message for what policies may not use. */
int writ_regex_guard_check(const char *pattern, struct writ_guard *ret, struct writ_error *err);

/* The rewritten pattern, the caller's (free); NULL without memory or where _check fails. */
char *writ_regex_guard_rewrite(const char *pattern, bool people);
