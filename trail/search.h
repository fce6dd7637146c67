/* SPDX-License-Identifier: ISC */
/*
 * Text in what commands wrote: stdout, stderr and ttyout of an I/O log (what was typed or piped
 * into them is not output). A text is found as it stands, also across the borders of records, and
 * as a person at the terminal would have read it: with escape sequences and control characters left
 * out and CR LF taken as LF, so that colours, or somebody who does not want to be found, cannot
 * hide it between the letters. It is not looked for across cursor movements, line wraps or two
 * streams.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "iolog.h"

struct writ_search;

/* The longest text, in bytes. */
#define WRIT_SEARCH_TEXT_MAX 65536

struct writ_search_hit {
	enum writ_iolog_kind stream;
	uint64_t position;      /* of the first byte in that stream, from 0 */
	struct timespec offset; /* when the first byte was written, since the log began */
	bool untimed;           /* `timing` does not say when: not before that */
};

/* A search can be used for many logs, one after the other. NULL with err: the text is empty or too
 * long, or no memory. _free(NULL) is fine. */
struct writ_search *writ_search_new(const char *text, size_t length, struct writ_error *err);
void writ_search_free(struct writ_search *search);

/* Looks through one log, from where the reader stands (its beginning) to its end, or up to the
 * max'th hit. Hits do not overlap within a stream. The number of hits; *ret_hits, in the order of
 * time, is the search's until the next call. What is wrong with the log, the reader knows. */
size_t writ_search_iolog(struct writ_search *search, struct writ_iolog_reader *reader, size_t max,
			 const struct writ_search_hit **ret_hits);
