/* SPDX-License-Identifier: ISC */
/* A set of session ids. Zeroed, it is empty; its memory is an arena's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

struct writ_arena;
struct writ_sieve;

struct writ_session_set {
	char **slots; /* open addressing; as many as a power of two, at most half of them taken */
	size_t n_slots, n;
};

/* 0, or -1 without memory. What is no string is no session, and not added. */
int writ_session_set_add(struct writ_session_set *set, struct writ_arena *arena,
			 struct writ_slice session);
bool writ_session_set_has(const struct writ_session_set *set, struct writ_slice session);

/* Requires of a line that it names one of them; false if they are too many for that. An empty set
 * is in no line, which no sieve can say. */
bool writ_session_set_sift(const struct writ_session_set *set, struct writ_sieve *sieve);
