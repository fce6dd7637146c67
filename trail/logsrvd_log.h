/* SPDX-License-Identifier: ISC */
/*
 * The event log of sudo_logsrvd(8), in its JSON formats ("json", and "json_compact" of sudo
 * 1.9.17), read as if it were one of our event files: a line for each event. What cannot be read
 * becomes a line that is no event either, for the reader to report.
 *
 * In the format "json" the whole log is one object, whose end the server overwrites at each event:
 * a server that is killed leaves a torn event in its middle. Events begin and end at lines that
 * nothing in them can imitate, since their text has no raw newline.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <zlib.h>

struct writ_logsrvd_log;

/* How many bytes of a file's beginning tell. */
#define WRIT_LOGSRVD_MAGIC 16

/* Whether a file that begins so is one. */
bool writ_logsrvd_log_is(const char *beginning, size_t length);

/* NULL without memory. */
struct writ_logsrvd_log *writ_logsrvd_log_new(void);
void writ_logsrvd_log_free(struct writ_logsrvd_log *log);

/* As gzread(3): reads from file what is needed, and gives at most room bytes of lines. */
ssize_t writ_logsrvd_log_read(struct writ_logsrvd_log *log, gzFile file, char *to, size_t room);
