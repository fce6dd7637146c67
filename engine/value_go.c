/* SPDX-License-Identifier: ISC */
/*
 * Numbers and booleans as Go's strconv reads them (ParseInt and ParseUint with base 0, ParseBool):
 * what programs on pflag and on Go's flag package do with their integer and boolean options.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool writ_go_underscores(const char *s, size_t length)
{
	char before = '^'; /* '0': a digit or a base's prefix; '_'; '!': anything else */
	bool hex = false;
	size_t i = 0;

	if (length > 0 && (s[0] == '-' || s[0] == '+'))
		i = 1;
	if (length - i >= 2 && s[i] == '0' && strchr("box", lower(s[i + 1]))) {
		hex = lower(s[i + 1]) == 'x';
		before = '0';
		i += 2;
	}
	for (; i < length; i++) {
		char c = lower(s[i]);

		if (is_digit(c) || (hex && c >= 'a' && c <= 'f')) {
			before = '0';
		} else if (c == '_') {
			if (before != '0')
				return false;
			before = '_';
		} else {
			if (before == '_')
				return false;
			before = '!';
		}
	}
	return before != '_';
}

/* The base that a prefix names, moving *s behind it; a leading 0 alone is octal. */
static unsigned take_base(const char **s)
{
	const char *p = *s;

	if (p[0] != '0')
		return 10;
	if (p[1] && p[2] && strchr("box", lower(p[1]))) {
		*s += 2;
		return lower(p[1]) == 'b' ? 2 : lower(p[1]) == 'o' ? 8 : 16;
	}
	*s += 1;
	return 8;
}

int writ_go_uint(const char *text, uint64_t *ret)
{
	const char *s = text;
	unsigned base;
	uint64_t n = 0;
	bool underscores = false;

	if (!*s)
		return -1;
	base = take_base(&s);
	for (; *s; s++) {
		char c = lower(*s);
		unsigned digit;

		if (c == '_') {
			underscores = true;
			continue;
		}
		if (is_digit(c))
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'z')
			digit = (unsigned)(c - 'a') + 10;
		else
			return -1;
		if (digit >= base || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return -1;
	}
	if (underscores && !writ_go_underscores(text, strlen(text)))
		return -1;
	*ret = n;
	return 0;
}

int writ_go_int(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	uint64_t n;

	if (writ_go_uint(text + (negative || *text == '+'), &n) < 0)
		return -1;
	if (n > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return -1;
	*ret = negative ? (int64_t)(0 - n) : (int64_t)n;
	return 0;
}

int writ_go_bool(const char *text, bool *ret)
{
	static const char *const words[] = {"1", "t", "T", "TRUE",  "true",  "True",
					    "0", "f", "F", "FALSE", "false", "False"};
	static const size_t n = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret = i < n / 2;
			return 0;
		}
	}
	return -1;
}

/* The number as people write it: the text itself where it is written so already. */
static int set_number(struct writ_arena *arena, struct writ_value *value, bool negative,
		      uint64_t magnitude)
{
	char digits[24], *p = digits + sizeof(digits) - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude > 0);
	if (negative)
		*--p = '-';
	if (strcmp(p, value->text) != 0)
		value->normal = writ_arena_strdup(arena, p);
	return value->normal ? 0 : -1;
}

static int read_int(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	int64_t n;

	if (writ_go_int(value->text, &n) < 0)
		return writ_value_fail(arena, value, err, "is no integer");
	value->number.integer = n;
	if (set_number(arena, value, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_int = {
	.name = "int",
	.kind = WRIT_VALUE_INT,
	.read = read_int,
};

/* No sign at all; what does not fit the signed number that matchers compare is refused. */
static int read_uint(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	uint64_t n;

	if (writ_go_uint(value->text, &n) < 0 || n > INT64_MAX)
		return writ_value_fail(arena, value, err, "is no integer from 0");
	value->number.integer = (int64_t)n;
	if (set_number(arena, value, false, n) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_uint = {
	.name = "uint",
	.kind = WRIT_VALUE_INT,
	.read = read_uint,
};

static int read_bool(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (writ_go_bool(value->text, &value->number.boolean) < 0)
		return writ_value_fail(arena, value, err, "is neither true nor false");
	value->normal = value->number.boolean ? "true" : "false";
	return 0;
}

const struct writ_value_type writ_type_bool = {
	.name = "bool",
	.kind = WRIT_VALUE_BOOL,
	.read = read_bool,
};

char *writ_go_lower(struct writ_arena *arena, const char *text)
{
	char *copy = writ_arena_strdup(arena, text), *out = copy;

	if (!copy)
		return NULL;
	for (const char *p = text; *p; p++) {
		/* The only two other characters whose lower case is ASCII: İ and the Kelvin sign.
		 */
		if (strncmp(p, "\xc4\xb0", 2) == 0) {
			*out++ = 'i';
			p += 1;
		} else if (strncmp(p, "\xe2\x84\xaa", 3) == 0) {
			*out++ = 'k';
			p += 2;
		} else if ((unsigned char)*p >= 0x80) {
			return NULL;
		} else {
			*out++ = lower(*p);
		}
	}
	*out = '\0';
	return copy;
}
