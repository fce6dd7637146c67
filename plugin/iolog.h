/* SPDX-License-Identifier: ISC */
/*
 * Where the I/O log of one command goes: <dir>/<user>/<session>/<six random characters>, so that
 * the TSID alone tells user and session. The name is chosen here and not by sudoers_io (a trailing
 * XXXXXX), so that the decision event can name the log before anything runs.
 */
#pragma once

struct writ_arena;
struct writ_error;
struct writ_run;

struct writ_iolog {
	const char *path; /* the folder; NULL: nothing is to be recorded */
	const char *tsid; /* path below dir, as sudoreplay names it; NULL with path */
};

/* session: its id, or NULL for a caller without one. Strings are from the arena. 0 or -1 with err.
 */
int writ_iolog_choose(struct writ_iolog *ret, struct writ_arena *arena, const struct writ_run *run,
		      const char *user, const char *session, struct writ_error *err);
