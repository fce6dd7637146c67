/* SPDX-License-Identifier: ISC */
#include "timestamp.h"

#include <stdio.h>

#include "json_write.h"

void writ_timestamp_add(struct writ_json_writer *writer, const char *key,
			const struct timespec *time)
{
	char text[40];
	struct tm tm;
	size_t n;

	gmtime_r(&time->tv_sec, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%06ldZ", time->tv_nsec / 1000);
	writ_json_add_string(writer, key, text);
}
