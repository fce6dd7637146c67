/* SPDX-License-Identifier: ISC */
/*
 * Durations: as Go's time.ParseDuration reads them ("1h30m", nanoseconds), and as systemd's
 * parse_time does ("1h 30min", seconds without a unit, microseconds; systemd.time(7)).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "value_types.h"

struct unit {
	const char *name;
	uint64_t size;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Go: the largest magnitude, of the most negative duration. */
#define GO_LIMIT ((uint64_t)1 << 63)

static const struct unit *find_go_unit(const char *name, size_t length)
{
	static const struct unit units[] = {
		{"ns", 1},           {"us", 1000},      {"\xc2\xb5s", 1000}, /* micro sign */
		{"\xce\xbcs", 1000},                                         /* Greek mu */
		{"ms", 1000000},     {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
			return &units[i];
	return NULL;
}

/* Whole digits; -1 if they are too many. */
static int take_whole(const char **s, uint64_t *ret)
{
	uint64_t n = 0;

	for (; is_digit(**s); (*s)++) {
		if (n > GO_LIMIT / 10)
			return -1;
		n = n * 10 + (uint64_t)(**s - '0');
		if (n > GO_LIMIT)
			return -1;
	}
	*ret = n;
	return 0;
}

/* Digits behind the point as a number and its scale; those beyond the precision do not count. */
static void take_fraction(const char **s, uint64_t *ret, double *ret_scale)
{
	uint64_t n = 0;
	double scale = 1;
	bool full = false;

	for (; is_digit(**s); (*s)++) {
		uint64_t next;

		if (full || n > (GO_LIMIT - 1) / 10) {
			full = true;
			continue;
		}
		next = n * 10 + (uint64_t)(**s - '0');
		if (next > GO_LIMIT) {
			full = true;
			continue;
		}
		n = next;
		scale *= 10;
	}
	*ret = n;
	*ret_scale = scale;
}

/* One number with its unit, added to *total. */
static int take_go_part(const char **s, uint64_t *total)
{
	const char *start = *s, *name;
	uint64_t whole, fraction = 0;
	const struct unit *unit;
	double scale = 1;
	bool digits;

	if (take_whole(s, &whole) < 0)
		return -1;
	digits = *s != start;
	if (**s == '.') {
		const char *point = ++*s;

		take_fraction(s, &fraction, &scale);
		digits = digits || *s != point;
	}
	if (!digits)
		return -1;
	name = *s;
	while (**s && **s != '.' && !is_digit(**s))
		(*s)++;
	unit = find_go_unit(name, (size_t)(*s - name));
	if (!unit || whole > GO_LIMIT / unit->size)
		return -1;
	whole *= unit->size;
	if (fraction > 0)
		whole += (uint64_t)((double)fraction * ((double)unit->size / scale));
	if (whole > GO_LIMIT)
		return -1;
	*total += whole;
	return *total > GO_LIMIT ? -1 : 0;
}

static int parse_go(const char *text, int64_t *ret)
{
	const char *s = text;
	bool negative = *s == '-';
	uint64_t total = 0;

	if (*s == '-' || *s == '+')
		s++;
	if (strcmp(s, "0") == 0) {
		*ret = 0;
		return 0;
	}
	if (!*s)
		return -1;
	while (*s)
		if (take_go_part(&s, &total) < 0)
			return -1;
	if (!negative && total > INT64_MAX)
		return -1;
	*ret = negative ? (int64_t)(0 - total) : (int64_t)total;
	return 0;
}

static int read_go(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (parse_go(value->text, &value->number.integer) < 0)
		return writ_value_fail(arena, value, err, "is no duration (such as 10s or 1h30m)");
	return 0;
}

const struct writ_value_type writ_type_duration_go = {
	.name = "duration.go",
	.kind = WRIT_VALUE_DURATION,
	.read = read_go,
	.bound = parse_go,
};

static const char blanks[] = " \t\n\r";

/* The unit at the start of s, in systemd's order (so that "m" does not hide "ms"); seconds if none.
 */
static const char *take_systemd_unit(const char *s, uint64_t *ret)
{
	static const uint64_t second = 1000000, minute = 60 * second, hour = 60 * minute,
			      day = 24 * hour, week = 7 * day, month = 2629800 * second,
			      year = 31557600 * second;
	static const struct unit units[] = {
		{"seconds", second}, {"second", second}, {"sec", second}, {"s", second},
		{"minutes", minute}, {"minute", minute}, {"min", minute}, {"months", month},
		{"month", month},    {"M", month},       {"msec", 1000},  {"ms", 1000},
		{"m", minute},       {"hours", hour},    {"hour", hour},  {"hr", hour},
		{"h", hour},         {"days", day},      {"day", day},    {"d", day},
		{"weeks", week},     {"week", week},     {"w", week},     {"years", year},
		{"year", year},      {"y", year},        {"usec", 1},     {"us", 1},
		{"\xce\xbcs", 1},    {"\xc2\xb5s", 1},
	};

	*ret = second;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = strlen(units[i].name);

		if (strncmp(s, units[i].name, length) == 0) {
			*ret = units[i].size;
			return s + length;
		}
	}
	return s;
}

/* One number with its unit, in microseconds, added to *total. */
static int take_systemd_part(const char **s, uint64_t *total)
{
	const char *p = *s, *fraction = NULL, *next;
	char *end;
	uint64_t size, part;
	long long whole;

	errno = 0;
	whole = strtoll(p, &end, 10);
	if (*p == '-' || errno != 0 || whole < 0)
		return -1;
	if (*end == '.') {
		fraction = end + 1;
		p = fraction + strspn(fraction, "0123456789");
		if (p == fraction)
			return -1;
	} else if (end == p) {
		return -1;
	} else {
		p = end;
	}
	next = take_systemd_unit(p + strspn(p, blanks), &size);
	if (next == p && *next) /* "12.34.56" */
		return -1;
	if (__builtin_mul_overflow((uint64_t)whole, size, &part) ||
	    __builtin_add_overflow(*total, part, total))
		return -1;
	for (uint64_t place = size / 10; fraction && is_digit(*fraction); fraction++, place /= 10)
		if (__builtin_add_overflow(*total, (uint64_t)(*fraction - '0') * place, total))
			return -1;
	*s = next;
	return 0;
}

static int parse_systemd(const char *text, int64_t *ret)
{
	const char *s = text + strspn(text, blanks);
	uint64_t total = 0;

	if (strncmp(s, "infinity", 8) == 0 && s[8 + strspn(s + 8, blanks)] == '\0') {
		*ret = INT64_MAX;
		return 0;
	}
	if (!*s)
		return -1;
	while (*s) {
		if (take_systemd_part(&s, &total) < 0)
			return -1;
		s += strspn(s, blanks);
	}
	if (total >= INT64_MAX / 1000)
		return -1;
	*ret = (int64_t)total * 1000;
	return 0;
}

static int read_systemd(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	if (parse_systemd(value->text, &value->number.integer) < 0)
		return writ_value_fail(arena, value, err, "is no time span (such as 10s or 5min)");
	return 0;
}

const struct writ_value_type writ_type_duration_systemd = {
	.name = "duration.systemd",
	.kind = WRIT_VALUE_DURATION,
	.read = read_systemd,
	.bound = parse_systemd,
};
