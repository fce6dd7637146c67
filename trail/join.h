/* SPDX-License-Identifier: ISC */
/*
 * What belongs together in the trail: a request's decision, how it ended, whom it was asked by,
 * what it started; a session's requests. Copies of the lines, in the caller's arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_arena;
struct writ_entry;
struct writ_error;
struct writ_trail_options;

/* How many children of a request, and requests of a session, are kept. */
#define WRIT_JOIN_MAX 1000

/* NULL: not in the files that were read. */
struct writ_join_request {
	const struct writ_entry *decision; /* or what sudo told its audit plugins: accept, … */
	const struct writ_entry *exit;
	const struct writ_entry *parent;         /* whose intercepted child this is */
	const struct writ_entry *open, *close;   /* of the session */
	const struct writ_entry *before, *after; /* the nearest decisions in the same session */
	const struct writ_entry **children;
	size_t n_children;
	uint64_t all_children;           /* more than n_children if not all were kept */
	const struct writ_entry **audit; /* what sudo told its audit plugins of the same command:
					    the events that name its I/O log */
	size_t n_audit;
	uint64_t copies; /* how often the decision's line is there; deliveries may double it */
};

struct writ_join_session {
	const char *id;
	const struct writ_entry *open, *close;
	struct writ_joined {
		const struct writ_entry *decision, *exit;
	} * requests; /* the first ones */
	size_t n_requests;
	uint64_t allowed, denied; /* of all */
};

/* where says which files are read; its filter is not used. 0, or -1 with err: the trail cannot be
 * read, or no memory. */
int writ_join_request(const struct writ_trail_options *where, const char *id,
		      struct writ_arena *arena, struct writ_join_request *ret,
		      struct writ_error *err);
int writ_join_session(const struct writ_trail_options *where, const char *id,
		      struct writ_arena *arena, struct writ_join_session *ret,
		      struct writ_error *err);

/* Whether a request was allowed; NULL was not. */
bool writ_join_allowed(const struct writ_entry *decision);
