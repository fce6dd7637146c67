/* SPDX-License-Identifier: ISC */
/*
 * A pattern being read and rewritten: what regex_guard.c (which says what for) and regex_class.c
 * share.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "regex_guard.h"

/* All control characters, and all but tab and newline, as members of a class. */
#define WRIT_CONTROLS "\\x{0}-\\x{1f}\\x{7f}-\\x{9f}"
#define WRIT_CONTROLS_OF_PEOPLE "\\x{0}-\\x{8}\\x{b}-\\x{1f}\\x{7f}-\\x{9f}"
/* What opens a group that matches one atom, but no control character. */
#define WRIT_GUARD "(?:(?![" WRIT_CONTROLS "])"

struct writ_regex_scan {
	const char *start, *at;
	char *out; /* what is written, out_used of out_size bytes; NULL: the pattern is only checked
		    */
	size_t out_used, out_size;
	bool failed; /* no memory */
	bool people;
	struct writ_guard found;
	struct writ_error *err;
};

/* Sets "WHAT at offset N" and is -1. */
int writ_regex_refuse(const struct writ_regex_scan *s, const char *where, const char *what);

/* Writes, if there is something to write to; without memory s->failed is set. */
void writ_regex_emit(struct writ_regex_scan *s, const char *from, size_t length);
void writ_regex_emit_string(struct writ_regex_scan *s, const char *text);

/* Length of "\p{…}" or "\pL" at p, 0 if it is cut short. */
size_t writ_regex_property_length(const char *p);

/* Reads a class, s->at being at its "[", and writes it so that it holds no control character. */
int writ_regex_class(struct writ_regex_scan *s);
