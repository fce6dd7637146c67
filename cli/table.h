/* SPDX-License-Identifier: ISC */
/*
 * Rows of columns on standard output, no wider than the terminal. What is shown may come from
 * anybody: nothing of it reaches the terminal but printable characters, each counted with the
 * columns that it takes.
 */
#pragma once

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct writ_arena;

enum cli_colour { CLI_PLAIN, CLI_GOOD, CLI_BAD, CLI_ALARM, CLI_FAINT, CLI_HEAD };

struct cli_table {
	unsigned width; /* of the terminal in columns; 0: as wide as it takes */
	bool terminal;  /* standard output is one */
	bool colours;
	bool utc;                 /* times in UTC instead of the local zone */
	struct writ_arena *arena; /* of the row */
	locale_t characters;      /* that tell how wide characters are; or 0 */
	/* of the row that is being printed: */
	unsigned at; /* column */
	char *rest;  /* its last column, on the heap */
	size_t rest_length, rest_size;
	unsigned rest_columns;
	enum cli_colour rest_colour;
};

/* Looks at standard output: TIOCGWINSZ, COLUMNS; NO_COLOR, TERM. False without memory. */
bool cli_table_init(struct cli_table *table, bool utc);
void cli_table_done(struct cli_table *table);

/* The next column: cut to width, or filled up to it, and a blank behind it. */
void cli_table_cell(struct cli_table *table, enum cli_colour colour, unsigned width,
		    const char *text);
/* The last column, or a piece of it, in one colour: cut where the terminal ends. */
void cli_table_rest(struct cli_table *table, enum cli_colour colour, const char *text);
/* The same with text from anybody, made harmless; of a JSON string; of an array, as shell words. */
void cli_table_text(struct cli_table *table, const char *text);
void cli_table_slice(struct cli_table *table, struct writ_slice slice);
void cli_table_words(struct cli_table *table, struct writ_slice array);
/* As cli_table_cell, of a JSON string. */
void cli_table_name(struct cli_table *table, enum cli_colour colour, unsigned width,
		    struct writ_slice slice);
/* Ends the row. */
void cli_table_end(struct cli_table *table);

/* Below a row that was ended: text from anybody, indented, broken between words where the terminal
 * ends. */
void cli_table_paragraph(struct cli_table *table, unsigned indent, const char *text);

/* "2026-11-21 22:40:09", or "Nov 21 22:40:09" on a narrow terminal, in the table's zone. */
void cli_table_time(struct cli_table *table, int64_t when);
unsigned cli_table_time_width(const struct cli_table *table);
