/* SPDX-License-Identifier: ISC */
/*
 * One line of standard input in, one line of JSON out, in order: a program can keep a batch open
 * and ask it one question at a time. Every line is answered, also what is no JSON and what is
 * endless.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

struct writ_json_writer;

/* Longest line that is looked at. An argument vector of 64 KiB written as \uXXXX throughout has
 * room. */
#define CLI_LINE_MAX (1u << 20)

/* Writes the answer to one line (without its newline, not NUL-terminated). line is NULL where it
 * was longer than CLI_LINE_MAX. */
typedef void cli_answer(void *context, const char *line, size_t length,
			struct writ_json_writer *out);

/* Answers until the end of the input. CLI_YES, or CLI_FAILED after an error of reading or writing.
 */
enum cli_status cli_batch(cli_answer *answer, void *context);
