/* SPDX-License-Identifier: ISC */
/*
 * Finds, among many lines, those that a filter could take, without reading the others: by literal
 * text that must stand in them, and by the time at their beginning. It keeps a line when in doubt,
 * above all one that spells characters by escapes that writ itself never writes, and every line
 * that is visibly torn, so that the answer is the same as if all had been read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "when.h"

#define WRIT_SIEVE_LITERALS_MAX 8
/* A shorter literal finds too much to be worth a search. */
#define WRIT_SIEVE_LITERAL_MIN 4

/* Zeroed: keeps every line. */
struct writ_sieve {
	struct {
		char text[256];
		size_t length;
	} literal[WRIT_SIEVE_LITERALS_MAX];
	size_t n; /* a line needs one of these; 0: nothing is asked for */
	bool bounded;
	char since[WRIT_WHEN_EVENT_SIZE], until[WRIT_WHEN_EVENT_SIZE]; /* both are included */
};

/* Where a search stands in one buffer. Zeroed for each new buffer. */
struct writ_sieve_state {
	const char *found[WRIT_SIEVE_LITERALS_MAX]; /* the next place of each literal */
	const char *escape;                         /* the next suspicious one */
};

void writ_sieve_set_span(struct writ_sieve *sieve, int64_t since, int64_t until);

/* Requires of a line that it holds a JSON string that begins (opens) and ends (closes) with the
 * text; several calls: one of them. False if that cannot be searched for (too short, too many):
 * then the whole search is to be given up, by n = 0. */
bool writ_sieve_add(struct writ_sieve *sieve, const char *text, bool opens, bool closes);

/* The first line from line on to keep, or end. [line, end) are whole lines with their newlines;
 * *count goes up by those passed over. */
const char *writ_sieve_next(const struct writ_sieve *sieve, struct writ_sieve_state *state,
			    const char *line, const char *end, uint64_t *count);

/* The time at the beginning of a line as writ writes it (27 characters, not checked further), or
 * NULL. */
const char *writ_sieve_time(const char *line, size_t length);
