/* SPDX-License-Identifier: ISC */
/*
 * Clears the records of sessions that are over: no process is left that could be asked for its tag.
 * Run by a timer, never by a login. A session that ends here without a session-close gets one:
 * "lost".
 */
#pragma once

#include <stddef.h>

struct writ_error;

struct writ_sessions_cleared {
	size_t kept;    /* records that stay */
	size_t cleared; /* records removed, these among them: */
	size_t lost;    /* closed here, of this boot or an earlier one */
	size_t broken;  /* never believed by anybody: written in part, foreign */
};

/* Clears the store in this folder. 0, also if there is none or another process is at it already; -1
 * with err: the first thing that went wrong, after all else was done. Needs the rights of root. */
int writ_sessions_clear(const char *folder, struct writ_sessions_cleared *ret,
			struct writ_error *err);
