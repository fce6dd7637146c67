/* SPDX-License-Identifier: ISC */
/*
 * Sizes as docker's go-units RAMInBytes reads them: a number that Go's ParseFloat takes, at most
 * one blank, and b, or k m g t p with b or ib, in any case; units are powers of 1024, fractions are
 * cut off. Older clients take fewer spellings, and a few (5i) that newer ones refuse: those are
 * refused here.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "value_types.h"

/* Longest number; nobody writes a size in more digits. */
#define NUMBER_MAX 64

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit_of(char c, bool hex)
{
	return is_digit(c) || (hex && lower(c) >= 'a' && lower(c) <= 'f');
}

/* The end of digits and underscores, counting the digits. */
static const char *skip_digits(const char *p, const char *end, bool hex, size_t *count)
{
	for (; p < end && (*p == '_' || is_digit_of(*p, hex)); p++)
		if (*p != '_')
			(*count)++;
	return p;
}

/* Whether [s, end) is a number by the grammar of ParseFloat; "inf" and "nan" are none here. */
static bool is_float(const char *s, const char *end)
{
	const char *p = s;
	size_t digits = 0, power = 0;
	bool hex;

	if (p < end && (*p == '+' || *p == '-'))
		p++;
	hex = end - p > 2 && p[0] == '0' && lower(p[1]) == 'x';
	p = skip_digits(hex ? p + 2 : p, end, hex, &digits);
	if (p < end && *p == '.')
		p = skip_digits(p + 1, end, hex, &digits);
	if (digits == 0)
		return false;
	if (p < end && lower(*p) == (hex ? 'p' : 'e')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if (p >= end || !is_digit(*p))
			return false;
		p = skip_digits(p, end, false, &power);
	} else if (hex) {
		return false; /* a hexadecimal number needs its exponent */
	}
	return p == end;
}

/* ParseFloat of [s, end). The locale of the process, sudo's, has no say. */
static int parse_float(const char *s, const char *end, double *ret)
{
	char number[NUMBER_MAX + 1];
	size_t n = 0;
	locale_t c;

	if (end - s > NUMBER_MAX || !is_float(s, end))
		return -1;
	if (memchr(s, '_', (size_t)(end - s)) && !writ_go_underscores(s, (size_t)(end - s)))
		return -1;
	for (; s < end; s++)
		if (*s != '_')
			number[n++] = *s;
	number[n] = '\0';
	c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!c)
		return -1;
	*ret = strtod_l(number, NULL, c);
	freelocale(c);
	return isfinite(*ret) ? 0 : -1;
}

/* The power of two that a suffix stands for. */
static int parse_suffix(const char *suffix, int *ret)
{
	static const char units[] = "kmgtp";
	const char *unit;

	*ret = 0;
	if (!*suffix || (lower(*suffix) == 'b' && !suffix[1]))
		return 0;
	unit = strchr(units, lower(*suffix));
	if (!unit)
		return -1;
	*ret = 10 * (int)(unit - units + 1);
	suffix++;
	if (lower(*suffix) == 'i') {
		if (lower(*++suffix) != 'b')
			return -1;
	}
	if (lower(*suffix) == 'b')
		suffix++;
	return *suffix ? -1 : 0;
}

int writ_go_bytes(const char *text, int64_t *ret)
{
	const char *last = NULL, *end;
	double number;
	int power;

	for (const char *p = text; *p; p++)
		if (is_digit(*p) || *p == '.' || *p == ' ')
			last = p;
	if (!last)
		return -1;
	end = *last == ' ' ? last : last + 1;
	if (parse_float(text, end, &number) < 0 || number < 0 || parse_suffix(last + 1, &power) < 0)
		return -1;
	number = ldexp(number, power);
	if (!(number < 0x1p63))
		return -1; /* docker would send a negative size */
	*ret = (int64_t)number;
	return 0;
}

static int read_bytes(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (writ_go_bytes(value->text, &value->number.integer) < 0)
		return writ_value_fail(arena, value, err, "is no size (such as 512m or 2g)");
	return 0;
}

const struct writ_value_type writ_type_bytes = {
	.name = "bytes",
	.kind = WRIT_VALUE_SIZE,
	.read = read_bytes,
	.bound = writ_go_bytes,
};

/* --memory-swap: a size, or exactly -1 for no limit. */
static int parse_swap(const char *text, int64_t *ret)
{
	if (strcmp(text, "-1") == 0) {
		*ret = INT64_MAX;
		return 0;
	}
	return writ_go_bytes(text, ret);
}

static int read_swap(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (parse_swap(value->text, &value->number.integer) < 0)
		return writ_value_fail(arena, value, err, "is neither a size nor -1");
	return 0;
}

const struct writ_value_type writ_type_docker_memory_swap = {
	.name = "docker.memory_swap",
	.kind = WRIT_VALUE_SIZE,
	.read = read_swap,
	.bound = parse_swap,
};
