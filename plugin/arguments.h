/* SPDX-License-Identifier: ISC */
/*
 * The arguments on the plugin's line in sudo.conf; sudo splits them at blanks. They are root's
 * words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

struct writ_arena;

struct writ_arguments {
	const char *const *subjects; /* "ai-worker", "%ai-workers" */
	size_t n_subjects;
	const char *policy;        /* the file */
	const char *commands;      /* the folder */
	bool deny_others;          /* others=deny */
	const char *sudoers;       /* path of sudoers.so, or a name in sudo's plugin folder */
	char *const *handed_on;    /* sudoers_…=, NULL-terminated; NULL if there is none */
	struct writ_error problem; /* message: the first thing wrong with them, or "" */
};

/* Always fills *ret; what is wrong is in problem, and the rest is there all the same, so that the
 * right people can be refused. options may be NULL. Strings are borrowed from it. -1 without
 * memory. */
int writ_arguments_read(struct writ_arguments *ret, struct writ_arena *arena,
			char *const options[]);
