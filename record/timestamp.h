/* SPDX-License-Identifier: ISC */
#pragma once

#include <time.h>

struct writ_json_writer;

/* "2026-11-21T22:40:09.123456Z" and its end; of years with more digits the text is longer. */
#define WRIT_TIMESTAMP_SIZE 28
#define WRIT_TIMESTAMP_MAX 40

/* The time as all records show it: UTC, with microseconds. */
void writ_timestamp_write(const struct timespec *time, char ret[WRIT_TIMESTAMP_MAX]);

/* Adds a member with that. */
void writ_timestamp_add(struct writ_json_writer *writer, const char *key,
			const struct timespec *time);
