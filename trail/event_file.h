/* SPDX-License-Identifier: ISC */
/*
 * One event file, plain or gzip, read line by line in memory that does not depend on its size.
 * Its content may be anything: torn lines, NUL bytes, lines without end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entry.h"

struct writ_error;
struct writ_event_file;

/* A longer line is no event: it is reported and skipped. */
#define WRIT_EVENT_LINE_MAX (32u * 1024 * 1024)

/* Lines that cannot be read: called for each, with the place (entry.h) and why. length bytes at
 * line are what stands there, or its beginning. */
struct writ_bad_line {
	const char *file;
	uint64_t offset, number;
	const char *line;
	size_t length;
	const char *why;
};
typedef void writ_bad_line_fn(void *data, const struct writ_bad_line *bad);

/* Opens dirfd's file name (AT_FDCWD: any path); path is its name in messages, borrowed. A gzip file
 * is told by its content, not by its name. Nothing but a regular file, a pipe or a character device
 * is read. NULL with err. */
struct writ_event_file *writ_event_file_open(int dirfd, const char *name, const char *path,
					     struct writ_error *err);
void writ_event_file_free(struct writ_event_file *file);

/* The next line without its newline (and without the CR of a CRLF), in memory of the file's until
 * the next call: 1. At the end 0, also for a last line without newline unless last_too. -1 with
 * err: the file cannot be read further. Empty lines are skipped. A line that is too long is given
 * to bad. */
int writ_event_file_line(struct writ_event_file *file, bool last_too, writ_bad_line_fn *bad,
			 void *data, struct writ_entry *ret, struct writ_error *err);
