/* SPDX-License-Identifier: ISC */
#pragma once

#include <time.h>

struct writ_json_writer;

/* Adds a member with the time as all records show it: UTC, "2026-11-21T22:40:09.123456Z". */
void writ_timestamp_add(struct writ_json_writer *writer, const char *key,
			const struct timespec *time);
