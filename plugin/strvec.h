/* SPDX-License-Identifier: ISC */
/*
 * A growing vector of strings, NULL-terminated, as sudo takes them. A failed addition is kept and
 * shows when the vector is taken.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;

struct writ_strvec {
	struct writ_arena *arena;
	char **items;
	size_t n, room;
	bool failed;
};

void writ_strvec_init(struct writ_strvec *vector, struct writ_arena *arena);

/* Appends a borrowed string, or a formatted one from the arena. */
void writ_strvec_add(struct writ_strvec *vector, const char *item);
void writ_strvec_addf(struct writ_strvec *vector, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The items and a NULL, from the arena; NULL without memory at any time. */
char **writ_strvec_take(struct writ_strvec *vector);

/* The value of NAME=value in a vector of sudo's, or of an environment: the first one counts.
 * NULL if it is not there; vector may be NULL. */
const char *writ_strvec_value(char *const vector[], const char *name);
