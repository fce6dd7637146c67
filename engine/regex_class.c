/* SPDX-License-Identifier: ISC */
/* Character classes of a pattern: "[…]". Only what they hold is looked at, nothing around them. */
#include "regex_scan.h"

#include <ctype.h>
#include <string.h>

#include "cleanup.h"

/* What a class holds, while it is being read. */
struct class
{
	const char *start, *body; /* "[" and the first character after "[" or "[^" */
	bool negated;
	bool open; /* it could hold a control character, or this file cannot tell */
};

/* "[:alpha:]" at s->at. */
static int posix_class(struct writ_regex_scan *s, struct class *class)
{
	static const char *const plain[] = {"alnum", "alpha", "digit", "graph", "lower",
					    "print", "punct", "upper", "word",  "xdigit"};
	const char *name = s->at + 2;
	size_t length = strspn(name, "^abcdefghijklmnopqrstuvwxyz");
	bool known = false;

	if (s->at[1] != ':' || name[length] != ':' || name[length + 1] != ']')
		return writ_regex_refuse(s, s->at, "in a class, write \\[ for the character [");
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		known |= strlen(plain[i]) == length && memcmp(plain[i], name, length) == 0;
	class->open |= !known; /* [:space:], [:cntrl:], [:^alpha:] */
	s->at = name + length + 2;
	return 0;
}

static int class_escape(struct writ_regex_scan *s, struct class *class)
{
	char c = s->at[1];

	if (c == '\0' || c == 'Q' || c == 'E')
		return writ_regex_refuse(s, s->at,
					 "\\Q and \\E in a class are not supported in policies,");
	/* In a class "\n" is a member as any other: it never matches. */
	if (isalnum((unsigned char)c) && c != 'd' && c != 'w')
		class->open = true;
	if (c == 'c') {
		if (!s->at[2])
			return writ_regex_refuse(s, s->at, "malformed \\c");
		s->at += 3;
	} else if ((c == 'x' || c == 'o' || c == 'N') && s->at[2] == '{') {
		const char *end = strchr(s->at, '}');

		if (!end)
			return writ_regex_refuse(s, s->at, "malformed escape");
		s->at = end + 1;
	} else if (c == 'p' || c == 'P') {
		size_t length = writ_regex_property_length(s->at);

		if (length == 0)
			return writ_regex_refuse(s, s->at, "malformed \\p");
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
static int read_class(struct writ_regex_scan *s, struct class *class)
{
	*class = (struct class) {.start = s->at};
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
			return writ_regex_refuse(s, class->start, "unterminated class");
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

int writ_regex_class(struct writ_regex_scan *s)
{
	struct class class;

	if (read_class(s, &class) < 0)
		return -1;
	if (class.negated) {
		s->found.needed = true;
		writ_regex_emit_string(s, "[^" WRIT_CONTROLS);
		/* What was a member because it came first must stay one. */
		if (*class.body == ']' || *class.body == '-')
			writ_regex_emit_string(s, "\\");
		writ_regex_emit(s, class.body, (size_t)(s->at - class.body));
		return 0;
	}
	if (class.open) {
		s->found.needed = true;
		writ_regex_emit_string(s, WRIT_GUARD);
		writ_regex_emit(s, class.start, (size_t)(s->at - class.start));
		writ_regex_emit_string(s, ")");
	} else {
		writ_regex_emit(s, class.start, (size_t)(s->at - class.start));
	}
	return 0;
}
