/* SPDX-License-Identifier: ISC */
/*
 * One event file, plain or gzip, read line by line in memory that does not depend on its size.
 * Its content may be anything: torn lines, NUL bytes, lines without end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "entry.h"

struct writ_error;
struct writ_event_file;
struct writ_sieve;

/* A longer line is no event: it is reported and skipped. */
#define WRIT_EVENT_LINE_MAX (32u * 1024 * 1024)

/* A line that cannot be read, or what is wrong with a file: shown to whoever wants to report it. */
struct writ_bad_line {
	const char *file;
	uint64_t offset, number; /* as in an entry; both 0: the file as a whole */
	const char *line; /* what stands there, or its beginning; NULL: the file as a whole */
	size_t length;
	const char *why;
};
typedef void writ_bad_line_fn(void *data, const struct writ_bad_line *bad);

/* Opens name in the folder dirfd (AT_FDCWD: any path); path is its name in messages, borrowed. A
 * gzip file is told by its content, not by its name. NULL with err, errno as of open; a folder or a
 * socket is no file (EISDIR, ENXIO). */
struct writ_event_file *writ_event_file_open(int dirfd, const char *name, const char *path,
					     struct writ_error *err);
void writ_event_file_free(struct writ_event_file *file);

const char *writ_event_file_path(const struct writ_event_file *file);
const struct stat *writ_event_file_stat(const struct writ_event_file *file); /* as of opening */
bool writ_event_file_is_plain(const struct writ_event_file *file);

/* Whoever reads on behalf of a sieve (borrowed) sees only what it keeps; NULL: every line. */
void writ_event_file_use(struct writ_event_file *file, const struct writ_sieve *sieve);

/* Where bad lines go (NULL: nowhere). */
void writ_event_file_report(struct writ_event_file *file, writ_bad_line_fn *bad, void *data);

/* The next line that is an event: 1, in memory of the file's until the next call; 0 at its end, and
 * then again, should it have grown meanwhile. A last line without newline may still be in the
 * making: it is read only with last_too. -1 with err: the file cannot be read (further). */
int writ_event_file_next(struct writ_event_file *file, bool last_too, struct writ_entry *ret,
			 struct writ_error *err);

/* Skips what was written before that time without reading it, as far as the file allows: a plain
 * file that nothing was read of. Times in a file may be a little out of order (writers wait for
 * each other) and a clock may have been set back: what is skipped ends before a place from which on
 * at least one in some hundred lines is late enough. Nothing is an error: then nothing is skipped.
 */
void writ_event_file_seek(struct writ_event_file *file, int64_t since);

/* The latest time in the first lines of the file, WRIT_WHEN_MIN if there is none. The file is then
 * read from its beginning as if nothing had happened. */
int64_t writ_event_file_first_time(struct writ_event_file *file);

/* Back to the beginning. 0, or -1 with err: a pipe. */
int writ_event_file_rewind(struct writ_event_file *file, struct writ_error *err);

/* Whether a plain file became shorter than what was read of it (a rotation by copytruncate, which
 * loses lines); then that is reported, and it is read from its beginning. */
bool writ_event_file_restart(struct writ_event_file *file);

/* Places the file at its present end: only what is written later is read. */
void writ_event_file_skip_all(struct writ_event_file *file);
