/* SPDX-License-Identifier: ISC */
/*
 * Numbers of bytes as systemd reads them (parse_size() of systemd 252, base 1024): "500M", "1G
 * 512M", "1.5G". The suffixes are one upper-case letter, from the largest down.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value_types.h"

static const char blanks[] = " \t\n\r";

/* The suffix at s among those not used yet; *first moves behind it. NULL: there is none. */
static const char *take_suffix(const char *s, size_t *first, uint64_t *ret)
{
	static const char letters[] = "EPTGMKB";
	size_t i = *first;

	while (i < sizeof(letters) - 1 && *s != letters[i])
		i++;
	if (i < sizeof(letters) - 1) {
		*ret = UINT64_C(1) << (10 * (sizeof(letters) - 2 - i));
		*first = i + 1;
		return s + 1;
	}
	/* No letter at all is the last suffix. */
	if (*first > sizeof(letters) - 1)
		return NULL;
	*ret = 1;
	*first = sizeof(letters);
	return s;
}

/* The digits behind a point, as a part of one unit. */
static const char *take_fraction(const char *s, uint64_t unit, uint64_t *total)
{
	double part = 0, place = 1;

	for (; *s >= '0' && *s <= '9'; s++)
		part += (*s - '0') * (place /= 10);
	*total = (uint64_t)(part * (double)unit);
	return s;
}

static int take_part(const char **s, size_t *first, uint64_t *total)
{
	const char *p = *s + strspn(*s, blanks), *fraction = NULL, *next;
	uint64_t unit, part, more = 0;
	unsigned long long whole;
	char *end;

	errno = 0;
	whole = strtoull(p, &end, 10);
	if (errno != 0 || end == p || strchr(p, '-'))
		return -1;
	p = end;
	if (*p == '.') {
		fraction = ++p;
		p += strspn(p, "0123456789");
	}
	next = take_suffix(p + strspn(p, blanks), first, &unit);
	if (!next)
		return -1;
	if (fraction)
		take_fraction(fraction, unit, &more);
	if (__builtin_mul_overflow((uint64_t)whole, unit, &part) ||
	    __builtin_add_overflow(part, more, &part) ||
	    __builtin_add_overflow(*total, part, total))
		return -1;
	*s = next;
	return 0;
}

static int parse_size(const char *text, int64_t *ret)
{
	uint64_t total = 0;
	size_t first = 0;

	do
		if (take_part(&text, &first, &total) < 0)
			return -1;
	while (*text);
	if (total > INT64_MAX)
		return -1;
	*ret = (int64_t)total;
	return 0;
}

static int read_size(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (parse_size(value->text, &value->number.integer) < 0)
		return writ_value_fail(arena, value, err, "is no size (such as 500M or 1G)");
	return 0;
}

const struct writ_value_type writ_type_size = {
	.name = "size",
	.kind = WRIT_VALUE_SIZE,
	.read = read_size,
	.bound = parse_size,
};
