/* SPDX-License-Identifier: ISC */
/* What writ show has found, and how it is printed: for people, or as one JSON object on a line. */
#pragma once

#include <stdint.h>

#include "iolog.h"
#include "join.h"

struct writ_arena;

/* The I/O log of a request. */
struct cli_show_iolog {
	const char *named; /* the TSID that the event names, or NULL */
	bool of_parent;    /* it is the log of the request's parent, which holds its output too */
	const char *tsid;  /* where it was found below dir; NULL: it was not */
	const char *dir;
	const char *why;                  /* not found: why, as far as is known; else NULL */
	struct writ_iolog_reader *reader; /* NULL with tsid */
	struct timespec length;           /* the offset of its last record */
};

/* Either a request or a session. */
struct cli_show {
	struct writ_arena *arena;
	const char *id; /* of the request; NULL: a session is shown */
	struct writ_join_request
		request; /* decision NULL: its I/O log alone is there, or its exit */
	struct writ_join_session session;
	struct cli_show_iolog iolog; /* of the request */
};

void cli_show_text(const struct cli_show *show);
/* -1 without memory. */
int cli_show_json(const struct cli_show *show);
