/* SPDX-License-Identifier: ISC */
/* Times as events have them. By hand, since every line that is read has one. */
#include "when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)

/* n digits as a number, or -1. */
static int digits(const char *s, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

/* Days since 1970 of a date of the Gregorian calendar: years counted from March, so that the day
 * that comes and goes is their last. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era,
		of_year;

	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	y -= era * 400;
	of_era = y * 365 + y / 4 - y / 100 + of_year;
	return era * 146097 + of_era - 719468;
}

static bool has_day(int year, int month, int day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= lengths[month - 1] + (month == 2 && leap);
}

int writ_when_parse_event(const char *text, size_t length, int64_t *ret)
{
	int year, month, day, hour, minute, second, fraction;

	if (length != WRIT_WHEN_EVENT_SIZE - 1 || text[4] != '-' || text[7] != '-' ||
	    text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
	    text[26] != 'Z')
		return -1;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2);
	fraction = digits(text + 20, 6);
	if (year < 0 || !has_day(year, month, day) || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 59 || fraction < 0)
		return -1;
	*ret = (days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) *
		       SECOND +
	       fraction;
	return 0;
}

void writ_when_to_event(int64_t when, char ret[WRIT_WHEN_EVENT_SIZE])
{
	char text[64];
	struct tm tm;
	time_t seconds;

	if (when < WRIT_WHEN_FIRST_SECOND * SECOND)
		when = WRIT_WHEN_FIRST_SECOND * SECOND;
	else if (when > WRIT_WHEN_LAST_SECOND * SECOND + SECOND - 1)
		when = WRIT_WHEN_LAST_SECOND * SECOND + SECOND - 1;
	seconds = when / SECOND - (when % SECOND < 0);
	gmtime_r(&seconds, &tm);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)(when - seconds * SECOND));
	memcpy(ret, text, WRIT_WHEN_EVENT_SIZE);
}
