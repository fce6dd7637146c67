/* SPDX-License-Identifier: ISC */
/*
 * Is anything missing from the trail? What must be there if something else is: the end of a command
 * that was allowed, its I/O log, the decision behind an end or a log, the close of a session that
 * is over. Memory grows with the number of events (some 32 bytes each) and of commands that did not
 * end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entry.h"

struct writ_error;
struct writ_verify;

enum writ_finding_kind {
	WRIT_FINDING_BAD_LINE,    /* a line that is no event, or a file that is damaged */
	WRIT_FINDING_NO_EXIT,     /* allowed, and neither ended nor running */
	WRIT_FINDING_NO_IOLOG,    /* allowed, to be recorded, and no I/O log */
	WRIT_FINDING_NO_DECISION, /* an exit of a decision that is not there */
	WRIT_FINDING_IOLOG_ALONE, /* an I/O log of a decision that is not there */
	WRIT_FINDING_NO_CLOSE,    /* a session that is over without a session-close */
	WRIT_FINDING_NO_OPEN,     /* a session of events that was never opened */
	WRIT_FINDING_DUPLICATE,   /* an event's id for the second time in one log */
	WRIT_FINDING_BACKWARDS,   /* events out of order by more than WRIT_VERIFY_DISORDER */
	WRIT_FINDING_N_KINDS
};

/* "bad-line", "no-exit", … */
const char *writ_finding_kind_to_string(enum writ_finding_kind kind);

/* How far a line may be behind the latest one before it, in microseconds: writers wait for each
 * other. */
#define WRIT_VERIFY_DISORDER (60 * INT64_C(1000000))

struct writ_finding {
	enum writ_finding_kind kind;
	const char *file; /* where it shows; of an I/O log its folder */
	uint64_t offset, number;
	int64_t time;        /* of the event; WRIT_WHEN_MIN: of none */
	const char *id;      /* of the event or the session, or NULL */
	const char *message; /* one sentence; ids in it are as they stand in the file */
};
typedef void writ_finding_fn(void *data, const struct writ_finding *finding);

struct writ_verify_options {
	const char *const *paths; /* as in trail.h */
	size_t n_paths;
	const char *iolog_dir;   /* folder of the I/O logs; NULL: they are not looked at */
	const char *session_dir; /* of the session records of this host */
	writ_finding_fn *found;
	void *data;
};

struct writ_verified {
	uint64_t events, iologs, findings;
	/* What could not be looked at by this caller, and so is not among the findings: */
	bool blind_iologs, blind_sessions, blind_processes;
	char iologs_why[512];
};

/* Reads everything and calls found for each finding, those of lines in the order of lines. 0, or -1
 * with err: the trail cannot be read. */
int writ_verify(const struct writ_verify_options *options, struct writ_verified *ret,
		struct writ_error *err);
