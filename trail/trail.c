/* SPDX-License-Identifier: ISC */
#include "trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "event_log_files.h"
#include "filter.h"
#include "sieve.h"
#include "watch.h"
#include "when.h"

/* How often a new file may be forbidden to read before that is an error. */
#define DENIED_MAX 5

/* Where reading stands in one log. */
struct cursor {
	struct writ_event_log *log;
	size_t at;                      /* the file that is read */
	struct writ_event_file *older;  /* followed: the file that the last one replaced */
	struct writ_event_file *oldest; /* the one before: nobody writes to it any more */
	struct writ_entry entry;        /* the next one, if there */
	bool there;
	unsigned denied; /* times that a new file could not be opened: it gets its group only after
			    it was made */
	bool idle;       /* followed: there was nothing more, and nobody waited since */
};

struct writ_trail {
	struct writ_arena *arena;
	struct writ_trail_options options;
	struct writ_event_log *logs;
	struct cursor *cursors;
	size_t n;
	struct cursor *last; /* whose entry the caller has */
	struct writ_sieve sieve;
	struct writ_watch *watch; /* followed */
};

static void use(struct writ_trail *trail, struct writ_event_file *file)
{
	const struct writ_filter *filter = trail->options.filter;
	/* Sessions are still to be learned while files grow. */
	bool all = !filter || (trail->options.follow && writ_filter_needs_sessions(filter));

	writ_event_file_use(file, all ? NULL : &trail->sieve);
	writ_event_file_report(file, trail->options.bad, trail->options.data);
}

/* Takes the next entry of a file that the filter takes. 1; 0: none; -1 with err. */
static int read_file(struct writ_trail *trail, struct cursor *c, struct writ_event_file *file,
		     bool last_too, struct writ_error *err)
{
	struct writ_filter *filter = trail->options.filter;
	int got;

	while ((got = writ_event_file_next(file, last_too, &c->entry, err)) > 0) {
		if (!filter)
			return 1;
		if (trail->options.follow && writ_filter_learn(filter, &c->entry) < 0)
			return writ_error_set(err, "out of memory");
		if (writ_filter_match(filter, &c->entry))
			return 1;
	}
	return got;
}

/* Opens the file that is written, if a rotation put another in the place of the last one. 1: it
 * did; 0; -1 with err. */
static int follow_rotation(struct writ_trail *trail, struct cursor *c, struct writ_error *err)
{
	struct writ_event_log *log = c->log;
	struct writ_event_file *last = log->n > 0 ? log->files[log->n - 1] : NULL, *file;
	struct stat st;

	if (stat(log->path, &st) < 0)
		return errno == ENOENT ? 0 : writ_error_errno(err, errno, "%s", log->path);
	if (last && writ_event_file_stat(last)->st_dev == st.st_dev &&
	    writ_event_file_stat(last)->st_ino == st.st_ino) {
		writ_event_file_restart(last);
		return 0;
	}
	file = writ_event_file_open(AT_FDCWD, log->path, log->path, err);
	if (!file && (errno == ENOENT || (errno == EACCES && ++c->denied < DENIED_MAX)))
		return 0;
	if (!file)
		return -1;
	c->denied = 0;
	use(trail, file);
	c->oldest = c->older;
	c->older = last;
	if (log->n == 0) {
		log->n = 1;
		c->at = 0;
	}
	log->files[log->n - 1] = file;
	return 1;
}

/* The end of a log that is followed is its last file's, whatever that is at the time. A writer that
 * had opened the file before its rotation may write to it after it: it is looked at once more. */
static int read_last(struct writ_trail *trail, struct cursor *c, struct writ_error *err)
{
	int got, rotated;

	if (c->idle)
		return 0;
	do {
		got = c->oldest ? read_file(trail, c, c->oldest, true, err) : 0;
		if (got == 0 && c->oldest) {
			writ_event_file_free(c->oldest);
			c->oldest = NULL;
		}
		if (got == 0 && c->older)
			got = read_file(trail, c, c->older, false, err);
		if (got == 0 && c->log->n > 0)
			got = read_file(trail, c, c->log->files[c->log->n - 1], false, err);
		if (got != 0)
			return got;
		rotated = follow_rotation(trail, c, err);
	} while (rotated > 0);
	c->idle = true;
	return rotated;
}

/* The next entry of one log that the filter takes: as writ_trail_next. */
static int read_log(struct writ_trail *trail, struct cursor *c, struct writ_error *err)
{
	size_t end = trail->options.follow && c->log->n > 0 ? c->log->n - 1 : c->log->n;
	int got = 0;

	c->there = false;
	while (got == 0 && c->at < end) {
		got = read_file(trail, c, c->log->files[c->at], true, err);
		c->at += got == 0;
	}
	if (got == 0 && trail->options.follow)
		got = read_last(trail, c, err);
	c->there = got > 0;
	c->entry.log = c->log->path;
	return got;
}

/* Calls for every file of the trail. */
static int each_file(struct writ_trail *trail,
		     int (*call)(struct writ_trail *trail, struct writ_event_file *file,
				 struct writ_error *err),
		     struct writ_error *err)
{
	for (size_t i = 0; i < trail->n; i++)
		for (size_t j = 0; j < trail->logs[i].n; j++)
			if (call(trail, trail->logs[i].files[j], err) < 0)
				return -1;
	return 0;
}

static int learn_from(struct writ_trail *trail, struct writ_event_file *file,
		      struct writ_error *err)
{
	static const struct writ_sieve opens = {.literal = {{"\"fingerprint\"", 13}}, .n = 1};
	struct writ_entry entry;
	int got;

	writ_event_file_use(file, &opens);
	while ((got = writ_event_file_next(file, true, &entry, err)) > 0)
		if (writ_filter_learn(trail->options.filter, &entry) < 0)
			return writ_error_set(err, "out of memory");
	return got < 0 ? -1 : writ_event_file_rewind(file, err);
}

static int prepare(struct writ_trail *trail, struct writ_event_file *file, struct writ_error *err)
{
	(void)err;
	use(trail, file);
	return 0;
}

/* Leaves out, of the files of a log, those that were closed before the span began, and the
 * beginning of the first one left. */
static void seek(struct cursor *c, int64_t since)
{
	for (size_t i = c->log->n; i-- > 1;) {
		int64_t first = writ_event_file_first_time(c->log->files[i]);

		if (first != WRIT_WHEN_MIN && first < since) {
			c->at = i;
			break;
		}
	}
	if (c->log->n > 0)
		writ_event_file_seek(c->log->files[c->at], since);
}

/* Leaves out all that is there. If the last file is not the one that is written, that one is new.
 */
static void skip_all(struct cursor *c)
{
	c->at = c->log->n;
	if (c->log->n > 0) {
		c->at--;
		writ_event_file_skip_all(c->log->files[c->at]);
	}
}

/* Sets each cursor where its reading begins. */
static int begin(struct writ_trail *trail, struct writ_error *err)
{
	const struct writ_trail_options *o = &trail->options;
	int64_t since = o->filter && !o->whole ? writ_filter_since(o->filter) : WRIT_WHEN_MIN;

	for (size_t i = 0; i < trail->n; i++) {
		if (o->follow && writ_watch_add(trail->watch, trail->logs[i].path, err) < 0)
			return -1;
		if (o->follow && o->from_now)
			skip_all(&trail->cursors[i]);
		else if (since != WRIT_WHEN_MIN)
			seek(&trail->cursors[i], since);
	}
	return 0;
}

static int open_trail(struct writ_trail *trail, struct writ_error *err)
{
	static const char *const here[] = {WRIT_EVENT_DIR};
	const struct writ_trail_options *o = &trail->options;
	bool given = o->n_paths > 0;

	if (o->follow)
		trail->watch = writ_watch_new(err);
	if ((o->follow && !trail->watch) ||
	    writ_event_logs_open(trail->arena, given ? o->paths : here, given ? o->n_paths : 1,
				 o->follow, &trail->logs, &trail->n, err) < 0)
		return -1;
	trail->cursors = writ_arena_alloc(trail->arena, trail->n, sizeof(*trail->cursors));
	if (!trail->cursors)
		return writ_error_set(err, "out of memory");
	for (size_t i = 0; i < trail->n; i++)
		trail->cursors[i].log = &trail->logs[i];
	if (o->filter && writ_filter_needs_sessions(o->filter) &&
	    each_file(trail, learn_from, err) < 0)
		return -1;
	if (o->filter)
		writ_filter_sieve(o->filter, &trail->sieve);
	each_file(trail, prepare, err);
	return begin(trail, err);
}

struct writ_trail *writ_trail_open(const struct writ_trail_options *options, struct writ_error *err)
{
	struct writ_trail *trail = calloc(1, sizeof(*trail));

	if (trail)
		trail->arena = writ_arena_new();
	if (!trail || !trail->arena) {
		writ_error_set(err, "out of memory");
		writ_trail_free(trail);
		return NULL;
	}
	trail->options = *options;
	if (open_trail(trail, err) < 0) {
		int why = errno;

		writ_trail_free(trail);
		errno = why;
		return NULL;
	}
	return trail;
}

void writ_trail_free(struct writ_trail *trail)
{
	if (!trail)
		return;
	for (size_t i = 0; trail->cursors && i < trail->n; i++) {
		writ_event_file_free(trail->cursors[i].older);
		writ_event_file_free(trail->cursors[i].oldest);
	}
	writ_event_logs_close(trail->logs, trail->n);
	writ_watch_free(trail->watch);
	writ_arena_free(trail->arena);
	free(trail);
}

int writ_trail_next(struct writ_trail *trail, struct writ_entry *ret, struct writ_error *err)
{
	struct cursor *best = NULL;

	/* The entry that the caller had may go only now. To tell which is next of all, the next of
	 * each log must be known. */
	if (trail->last)
		trail->last->there = false;
	for (size_t i = 0; i < trail->n; i++) {
		struct cursor *c = &trail->cursors[i];

		if (!c->there && read_log(trail, c, err) < 0)
			return -1;
		if (c->there && (!best || c->entry.time < best->entry.time))
			best = c;
	}
	trail->last = best;
	if (!best)
		return 0;
	*ret = best->entry;
	return 1;
}

int writ_trail_wait(struct writ_trail *trail, int output, struct writ_error *err)
{
	int got = writ_watch_wait(trail->watch, output, err);

	if (got <= 0)
		return got;
	for (size_t i = 0; i < trail->n; i++) {
		trail->cursors[i].idle = false;
		if (writ_watch_add(trail->watch, trail->logs[i].path, err) < 0)
			return -1;
	}
	return 1;
}
