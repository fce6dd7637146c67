/* SPDX-License-Identifier: ISC */
#include "when.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "value.h"

#define SECOND INT64_C(1000000)
/* Longer than any text that means something. */
#define TEXT_MAX 256

/* How a text is read: on which clock, and what "now" is. */
struct reading {
	int64_t now;
	bool utc;       /* else in the local zone, as TZ says at this moment */
	int64_t offset; /* seconds east of UTC, with utc: "+02:00" */
};

int64_t writ_when_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static int from_seconds(int64_t seconds, int64_t microseconds, int64_t *ret)
{
	if (seconds < WRIT_WHEN_FIRST_SECOND || seconds > WRIT_WHEN_LAST_SECOND)
		return -1;
	*ret = seconds * SECOND + microseconds;
	return 0;
}

/* The type counts in nanoseconds. */
static bool read_span(const char *text, int64_t *ret)
{
	if (writ_value_type_find("duration.systemd")->bound(text, ret) < 0)
		return false;
	*ret /= 1000;
	return true;
}

/* Cuts the ending off, if text has it. */
static bool cut_ending(char *text, const char *ending)
{
	size_t length = strlen(text), n = strlen(ending);

	if (length < n || strcmp(text + length - n, ending) != 0)
		return false;
	text[length - n] = '\0';
	return true;
}

/* now + sign * span, or the span itself with sign 0. */
static bool add_span(int64_t now, int sign, const char *text, int64_t *ret)
{
	int64_t span;

	if (!read_span(text, &span))
		return false;
	span = sign == 0 ? span : now + sign * span;
	return from_seconds(span / SECOND, span % SECOND, ret) == 0;
}

/* "now", "+5min", "-1h", "@1395716396", "2 days ago", "1h left". Text may be cut. */
static bool read_from_now(char *text, int64_t now, int64_t *ret)
{
	if (strcmp(text, "now") == 0) {
		*ret = now;
		return true;
	}
	if (*text == '+' || *text == '-' || *text == '@')
		return add_span(now, *text == '+' ? 1 : *text == '-' ? -1 : 0, text + 1, ret);
	if (cut_ending(text, " ago"))
		return add_span(now, -1, text, ret);
	return cut_ending(text, " left") && add_span(now, 1, text, ret);
}

/* Skips "Fri " or "Friday "; the day, 0 for Sunday, or -1 if there is none. */
static int take_weekday(const char **text)
{
	static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
					   "Thursday", "Friday", "Saturday"};

	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		size_t length = strlen(days[i]);
		size_t n = strncasecmp(*text, days[i], length) == 0 && (*text)[length] == ' '
				   ? length
				   : 3;

		if (strncasecmp(*text, days[i], n) == 0 && (*text)[n] == ' ') {
			*text += n + 1;
			return (int)i;
		}
	}
	return -1;
}

/* What stands behind the seconds: nothing, or a fraction, of which six digits count. */
static bool read_fraction(const char *rest, bool seconds, int64_t *ret)
{
	int64_t unit = SECOND;

	*ret = 0;
	if (!*rest)
		return true;
	if (!seconds || *rest != '.' || !rest[1])
		return false;
	for (rest++; *rest >= '0' && *rest <= '9'; rest++) {
		unit /= 10;
		*ret += (*rest - '0') * unit;
	}
	return !*rest;
}

static void now_as_tm(const struct reading *r, struct tm *tm)
{
	time_t now = (time_t)(r->now / SECOND + (r->utc ? r->offset : 0));

	if (r->utc)
		gmtime_r(&now, tm);
	else
		localtime_r(&now, tm);
}

/* Whether the month has that day. */
static bool is_date(const struct tm *tm, int weekday)
{
	struct tm day = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday};

	timegm(&day);
	return day.tm_mday == tm->tm_mday && day.tm_mon == tm->tm_mon &&
	       (weekday < 0 || weekday == day.tm_wday);
}

static bool from_tm(const struct reading *r, struct tm *tm, int64_t microseconds, int64_t *ret)
{
	time_t seconds;

	tm->tm_isdst = -1;
	seconds = r->utc ? timegm(tm) : mktime(tm);
	return from_seconds(seconds - (r->utc ? r->offset : 0), microseconds, ret) == 0;
}

static void to_midnight(struct tm *tm)
{
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
}

/* "today", "yesterday", "tomorrow". */
static bool read_day(const struct reading *r, const char *text, int64_t *ret)
{
	static const char *const names[] = {"yesterday", "today", "tomorrow"};
	struct tm tm;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		now_as_tm(r, &tm);
		to_midnight(&tm);
		tm.tm_mday += (int)i - 1;
		return from_tm(r, &tm, 0, ret);
	}
	return false;
}

/* "2012-11-23 11:12:13.5" and parts of it, with a T for the blank as well. */
static bool read_calendar(const struct reading *r, const char *text, int64_t *ret)
{
	static const struct {
		const char *format;
		bool date, time, seconds;
	} formats[] = {
		{"%Y-%m-%dT%H:%M:%S", true, true, true}, {"%Y-%m-%dT%H:%M", true, true, false},
		{"%y-%m-%d %H:%M:%S", true, true, true}, {"%Y-%m-%d %H:%M:%S", true, true, true},
		{"%y-%m-%d %H:%M", true, true, false},   {"%Y-%m-%d %H:%M", true, true, false},
		{"%y-%m-%d", true, false, false},        {"%Y-%m-%d", true, false, false},
		{"%H:%M:%S", false, true, true},         {"%H:%M", false, true, false},
	};
	int weekday = take_weekday(&text);
	int64_t fraction;

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tm tm;
		const char *rest;

		now_as_tm(r, &tm);
		to_midnight(&tm);
		rest = strptime(text, formats[i].format, &tm);
		if (!rest || !read_fraction(rest, formats[i].seconds, &fraction))
			continue;
		return is_date(&tm, weekday) && from_tm(r, &tm, fraction, ret);
	}
	return false;
}

static bool read_point(const struct reading *r, const char *text, int64_t *ret)
{
	return read_day(r, text, ret) || read_calendar(r, text, ret);
}

/* Cuts off what RFC 3339 allows behind the seconds: "Z", "+02:00". */
static bool cut_offset(char *text, int64_t *ret)
{
	size_t n = strlen(text), hours, minutes;
	char *at = text + n - 6;

	*ret = 0;
	if (!strchr(text, 'T') || !strchr(text, ':'))
		return false;
	if (text[n - 1] == 'Z') {
		text[n - 1] = '\0';
		return true;
	}
	if (n < 6 || (*at != '+' && *at != '-') || strspn(at + 1, "0123456789") != 2 ||
	    at[3] != ':' || strspn(at + 4, "0123456789") != 2)
		return false;
	hours = (size_t)atoi(at + 1);
	minutes = (size_t)atoi(at + 4);
	if (hours > 23 || minutes > 59)
		return false;
	*ret = (int64_t)(hours * 3600 + minutes * 60) * (*at == '-' ? -1 : 1);
	*at = '\0';
	return true;
}

static bool is_zone(const char *name)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_+-/";
	char path[TEXT_MAX + 32];

	if (!*name || *name == '/' || name[strspn(name, characters)] || strstr(name, "//"))
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	return access(path, R_OK) == 0;
}

/* Reads text on the clock of a zone of tzdata; TZ is as before afterwards. */
static bool read_in_zone(const struct reading *r, const char *text, const char *zone, int64_t *ret)
{
	const char *tz = getenv("TZ");
	auto_free char *before = tz ? strdup(tz) : NULL;
	bool read;

	if ((tz && !before) || !is_zone(zone) || setenv("TZ", zone, 1) < 0)
		return false;
	tzset();
	read = read_point(r, text, ret);
	if (before)
		setenv("TZ", before, 1);
	else
		unsetenv("TZ");
	tzset();
	return read;
}

/* A text whose last word may be a zone: "UTC", one of the two names of the local zone, one of
 * tzdata's. */
static bool read_zoned(struct reading *r, char *text, int64_t *ret)
{
	char *blank = strrchr(text, ' ');

	if (cut_offset(text, &r->offset)) {
		r->utc = true;
		return read_calendar(r, text, ret);
	}
	if (read_point(r, text, ret))
		return true;
	if (!blank)
		return false;
	*blank = '\0';
	if (strcmp(blank + 1, "UTC") == 0) {
		r->utc = true;
		return read_point(r, text, ret);
	}
	tzset();
	if (strcmp(blank + 1, tzname[0]) == 0 || strcmp(blank + 1, tzname[1]) == 0)
		return read_point(r, text, ret);
	return read_in_zone(r, text, blank + 1, ret);
}

int writ_when_parse(const char *text, int64_t now, int64_t *ret, struct writ_error *err)
{
	struct reading reading = {.now = now};
	char copy[TEXT_MAX];
	size_t length = strlen(text);
	bool read = false;

	if (length > 0 && length < sizeof(copy)) {
		memcpy(copy, text, length + 1);
		read = read_from_now(copy, now, ret);
		memcpy(copy, text, length + 1);
		read = read || read_zoned(&reading, copy, ret);
	}
	return read ? 0
		    : writ_error_set(err, "'%s' is no time (such as -1h, today, 2026-11-21 22:00)",
				     text);
}
