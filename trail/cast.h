/* SPDX-License-Identifier: ISC */
/*
 * An I/O log as asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): a line of JSON with
 * the terminal's size and the command, then a line for each event, "o" for output, "r" for a new
 * size, "i" for input. Text is UTF-8: characters that records cut in two are put together again,
 * bytes that are no text become U+FFFD.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct writ_error;
struct writ_iolog_reader;

/* Players allocate lines times columns, and the subject can set its terminal to any size. */
#define WRIT_CAST_SIZE_MAX 1000

/* From where the reader stands (its beginning) to the log's end. input: also what was typed and
 * piped into the command, which may hold passwords. Output that went to no terminal gets the
 * carriage returns that a terminal would have added; a pause while the command was stopped by a
 * signal is left out, as by sudoreplay(8). 0, or -1 with err: no memory, or out cannot be written
 * (what is still in its buffer is the caller's to flush). */
int writ_cast_write(struct writ_iolog_reader *reader, bool input, FILE *out,
		    struct writ_error *err);
