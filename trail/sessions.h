/* SPDX-License-Identifier: ISC */
/*
 * The sessions that the trail tells of, and what became of each. One entry after the other is shown
 * to the table; it keeps what belongs to sessions. What became of those that nobody closed, this
 * host may know: by its records (session_store.h), its processes and its boot.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entry.h"

struct writ_arena;
struct writ_error;
struct writ_sessions;

enum writ_session_state {
	WRIT_SESSION_OPEN,    /* nobody closed it, and nothing says that it is over */
	WRIT_SESSION_LINGERS, /* closed while processes of it live on */
	WRIT_SESSION_CLOSED,
	WRIT_SESSION_LOST, /* a session-close says so, or: nobody closed it, and its host was booted
			      since, or has no record of it any more */
	WRIT_SESSION_UNKNOWN, /* other events name it; its session-open is not there */
};

/* "open", "lingers", "closed", "lost", "unknown". */
const char *writ_session_state_to_string(enum writ_session_state state);

struct writ_trail_session {
	struct writ_trail_session *next; /* in the order in which the trail first names them */
	const char *id;
	struct writ_slice open;  /* the session-open's line, parsed by writ_entry_parse; or empty */
	struct writ_slice close; /* the session-close's; or empty */
	int64_t opened;          /* WRIT_WHEN_MIN: not known */
	int64_t closed;          /* WRIT_WHEN_MAX: it is not */
	const char *host, *boot; /* NULL: not said */
	const char *file;        /* of its first event; outlives the trail */
	uint64_t offset, number;
	int64_t first, last;           /* times of its first and last event */
	uint64_t allowed, denied;      /* writ's decisions in it */
	enum writ_session_state state; /* after _settle */
};

/* NULL without memory. */
struct writ_sessions *writ_sessions_new(void);
void writ_sessions_free(struct writ_sessions *sessions);

/* 0, or -1 without memory. */
int writ_sessions_take(struct writ_sessions *sessions, const struct writ_entry *entry);

/* After the last entry: finds out what became of each. record_dir: this host's session records. */
void writ_sessions_settle(struct writ_sessions *sessions, const char *record_dir);

/* The first one; NULL if there is none. */
struct writ_trail_session *writ_sessions_first(const struct writ_sessions *sessions);
