/* SPDX-License-Identifier: ISC */
/*
 * The audit trail: the event files of one host or of many, each with its rotated and compressed
 * copies, as one sequence of entries.
 *
 * Files of one folder whose names differ only in what logrotate appends (events.jsonl,
 * events.jsonl.1, events.jsonl.2.gz, events.jsonl-20261121.gz) are one log and are read one after
 * the other, oldest first. Several logs (hosts) are merged by time; entries of one log stay in the
 * order in which they were written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "entry.h"
#include "event_file.h"

struct writ_arena;
struct writ_error;
struct writ_filter;
struct writ_trail;

struct writ_trail_options {
	/* Files, or folders of files named events.jsonl…; none: the log of this host. A file is
	 * read alone, without its rotated copies; a file that is given twice is read once. */
	const char *const *paths;
	size_t n_paths;
	struct writ_filter *filter; /* NULL: everything. Filled here where it needs sessions. */
	bool follow;                /* the end is never reached: see writ_trail_wait */
	bool from_now;              /* with follow: leave out what is there already */
	bool whole;                 /* read every file from its beginning, whatever the span */
	writ_bad_line_fn *bad;      /* NULL: lines that cannot be read are skipped silently */
	void *data;                 /* for bad */
};

/* Opens all files at once, so that a rotation meanwhile neither hides nor doubles an entry. NULL
 * with err (errno EACCES: may not be read). The options' pointers must outlive it. */
struct writ_trail *writ_trail_open(const struct writ_trail_options *options,
				   struct writ_error *err);
void writ_trail_free(struct writ_trail *trail);

/* The next entry that the filter takes: 1, in memory of the trail's until the next call; 0 at the
 * end, of a trail that is followed for the time being; -1 with err. A last line without newline is
 * read as well, but not while it is followed: somebody may be writing it. */
int writ_trail_next(struct writ_trail *trail, struct writ_entry *ret, struct writ_error *err);

/* Of a trail that is followed, after writ_trail_next gave 0: waits until there may be more, in the
 * files or in those that a rotation puts in their place. 1; 0 if nobody reads output (a descriptor)
 * any more; -1 with err. */
int writ_trail_wait(struct writ_trail *trail, int output, struct writ_error *err);
