/* SPDX-License-Identifier: ISC */
#include "timestamp.h"

#include <stdio.h>

#include "json_write.h"

void writ_timestamp_write(const struct timespec *time, char ret[WRIT_TIMESTAMP_MAX])
{
	struct tm tm = {0};
	size_t n;

	gmtime_r(&time->tv_sec, &tm);
	n = strftime(ret, WRIT_TIMESTAMP_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(ret + n, WRIT_TIMESTAMP_MAX - n, ".%06ldZ", time->tv_nsec / 1000);
}

void writ_timestamp_add(struct writ_json_writer *writer, const char *key,
			const struct timespec *time)
{
	char text[WRIT_TIMESTAMP_MAX];

	writ_timestamp_write(time, text);
	writ_json_add_string(writer, key, text);
}
