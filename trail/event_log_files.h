/* SPDX-License-Identifier: ISC */
/*
 * Which files an event log consists of: the one that is written and its rotated copies, as
 * logrotate names them (.1, .2.gz, -20261121, -20261121.gz), oldest first.
 */
#pragma once

#include <stddef.h>

#include "event_file.h"

struct writ_arena;
struct writ_error;

/* The name of the file that is written, in its folder. */
#define WRIT_EVENT_LOG_NAME "events.jsonl"

struct writ_event_log {
	const char *path; /* of the file that is written, whether it is among those given or not */
	struct writ_event_file **files;
	size_t n;
};

/* Opens what the paths name: files, or folders with a log each (with may_be_none, perhaps in the
 * future: then it has no files). Files that are copies of one log
 * become one; what is given twice is opened once. At one moment, as it were: a rotation meanwhile
 * neither hides nor doubles a file. Logs are the arena's, and to be closed. 0, or -1 with err
 * (errno says why): nothing is open. */
int writ_event_logs_open(struct writ_arena *arena, const char *const *paths, size_t n_paths,
			 bool may_be_none, struct writ_event_log **ret, size_t *ret_n,
			 struct writ_error *err);
void writ_event_logs_close(struct writ_event_log *logs, size_t n);

/* The length of the name without what rotation appends to it; all of it if nothing is. */
size_t writ_event_log_stem(const char *name);

/* Which of two names of one log is the older one's: negative, zero, positive as in strcmp. */
int writ_event_log_compare(const char *a, const char *b);
