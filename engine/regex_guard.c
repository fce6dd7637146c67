/* SPDX-License-Identifier: ISC */
/*
 * The pattern is the administrator's, so this guards against mistakes and surprises, not malice;
 * but what it lets through decides what a subject's bytes can match. Hence a list of what is known,
 * and an error for all else: no construct is copied that this file does not understand.
 *
 *   .  \N  \D \W \S \H \V  \P{…}  [^…]   become negated classes that also exclude control
 * characters \s \h \v \R \p{…}  and classes that could hold one   stand behind a lookahead that
 * refuses them \d \w, classes of plain characters, escapes, literals   stand as they are
 */
#include "regex_guard.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "regex_scan.h"

static int refuse_escape(const struct writ_regex_scan *s)
{
	return writ_error_set(s->err, "\\%c is not supported in policies, at offset %zu", s->at[1],
			      (size_t)(s->at - s->start));
}

/* Copies length bytes of the pattern as they are. */
static int copy(struct writ_regex_scan *s, size_t length)
{
	writ_regex_emit(s, s->at, length);
	s->at += length;
	return 0;
}

/* Copies up to and including the first end at or after skip bytes. */
static int copy_to(struct writ_regex_scan *s, size_t skip, char end)
{
	const char *last = strchr(s->at + skip, end);

	if (!last)
		return writ_regex_refuse(s, s->at, "unterminated group, name or number");
	return copy(s, (size_t)(last - s->at) + 1);
}

/* The next length bytes behind the guard. */
static int copy_guarded(struct writ_regex_scan *s, size_t length)
{
	s->found.needed = true;
	writ_regex_emit_string(s, WRIT_GUARD);
	copy(s, length);
	writ_regex_emit_string(s, ")");
	return 0;
}

static int rewrite_dot(struct writ_regex_scan *s)
{
	s->found.needed = s->found.dots = true;
	s->at++;
	writ_regex_emit_string(s, s->people ? "[^" WRIT_CONTROLS_OF_PEOPLE "]"
					    : "[^" WRIT_CONTROLS "]");
	return 0;
}

/* "\S" is everything but \s: a negated class of the opposite and of the control characters. */
static int rewrite_negated(struct writ_regex_scan *s, size_t skip, const char *opposite,
			   size_t length)
{
	s->found.needed = true;
	writ_regex_emit_string(s, "[^");
	writ_regex_emit(s, opposite, length);
	writ_regex_emit_string(s, WRIT_CONTROLS "]");
	s->at += skip;
	return 0;
}

static int property(struct writ_regex_scan *s)
{
	size_t length = writ_regex_property_length(s->at);
	char opposite[64];

	if (length == 0 || length >= sizeof(opposite))
		return writ_regex_refuse(s, s->at, "malformed \\p");
	if (s->at[1] == 'p')
		return copy_guarded(s, length);
	memcpy(opposite, s->at, length);
	opposite[1] = 'p';
	return rewrite_negated(s, length, opposite, length);
}

/* Characters from \Q to \E stand for themselves. */
static int quoted(struct writ_regex_scan *s)
{
	const char *end = strstr(s->at + 2, "\\E");

	return copy(s, end ? (size_t)(end - s->at) + 2 : strlen(s->at));
}

/* \k and \g: back references only; \g<name> and \g'name' would call a group. */
static int reference(struct writ_regex_scan *s)
{
	char open = s->at[2];

	if (s->at[1] == 'g' && (open == '<' || open == '\''))
		return writ_regex_refuse(s, s->at,
					 "subroutine calls are not supported in policies,");
	switch (open) {
	case '{':
		return copy_to(s, 3, '}');
	case '<':
		return copy_to(s, 3, '>');
	case '\'':
		return copy_to(s, 3, '\'');
	default:
		return copy(s, 2); /* \g1, \g-1: the number is copied as what it looks like */
	}
}

static int escape(struct writ_regex_scan *s)
{
	char c = s->at[1];

	switch (c) {
	case 'N':
		if (strncmp(s->at, "\\N{U+", 5) == 0)
			return copy_to(s, 5, '}');
		return rewrite_negated(s, 2, "", 0);
	case 'D':
		return rewrite_negated(s, 2, "\\d", 2);
	case 'W':
		return rewrite_negated(s, 2, "\\w", 2);
	case 'S':
		return rewrite_negated(s, 2, "\\s", 2);
	case 'H':
		return rewrite_negated(s, 2, "\\h", 2);
	case 'V':
		return rewrite_negated(s, 2, "\\v", 2);
	case 's':
	case 'h':
	case 'v':
	case 'R':
		return copy_guarded(s, 2);
	case 'p':
	case 'P':
		return property(s);
	case 'Q':
		return quoted(s);
	case 'g':
	case 'k':
		return reference(s);
	case 'x':
	case 'o':
		return s->at[2] == '{' ? copy_to(s, 3, '}') : copy(s, 2);
	case 'c':
		return s->at[2] ? copy(s, 3) : writ_regex_refuse(s, s->at, "malformed \\c");
	case '\0':
		return writ_regex_refuse(s, s->at, "\\ at the end");
	default:
		break;
	}
	/* \d and \w hold no control character; digits are back references or explicit characters.
	 */
	if (strchr("dwabefnrtABGZz0123456789", c) || ((unsigned char)c < 0x80 && !isalnum(c)) ||
	    (unsigned char)c >= 0x80)
		return copy(s, 2);
	return refuse_escape(s);
}

/* "(?imsnU-…)" and "(?imsnU-…:": at points at "(?". */
static int flags(struct writ_regex_scan *s)
{
	const char *end = s->at + 2 + strspn(s->at + 2, "^imsnU-");

	if (*end != ')' && *end != ':')
		return writ_regex_refuse(
			s, s->at, "this kind of group or flag is not supported in policies,");
	return copy(s, (size_t)(end - s->at) + 1);
}

static int group(struct writ_regex_scan *s)
{
	const char *p = s->at;

	if (p[1] == '*')
		return writ_regex_refuse(s, p, "(*…) is not supported in policies,");
	if (p[1] != '?')
		return copy(s, 1);
	switch (p[2]) {
	case '#':
		return copy_to(s, 3, ')');
	case ':':
	case '|':
	case '>':
	case '=':
	case '!':
		return copy(s, 3);
	case '\'':
		return copy_to(s, 3, '\'');
	case 'P':
		if (p[3] == '<')
			return copy_to(s, 4, '>');
		if (p[3] == '=')
			return copy_to(s, 4, ')');
		return writ_regex_refuse(s, p, "subroutine calls are not supported in policies,");
	case '<':
		if (p[3] == '=' || p[3] == '!')
			return copy(s, 4);
		if (p[3] == '*')
			return writ_regex_refuse(
				s, p, "this kind of group is not supported in policies,");
		return copy_to(s, 3, '>');
	default:
		/* "(?-1)" is a call, "(?-i)" a flag: flags() takes no digit. */
		return flags(s);
	}
}

static int scan(struct writ_regex_scan *s)
{
	while (*s->at) {
		int r;

		switch (*s->at) {
		case '.':
			r = rewrite_dot(s);
			break;
		case '\\':
			r = escape(s);
			break;
		case '[':
			r = writ_regex_class(s);
			break;
		case '(':
			r = group(s);
			break;
		default:
			r = copy(s, 1);
		}
		if (r < 0)
			return -1;
	}
	return 0;
}

int writ_regex_guard_check(const char *pattern, struct writ_guard *ret, struct writ_error *err)
{
	struct writ_regex_scan s = {.start = pattern, .at = pattern, .err = err};

	if (scan(&s) < 0)
		return -1;
	*ret = s.found;
	return 0;
}

char *writ_regex_guard_rewrite(const char *pattern, bool people)
{
	struct writ_regex_scan s = {
		.start = pattern, .at = pattern, .people = people, .out_size = 256};

	s.out = malloc(s.out_size);
	if (!s.out)
		return NULL;
	if (scan(&s) == 0) {
		writ_regex_emit(&s, "", 1);
		if (!s.failed)
			return s.out;
	}
	free(s.out);
	return NULL;
}
