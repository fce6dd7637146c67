/* SPDX-License-Identifier: ISC */
/*
 * Which entries of the trail are asked for. Conditions of different kinds must all hold; of one
 * kind, given several times, one must.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entry.h"

struct writ_arena;
struct writ_filter;

/* What can be compared, each with the members that it looks at. */
enum writ_filter_kind {
	WRIT_FILTER_DECISION, /* "allow", "deny"; of writ_audit's events accept is allow, reject and
				 error are deny */
	WRIT_FILTER_EVENT,    /* "decision", "exit", … */
	WRIT_FILTER_SESSION,
	WRIT_FILTER_RULE,
	WRIT_FILTER_USER,
	WRIT_FILTER_HOST,
	WRIT_FILTER_CODE,
	WRIT_FILTER_COMMAND, /* the command as its command file names it ("docker container
				restart"), or a first part of it in whole words; or the program's
				path */
	WRIT_FILTER_ID,      /* the event itself and what refers to it: decision_id, parent */
	WRIT_FILTER_IOLOG,   /* TSID; of writ_audit's events the end of iolog_path */
	WRIT_FILTER_TASK,    /* claims.WRIT_TASK */
	WRIT_FILTER_KEY, /* fingerprint of the key that opened the session: see sessions below */
	WRIT_FILTER_N_KINDS
};

/* From the arena; NULL without memory. An empty filter matches everything. */
struct writ_filter *writ_filter_new(struct writ_arena *arena);

/* Borrows the text. 0, or -1 without memory. */
int writ_filter_add(struct writ_filter *filter, enum writ_filter_kind kind, const char *text);

/* Both ends are included. Default: WRIT_WHEN_MIN, WRIT_WHEN_MAX. */
void writ_filter_set_span(struct writ_filter *filter, int64_t since, int64_t until);
int64_t writ_filter_since(const struct writ_filter *filter);
int64_t writ_filter_until(const struct writ_filter *filter);

/* An event names its session but not the key, so a filter by key holds the sessions that such a key
 * opened: whoever uses one first shows it every session-open there is, whatever its time (trail.h
 * does). 0, or -1 without memory. */
bool writ_filter_needs_sessions(const struct writ_filter *filter);
int writ_filter_learn(struct writ_filter *filter, const struct writ_entry *entry);

/* What a line needs to have any chance. Valid until the filter changes or learns. */
struct writ_sieve;
void writ_filter_sieve(const struct writ_filter *filter, struct writ_sieve *ret);

bool writ_filter_match(const struct writ_filter *filter, const struct writ_entry *entry);
