/* SPDX-License-Identifier: ISC */
/*
 * What was asked of sudo as it stands in the vector that sudo was called with: an approval plugin
 * is told of some of it in no other way. A word of which only sudo could tell that it is the
 * argument of an option, as in -p A=B, is taken for what it looks like.
 */
#pragma once

#include <stdbool.h>

struct writ_arena;

struct writ_submitted {
	char *const *argv; /* NULL: not known */
	int optind;        /* of the first word that is no longer sudo's own */
};

/* The VAR=value words. NULL-terminated, from the arena; NULL without memory. */
char **writ_submitted_variables(const struct writ_submitted *submitted, struct writ_arena *arena);

/* Whether there is a --preserve-env=LIST, in any spelling that getopt_long(3) takes. What the names
 * were is lost: sudo has cut the word at the first comma. */
bool writ_submitted_preserves(const struct writ_submitted *submitted);
