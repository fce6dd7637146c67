/* SPDX-License-Identifier: ISC */
/*
 * Text that an attacker may have chosen: is it UTF-8, does it hold control characters, how is it
 * shown to people without letting it speak to their terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;

/* What a text holds besides printable UTF-8; a set of these flags. */
enum writ_text_flags {
	WRIT_TEXT_CONTROL = 1,     /* C0 but tab and newline, 0x7f, or C1 (U+0080…U+009F) */
	WRIT_TEXT_TAB_NEWLINE = 2, /* tab or newline */
	WRIT_TEXT_INVALID = 4,     /* not UTF-8 (RFC 3629: no surrogates, nothing over U+10FFFF) */
};
unsigned writ_text_scan(const char *s, size_t length);

/* How many bytes from the start on are valid UTF-8. */
size_t writ_text_valid_prefix(const char *s, size_t length);

/* The text for people and logs on one line: valid UTF-8 as it is, control characters, bidirectional
 * controls and invalid bytes as \n, \t, \xNN, \u{NNNN}; cut after max bytes of output with "…".
 * From the arena; NULL without memory. */
const char *writ_text_show(struct writ_arena *arena, const char *s, size_t max);

/* The same, in single quotes as a POSIX shell would need it, or bare if it needs none. */
const char *writ_text_quote(struct writ_arena *arena, const char *s, size_t max);

/* An argument vector as one line of shell words, cut after max bytes. */
const char *writ_text_command_line(struct writ_arena *arena, char *const *argv, size_t argc,
				   size_t max);

/* The candidate nearest to word by edit distance (transpositions count one), or NULL if none is
 * near enough to be a likely misspelling (distance at most a third of the word, at least 1). */
const char *writ_text_nearest(const char *word, const char *const *candidates, size_t n);
