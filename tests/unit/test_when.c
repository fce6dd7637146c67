/* SPDX-License-Identifier: ISC */
/* Times as people write them. What the rows of test_words say is what systemd-analyze timestamp of
 * systemd 252 says, but for the RFC 3339 forms, which later versions know. */
#include "table.h"

#include <time.h>

#include "error.h"
#include "when.h"

/* 2026-11-21 22:40:09.123456 UTC, a Saturday: 23:40:09 in Berlin */
#define NOW INT64_C(1795300809123456)
#define S INT64_C(1000000)
#define H (3600 * S)
#define DAY (24 * H)
#define BAD WRIT_WHEN_MIN

struct row {
	const char *text;
	int64_t utc, berlin; /* BAD: no time */
};

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void check(struct table *t, const char *zone, const char *text, int64_t want)
{
	struct writ_error err = {0};
	int64_t got = BAD;
	char name[300];

	set_zone(zone);
	snprintf(name, sizeof(name), "%s in %s", text, zone);
	if (writ_when_parse(text, NOW, &got, &err) < 0)
		table_contains(t, name, "message", err.message, "is no time");
	table_int(t, name, "microseconds", got, want);
	table_string(t, name, "TZ afterwards", getenv("TZ"), zone);
}

static void run(const struct row *rows, size_t n)
{
	struct table t = {0};

	for (size_t i = 0; i < n; i++) {
		check(&t, "UTC", rows[i].text, rows[i].utc);
		check(&t, "Europe/Berlin", rows[i].text, rows[i].berlin);
	}
	set_zone("UTC");
	table_done(&t);
}

static void test_relative(void **state)
{
	static const struct row rows[] = {
		{"now", NOW, NOW},
		{"-1h", NOW - H, NOW - H},
		{"+2min", NOW + 120 * S, NOW + 120 * S},
		{"-7d", NOW - 7 * DAY, NOW - 7 * DAY},
		{"-1.5h", NOW - 3 * H / 2, NOW - 3 * H / 2},
		{"-5days 3h", NOW - 5 * DAY - 3 * H, NOW - 5 * DAY - 3 * H},
		{"1h 30min ago", NOW - 3 * H / 2, NOW - 3 * H / 2},
		{"2 days ago", NOW - 2 * DAY, NOW - 2 * DAY},
		{"90 ago", NOW - 90 * S, NOW - 90 * S},
		{"1us ago", NOW - 1, NOW - 1},
		{"1h left", NOW + H, NOW + H},
		{"1week left", NOW + 7 * DAY, NOW + 7 * DAY},
		{"@1395716396", 1395716396 * S, 1395716396 * S},
		{"@1.5", 1500000, 1500000},
		{"@0", 0, 0},
		{"-100y", NOW - INT64_C(3155760000) * S, NOW - INT64_C(3155760000) * S},
	};

	(void)state;
	run(rows, ARRAY_SIZE(rows));
}

static void test_calendar(void **state)
{
	const int64_t today = INT64_C(1795219200) * S, one = today + 22 * H;
	const struct row rows[] = {
		{"today", today, today - H},
		{"yesterday", today - DAY, today - DAY - H},
		{"tomorrow", today + DAY, today + DAY - H},
		{"today UTC", today, today},
		{"22:00", one, one - H},
		{"22:00:30", one + 30 * S, one + 30 * S - H},
		{"22:00:30.25", one + 30250000, one + 30250000 - H},
		{"2026-11-21", today, today - H},
		{"26-11-21", today, today - H},
		{"2026-11-21 22:00", one, one - H},
		{"2026-11-21 22:00:00", one, one - H},
		{"2026-11-21 22:00:00.123456", one + 123456, one + 123456 - H},
		{"2026-11-21 22:00:00.1234567", one + 123456, one + 123456 - H},
		{"2026-11-21 22:00 UTC", one, one},
		{"2026-11-21 22:00 Europe/Berlin", one - H, one - H},
		{"2026-11-21 22:00 America/New_York", one + 5 * H, one + 5 * H},
		{"2026-11-21T22:00:00Z", one, one},
		{"2026-11-21T22:00:00.5Z", one + 500000, one + 500000},
		{"2026-11-21T22:00Z", one, one},
		{"2026-11-21T22:00:00+02:00", one - 2 * H, one - 2 * H},
		{"2026-11-21T22:00:00-03:30", one + 7 * H / 2, one + 7 * H / 2},
		{"2026-11-21T22:00:00", one, one - H},
		{"Sat 2026-11-21 22:00", one, one - H},
		{"saturday 2026-11-21 22:00 UTC", one, one},
		/* Summer, and the night in which Berlin's clocks go forward: 02:30 is not there. */
		{"2026-07-01 12:00", INT64_C(1782907200) * S, INT64_C(1782907200) * S - 2 * H},
		{"2026-07-01 12:00 Europe/Berlin", INT64_C(1782907200) * S - 2 * H,
		 INT64_C(1782907200) * S - 2 * H},
		{"2024-02-29", INT64_C(1709164800) * S, INT64_C(1709164800) * S - H},
		{"1969-12-31", -DAY, -DAY - H},
	};

	(void)state;
	run(rows, ARRAY_SIZE(rows));
}

static void test_bad(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"whenever",
		"Today",
		"now UTC",
		"-1h UTC",
		"1h",
		"1h ago ",
		"--1h",
		"-",
		"+",
		"@-5",
		"@",
		"2026-11-21 ",
		"2026-13-21",
		"2026-02-30",
		"2026-02-29",
		"2026-11-21 22:00:00 +0200",
		"25:00",
		"22:60",
		"Fri",
		"Fri 2026-11-21",
		"Sat2026-11-21",
		"UTC",
		"2026-11-21\n",
		"2026-11-21 22:00:00.",
		"2026-11-21 22:00.5",
		"2026-11-21.5",
		"2026-11-21 Nowhere/Land",
		"2026-11-21 ../../../etc/passwd",
		"2026-11-21 /etc/passwd",
		"2026-11-21T22:00:00+25:00",
		"2026-11-21T22:00:00+02:60",
		"2026-11-21T22:00:00ZZ",
		"99999999999999999999d ago",
		"-300000y",
		"@99999999999999999999",
		"2026-11-21T",
		"T22:00Z",
		"Z",
		"+02:00",
		"22:00 2026-11-21",
		"-1h; rm -rf /",
	};
	struct table t = {0};
	char words[1000];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check(&t, "UTC", texts[i], BAD);
	memset(words, '1', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	set_zone("UTC");
	int64_t got = BAD;
	table_int(&t, "long", "status", writ_when_parse(words, NOW, &got, NULL), -1);
	table_int(&t, "long", "untouched", got, BAD);
	table_done(&t);
}

static void test_event_form(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{"2026-11-21T22:40:09.123456Z", NOW},
		{"1970-01-01T00:00:00.000000Z", 0},
		{"1969-12-31T23:59:59.999999Z", -1},
		{"2000-02-29T00:00:00.000000Z", INT64_C(951782400) * S},
		{"0000-01-01T00:00:00.000000Z", INT64_C(-62167219200) * S},
		{"9999-12-31T23:59:59.999999Z", INT64_C(253402300799) * S + 999999},
		{"2016-12-31T23:59:60.000000Z", BAD},
		{"1900-02-29T00:00:00.000000Z", BAD},
		{"2026-11-21T22:40:09.12345Z", BAD},
		{"2026-11-21T22:40:09.1234567Z", BAD},
		{"2026-11-21 22:40:09.123456Z", BAD},
		{"2026-11-21T22:40:09.123456z", BAD},
		{"2026-11-31T22:40:09.123456Z", BAD},
		{"2026-00-21T22:40:09.123456Z", BAD},
		{"2026-11-00T22:40:09.123456Z", BAD},
		{"2026-11-21T24:40:09.123456Z", BAD},
		{"2026-11-21T22:60:09.123456Z", BAD},
		{"2026-11-21T22:40:61.123456Z", BAD},
		{"2026-11-21T22:40:0 .123456Z", BAD},
		{"-026-11-21T22:40:09.123456Z", BAD},
		{"2026-11-21T22:40:09.12345 Z", BAD},
		{"", BAD},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char back[WRIT_WHEN_EVENT_SIZE];
		int64_t got = BAD;
		int ret = writ_when_parse_event(rows[i].text, strlen(rows[i].text), &got);

		table_int(&t, rows[i].text, "status", ret, rows[i].want == BAD ? -1 : 0);
		table_int(&t, rows[i].text, "microseconds", got, rows[i].want);
		writ_when_to_event(got, back);
		if (ret == 0)
			table_string(&t, rows[i].text, "back", back, rows[i].text);
	}
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_event_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
