/* SPDX-License-Identifier: ISC */
/*
 * The pattern is the administrator's, so this guards against mistakes and surprises, not malice; but
 * what it lets through decides what a subject's bytes can match. Hence a list of what is known, and an
 * error for all else: no construct is copied that this file does not understand.
 *
 *   .  \N  \D \W \S \H \V  \P{…}  [^…]   become negated classes that also exclude control characters
 *   \s \h \v \R \p{…}  and classes that could hold one   stand behind a lookahead that refuses them
 *   \d \w, classes of plain characters, escapes, literals   stand as they are
 */
#include "regex_guard.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"

/* All control characters, and all but tab and newline, as members of a class. */
#define CONTROLS "\\x{0}-\\x{1f}\\x{7f}-\\x{9f}"
#define CONTROLS_OF_PEOPLE "\\x{0}-\\x{8}\\x{b}-\\x{1f}\\x{7f}-\\x{9f}"
#define GUARD "(?:(?![" CONTROLS "])"

struct scanner {
	const char *start, *at;
	char *out; /* what is written, out_used of out_size bytes; NULL: the pattern is only checked */
	size_t out_used, out_size;
	bool failed; /* no memory */
	bool people;
	struct writ_guard found;
	struct writ_error *err;
};

static int refuse(const struct scanner *s, const char *where, const char *what)
{
	return writ_error_set(s->err, "%s at offset %zu", what, (size_t)(where - s->start));
}

static int refuse_escape(const struct scanner *s)
{
	return writ_error_set(s->err, "\\%c is not supported in policies, at offset %zu", s->at[1],
			      (size_t)(s->at - s->start));
}

static bool reserve(struct scanner *s, size_t length)
{
	size_t size = s->out_size;
	char *out;

	if (s->failed || length > SIZE_MAX / 4 - s->out_used)
		return false;
	while (size - s->out_used < length)
		size *= 2;
	if (size == s->out_size)
		return true;
	out = realloc(s->out, size);
	if (!out)
		return false;
	s->out = out;
	s->out_size = size;
	return true;
}

static void emit(struct scanner *s, const char *from, size_t length)
{
	if (!s->out)
		return;
	if (!reserve(s, length)) {
		s->failed = true;
		return;
	}
	memcpy(s->out + s->out_used, from, length);
	s->out_used += length;
}

static void emit_string(struct scanner *s, const char *text)
{
	emit(s, text, strlen(text));
}

/* Copies length bytes of the pattern as they are. */
static int copy(struct scanner *s, size_t length)
{
	emit(s, s->at, length);
	s->at += length;
	return 0;
}

/* Copies up to and including the first end at or after skip bytes. */
static int copy_to(struct scanner *s, size_t skip, char end)
{
	const char *last = strchr(s->at + skip, end);

	if (!last)
		return refuse(s, s->at, "unterminated group, name or number");
	return copy(s, (size_t)(last - s->at) + 1);
}

/* The next length bytes behind the guard. */
static int copy_guarded(struct scanner *s, size_t length)
{
	s->found.needed = true;
	emit_string(s, GUARD);
	copy(s, length);
	emit_string(s, ")");
	return 0;
}

static int rewrite_dot(struct scanner *s)
{
	s->found.needed = s->found.dots = true;
	s->at++;
	emit_string(s, s->people ? "[^" CONTROLS_OF_PEOPLE "]" : "[^" CONTROLS "]");
	return 0;
}

/* "\S" is everything but \s: a negated class of the opposite and of the control characters. */
static int rewrite_negated(struct scanner *s, size_t skip, const char *opposite, size_t length)
{
	s->found.needed = true;
	emit_string(s, "[^");
	emit(s, opposite, length);
	emit_string(s, CONTROLS "]");
	s->at += skip;
	return 0;
}

/* Length of "\p{…}" or "\pL" at p. */
static size_t property_length(const char *p)
{
	if (p[2] == '{') {
		const char *end = strchr(p, '}');

		return end ? (size_t)(end - p) + 1 : 0;
	}
	return p[2] ? 3 : 0;
}

static int property(struct scanner *s)
{
	size_t length = property_length(s->at);
	char opposite[64];

	if (length == 0 || length >= sizeof(opposite))
		return refuse(s, s->at, "malformed \\p");
	if (s->at[1] == 'p')
		return copy_guarded(s, length);
	memcpy(opposite, s->at, length);
	opposite[1] = 'p';
	return rewrite_negated(s, length, opposite, length);
}

/* Characters from \Q to \E stand for themselves. */
static int quoted(struct scanner *s)
{
	const char *end = strstr(s->at + 2, "\\E");

	return copy(s, end ? (size_t)(end - s->at) + 2 : strlen(s->at));
}

/* \k and \g: back references only; \g<name> and \g'name' would call a group. */
static int reference(struct scanner *s)
{
	char open = s->at[2];

	if (s->at[1] == 'g' && (open == '<' || open == '\''))
		return refuse(s, s->at, "subroutine calls are not supported in policies,");
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

static int escape(struct scanner *s)
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
		return s->at[2] ? copy(s, 3) : refuse(s, s->at, "malformed \\c");
	case '\0':
		return refuse(s, s->at, "\\ at the end");
	default:
		break;
	}
	/* \d and \w hold no control character; digits are back references or explicit characters. */
	if (strchr("dwabefnrtABGZz0123456789", c) || ((unsigned char)c < 0x80 && !isalnum(c)) ||
	    (unsigned char)c >= 0x80)
		return copy(s, 2);
	return refuse_escape(s);
}

/* "(?imsnU-…)" and "(?imsnU-…:": at points at "(?". */
static int flags(struct scanner *s)
{
	const char *end = s->at + 2 + strspn(s->at + 2, "^imsnU-");

	if (*end != ')' && *end != ':')
		return refuse(s, s->at, "this kind of group or flag is not supported in policies,");
	return copy(s, (size_t)(end - s->at) + 1);
}

static int group(struct scanner *s)
{
	const char *p = s->at;

	if (p[1] == '*')
		return refuse(s, p, "(*…) is not supported in policies,");
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
		return refuse(s, p, "subroutine calls are not supported in policies,");
	case '<':
		if (p[3] == '=' || p[3] == '!')
			return copy(s, 4);
		if (p[3] == '*')
			return refuse(s, p, "this kind of group is not supported in policies,");
		return copy_to(s, 3, '>');
	default:
		/* "(?-1)" is a call, "(?-i)" a flag: flags() takes no digit. */
		return flags(s);
	}
}

/* What a class holds, while it is being read. */
struct class {
	const char *start, *body; /* "[" and the first character after "[" or "[^" */
	bool negated;
	bool open; /* it could hold a control character, or this file cannot tell */
};

/* "[:alpha:]" at s->at. */
static int posix_class(struct scanner *s, struct class *class)
{
	static const char *const plain[] = {"alnum", "alpha", "digit", "graph", "lower",
					    "print", "punct", "upper", "word",  "xdigit"};
	const char *name = s->at + 2;
	size_t length = strspn(name, "^abcdefghijklmnopqrstuvwxyz");
	bool known = false;

	if (s->at[1] != ':' || name[length] != ':' || name[length + 1] != ']')
		return refuse(s, s->at, "in a class, write \\[ for the character [");
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		known |= strlen(plain[i]) == length && memcmp(plain[i], name, length) == 0;
	class->open |= !known; /* [:space:], [:cntrl:], [:^alpha:] */
	s->at = name + length + 2;
	return 0;
}

static int class_escape(struct scanner *s, struct class *class)
{
	char c = s->at[1];

	if (c == '\0' || c == 'Q' || c == 'E')
		return refuse(s, s->at, "\\Q and \\E in a class are not supported in policies,");
	/* In a class "\n" is a member as any other: it never matches. */
	if (isalnum((unsigned char)c) && c != 'd' && c != 'w')
		class->open = true;
	if (c == 'c') {
		if (!s->at[2])
			return refuse(s, s->at, "malformed \\c");
		s->at += 3;
	} else if ((c == 'x' || c == 'o' || c == 'N') && s->at[2] == '{') {
		const char *end = strchr(s->at, '}');

		if (!end)
			return refuse(s, s->at, "malformed escape");
		s->at = end + 1;
	} else if (c == 'p' || c == 'P') {
		size_t length = property_length(s->at);

		if (length == 0)
			return refuse(s, s->at, "malformed \\p");
		s->at += length;
	} else {
		s->at += 2;
	}
	return 0;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f;
}

/* Reads a class to its end without writing anything. */
static int read_class(struct scanner *s, struct class *class)
{
	*class = (struct class){.start = s->at};
	s->at++;
	if (*s->at == '^') {
		class->negated = true;
		s->at++;
	}
	class->body = s->at;
	if (*s->at == ']') /* the first one is a member */
		s->at++;
	while (*s->at != ']') {
		if (*s->at == '\0')
			return refuse(s, class->start, "unterminated class");
		if (*s->at == '\\') {
			if (class_escape(s, class) < 0)
				return -1;
		} else if (*s->at == '[' && s->at[1] && strchr(":.=", s->at[1])) {
			if (posix_class(s, class) < 0)
				return -1;
		} else {
			/* A range between two plain characters holds only plain ones; the ends of a
			 * range that are not plain make the class open by themselves. */
			class->open |= !is_plain(*s->at);
			s->at++;
		}
	}
	s->at++;
	return 0;
}

static int class(struct scanner *s)
{
	struct class class;

	if (read_class(s, &class) < 0)
		return -1;
	if (class.negated) {
		s->found.needed = true;
		emit_string(s, "[^" CONTROLS);
		/* What was a member because it came first must stay one. */
		if (*class.body == ']' || *class.body == '-')
			emit_string(s, "\\");
		emit(s, class.body, (size_t)(s->at - class.body));
		return 0;
	}
	if (class.open) {
		s->found.needed = true;
		emit_string(s, GUARD);
		emit(s, class.start, (size_t)(s->at - class.start));
		emit_string(s, ")");
	} else {
		emit(s, class.start, (size_t)(s->at - class.start));
	}
	return 0;
}

static int scan(struct scanner *s)
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
			r = class(s);
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
	struct scanner s = {.start = pattern, .at = pattern, .err = err};

	if (scan(&s) < 0)
		return -1;
	*ret = s.found;
	return 0;
}

char *writ_regex_guard_rewrite(const char *pattern, bool people)
{
	struct scanner s = {.start = pattern, .at = pattern, .people = people, .out_size = 256};

	s.out = malloc(s.out_size);
	if (!s.out)
		return NULL;
	if (scan(&s) == 0) {
		emit(&s, "", 1);
		if (!s.failed)
			return s.out;
	}
	free(s.out);
	return NULL;
}
