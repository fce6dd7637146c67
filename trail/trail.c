/* SPDX-License-Identifier: ISC */
#include "trail.h"

#include <errno.h>
#include <stdlib.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "event_log_files.h"
#include "filter.h"
#include "sieve.h"
#include "when.h"

/* Where reading stands in one log. */
struct cursor {
	struct writ_event_log *log;
	size_t at;               /* the file that is read */
	struct writ_entry entry; /* the next one, if there */
	bool there;
};

struct writ_trail {
	struct writ_arena *arena;
	struct writ_trail_options options;
	struct writ_event_log *logs;
	struct cursor *cursors;
	size_t n;
	struct cursor *last; /* whose entry the caller has */
	struct writ_sieve sieve;
};

/* The next entry of one log that the filter takes (NULL: any): as writ_trail_next. */
static int read_log(struct cursor *c, const struct writ_filter *filter, struct writ_error *err)
{
	c->there = false;
	while (c->at < c->log->n) {
		int got = writ_event_file_next(c->log->files[c->at], true, &c->entry, err);

		if (got < 0)
			return -1;
		if (got == 0) {
			c->at++;
		} else if (!filter || writ_filter_match(filter, &c->entry)) {
			c->there = true;
			return 1;
		}
	}
	return 0;
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
	writ_event_file_use(file, trail->options.filter ? &trail->sieve : NULL);
	writ_event_file_report(file, trail->options.bad, trail->options.data);
	return 0;
}

/* Leaves out, of the files of a log, those that were closed before the span began, and the
 * beginning of the first one left. */
static void seek(struct cursor *c, int64_t since)
{
	for (size_t i = c->log->n - 1; i > 0; i--) {
		int64_t first = writ_event_file_first_time(c->log->files[i]);

		if (first != WRIT_WHEN_MIN && first < since) {
			c->at = i;
			break;
		}
	}
	writ_event_file_seek(c->log->files[c->at], since);
}

static int open_trail(struct writ_trail *trail, struct writ_error *err)
{
	static const char *const here[] = {WRIT_EVENT_DIR};
	const struct writ_trail_options *o = &trail->options;
	bool given = o->n_paths > 0;

	if (writ_event_logs_open(trail->arena, given ? o->paths : here, given ? o->n_paths : 1,
				 &trail->logs, &trail->n, err) < 0)
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
	for (size_t i = 0; i < trail->n; i++)
		if (!o->whole && o->filter && writ_filter_since(o->filter) != WRIT_WHEN_MIN)
			seek(&trail->cursors[i], writ_filter_since(o->filter));
	/* With several logs, the next of each must be known to tell which is next of all. */
	for (size_t i = 0; trail->n > 1 && i < trail->n; i++)
		if (read_log(&trail->cursors[i], o->filter, err) < 0)
			return -1;
	return 0;
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
	writ_event_logs_close(trail->logs, trail->n);
	writ_arena_free(trail->arena);
	free(trail);
}

int writ_trail_next(struct writ_trail *trail, struct writ_entry *ret, struct writ_error *err)
{
	struct cursor *best = NULL;

	/* The entry that the caller had may go only now. */
	if ((trail->n == 1 || trail->last) &&
	    read_log(trail->last ? trail->last : trail->cursors, trail->options.filter, err) < 0)
		return -1;
	for (size_t i = 0; i < trail->n; i++) {
		struct cursor *c = &trail->cursors[i];

		if (c->there && (!best || c->entry.time < best->entry.time))
			best = c;
	}
	trail->last = best;
	if (!best)
		return 0;
	*ret = best->entry;
	return 1;
}
