/* SPDX-License-Identifier: ISC */
/* writ grammar: command files and what programs say of themselves. */
#pragma once

#include <stddef.h>

#include "cli.h"

struct help_page;
struct writ_arena;
struct writ_error;

/* Deepest subcommand, and how many commands of one program are looked at. */
#define GRAMMAR_DEPTH_MAX 8
#define GRAMMAR_COMMANDS_MAX 2000

/* The help of one command below the program. NULL with err: also where the program answers with the
 * help of another command. */
const struct help_page *grammar_page(struct writ_arena *arena, const char *program,
				     const char *const *words, size_t n, struct writ_error *err);

/* Prints a draft of a command file on standard output, and on standard error what it does not say.
 */
enum cli_status grammar_import(struct writ_arena *arena, const char *program);

/* Prints what the installed program (NULL: the first that the file lists and that is there) has and
 * the command file lacks. CLI_NO if there is anything. */
enum cli_status grammar_check(struct writ_arena *arena, const char *file, const char *program);
