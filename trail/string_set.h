/* SPDX-License-Identifier: ISC */
/* A growing set of strings in an arena, which keeps what was outgrown until it goes. Whoever chose
 * the strings so that they collide makes it slow, not wrong. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;

/* Zeroed: empty. */
struct writ_string_set {
	const char **slots;
	size_t n, n_slots;
};

bool writ_string_set_has(const struct writ_string_set *set, const char *text);

/* Borrows the text. 0, or -1 without memory. */
int writ_string_set_add(struct writ_arena *arena, struct writ_string_set *set, const char *text);
