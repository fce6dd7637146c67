/* SPDX-License-Identifier: ISC */
/*
 * The arguments on pam_writ's line in a file of pam.d. They are root's words.
 */
#pragma once

#include <stdbool.h>

#include "error.h"

struct writ_pam_arguments {
	const char *subjects; /* "ai-worker,%ai-workers", or NULL */
	const char *dir;      /* where the session records lie */
	bool all; /* everybody's sessions are recorded, though only subjects' are refused */
	bool debug;
	struct writ_error problem; /* message: the first thing wrong with them, or "" */
};

/* Always fills *ret, whose strings are borrowed from argv. What is wrong is in problem, and the
 * rest is there all the same, so that the right people can be refused. */
void writ_pam_arguments_read(struct writ_pam_arguments *ret, int argc, const char *const argv[]);
