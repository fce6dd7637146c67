/* SPDX-License-Identifier: ISC */
/*
 * What a word that a person gives names: a request, by the id of one of its events; a session, by
 * its id; either by the beginning of an id, if no other begins so; or a request by the TSID of its
 * I/O log.
 */
#pragma once

#include <stddef.h>

struct writ_arena;
struct writ_error;
struct writ_trail_options;

enum writ_lookup_kind {
	WRIT_LOOKUP_NOTHING,
	WRIT_LOOKUP_REQUEST,
	WRIT_LOOKUP_SESSION,
	WRIT_LOOKUP_AMBIGUOUS,
};

#define WRIT_LOOKUP_NEAR_MAX 8

struct writ_lookup {
	enum writ_lookup_kind kind;
	const char *id;    /* the request's: that of its decision, or of the accept, reject or error
			      that an exit belongs to; or the session's */
	const char *iolog; /* REQUEST found by a TSID: the TSID; else NULL */
	const char *near[WRIT_LOOKUP_NEAR_MAX]; /* AMBIGUOUS: some of the ids */
	size_t n_near;
};

/* where says which files are read; its filter is not used. Strings are the arena's. 0, or -1 with
 * err: the trail cannot be read, or no memory. */
int writ_lookup(const struct writ_trail_options *where, const char *word, struct writ_arena *arena,
		struct writ_lookup *ret, struct writ_error *err);
