/* SPDX-License-Identifier: ISC */
/*
 * Points in time as systemd reads them (systemd.time(7), parse_timestamp() of systemd 252), for
 * journalctl's --since and --until. What is read here and refused there (a weekday that the date
 * does not have, a zone that the machine does not know) is a refusal all the same.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "cleanup.h"
#include "value_types.h"

/* Longer than any that means something. */
#define TIME_MAX 256

static bool is_span(const char *text)
{
	int64_t span;

	return writ_type_duration_systemd.bound(text, &span) == 0;
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

/* "now", "+5min", "-1h", "@1395716396", "2 days ago", "1h left". Text may be cut. */
static bool is_from_now(char *text)
{
	if (strcmp(text, "now") == 0)
		return true;
	if (*text == '+' || *text == '-' || *text == '@')
		return is_span(text + 1);
	return (cut_ending(text, " ago") || cut_ending(text, " left")) && is_span(text);
}

static const char *skip_weekday(const char *text)
{
	static const char *const days[] = {
		"Sunday", "Sun",      "Monday", "Mon",    "Tuesday", "Tue",      "Wednesday",
		"Wed",    "Thursday", "Thu",    "Friday", "Fri",     "Saturday", "Sat",
	};

	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		size_t n = strlen(days[i]);

		if (strncasecmp(text, days[i], n) == 0 && text[n] == ' ')
			return text + n + 1;
	}
	return text;
}

/* A fraction of a second may stand behind the seconds. */
static bool is_end(const char *rest, bool seconds)
{
	size_t digits;

	if (!rest || !*rest)
		return rest;
	digits = seconds && *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
	return digits > 0 && !rest[1 + digits];
}

/* "2012-11-23 11:12:13.5" and parts of it, "today". */
static bool is_calendar(const char *text)
{
	static const struct {
		const char *format;
		bool seconds;
	} formats[] = {
		{"%y-%m-%d %H:%M:%S", true}, {"%Y-%m-%d %H:%M:%S", true},
		{"%y-%m-%d %H:%M", false},   {"%Y-%m-%d %H:%M", false},
		{"%y-%m-%d", false},         {"%Y-%m-%d", false},
		{"%H:%M:%S", true},          {"%H:%M", false},
	};

	if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0 ||
	    strcmp(text, "tomorrow") == 0)
		return true;
	text = skip_weekday(text);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tm tm = {0};

		if (is_end(strptime(text, formats[i].format, &tm), formats[i].seconds))
			return true;
	}
	return false;
}

/* Cuts off a last word that could be a time zone: "UTC", "Europe/Berlin". */
static void cut_zone(char *text)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_+-/";
	char *blank = strrchr(text, ' ');

	if (blank && ((blank[1] | 0x20) >= 'a' && (blank[1] | 0x20) <= 'z') &&
	    blank[1 + strspn(blank + 1, characters)] == '\0')
		*blank = '\0';
}

static int read_time(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	char text[TIME_MAX];
	size_t length = strlen(value->text);
	bool read = false;

	if (length < sizeof(text)) {
		memcpy(text, value->text, length + 1);
		read = is_from_now(text);
		memcpy(text, value->text, length + 1);
	}
	if (!read && length < sizeof(text)) {
		cut_zone(text);
		read = is_calendar(text);
	}
	return read ? 0
		    : writ_value_fail(arena, value, err,
				      "is no time (such as -1h, today, 2026-11-21 22:00)");
}

const struct writ_value_type writ_type_time = {
	.name = "time",
	.kind = WRIT_VALUE_STRING,
	.read = read_time,
};
