/* SPDX-License-Identifier: ISC */
/* Asks a program for its help. */
#pragma once

#include <stddef.h>

struct writ_arena;
struct writ_error;

#define HELP_RUN_ARGS_MAX 16

/*
 * What PROGRAM WORD… --help prints, both outputs together: run without a shell, with an environment
 * of its own, no input, in "/", at most 10 seconds and 1 MiB. words: n, at most HELP_RUN_ARGS_MAX.
 * From the arena, NUL-terminated; NULL with err. The exit status does not matter.
 */
const char *help_run(struct writ_arena *arena, const char *program, const char *const *words,
		     size_t n, struct writ_error *err);
