/* SPDX-License-Identifier: ISC */
/*
 * Points in time as people write them, as journalctl's --since and --until take them
 * (systemd.time(7)), and as RFC 3339 and events do ("2026-11-21T22:40:09.123456Z").
 *
 * Times are microseconds since 1970 in UTC, as int64_t. Words without a zone mean local time (TZ).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct writ_error;

/* What no event is earlier or later than. */
#define WRIT_WHEN_MIN INT64_MIN
#define WRIT_WHEN_MAX INT64_MAX

/* The first second of the year 0 and the last of 9999: what can be written. */
#define WRIT_WHEN_FIRST_SECOND INT64_C(-62167219200)
#define WRIT_WHEN_LAST_SECOND INT64_C(253402300799)

int64_t writ_when_now(void);

/* "today", "-1h", "2026-11-21 22:00", "22:00", "1h 30min ago", "@1395716396", … as seen at now.
 * 0, or -1 with err: no such time. */
int writ_when_parse(const char *text, int64_t now, int64_t *ret, struct writ_error *err);

/* Exactly "2026-11-21T22:40:09.123456Z", as events have it. 0, or -1 if it is anything else. */
int writ_when_parse_event(const char *text, size_t length, int64_t *ret);

/* That form. "2026-11-21T22:40:09.123456Z" and a NUL; years 0 to 9999, others are clamped. */
#define WRIT_WHEN_EVENT_SIZE 28
void writ_when_to_event(int64_t when, char ret[WRIT_WHEN_EVENT_SIZE]);
