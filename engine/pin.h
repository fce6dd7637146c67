/* SPDX-License-Identifier: ISC */
/*
 * Paths that the program gets as descriptors, so that what was judged is what it opens, whoever
 * changes names meanwhile: O_PATH descriptors of the look that the rules judged (path_cache.h).
 * Through /proc/self/fd/N the program opens that very file, with its own rights and not with ours.
 */
#pragma once

#include <stddef.h>

#include "decision.h"

struct writ_arena;
struct writ_path_look;
struct writ_path_rule;

/* Most pins of one decision: each is an open file of the program, and a line in the event. */
#define WRIT_PINS_MAX 64

/* The pins of one argument vector, in the order in which they were found. */
struct writ_pins {
	struct writ_arena *arena;
	char *const *argv;
	size_t argc;
	struct writ_pin *items;
	size_t n;
};

/*
 * Adds the path at text, which must be the end of an element of argv, as the rule wants it. One
 * element is pinned once. -1: text is no part of argv, there are too many, nothing is kept open to
 * hand over, or there is no memory; imagined files need nothing open.
 */
int writ_pins_add(struct writ_pins *pins, const struct writ_path_rule *rule, const char *text,
		  const struct writ_path_look *look);

/* Makes the descriptors the caller's own, so that they outlive the arena. -1: there are none left;
 * then nothing is open. */
int writ_pins_take(struct writ_pin *pins, size_t n);

/* Closes what a decision keeps open, where nothing is run. What would be pinned is still in it. */
void writ_pins_close(struct writ_decision *decision);

/* What stands in place of the element, if the program's descriptor is fd: "--file=/proc/self/fd/7".
 * A directory ends with a slash, so that it is not taken for the link. NULL without memory. */
char *writ_pin_argument(struct writ_arena *arena, const struct writ_pin *pin, int fd);
