/* SPDX-License-Identifier: ISC */
/* Runs other programs: without a shell, with an environment of their own, and within bounds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;
struct writ_error;

/* The path of a program: as given if it holds a slash, otherwise from the system's folders. From
 * the arena; NULL with err. */
const char *program_find(struct writ_arena *arena, const char *name, struct writ_error *err);

struct program {
	const char *path;
	const char *const *argv;        /* NULL-terminated; argv[0] as well */
	const char *const *environment; /* NULL-terminated */
	unsigned seconds;               /* it is killed after so long */
	size_t output_max;              /* bytes of each output */
	bool together;                  /* standard error goes where standard output goes */
};

struct program_result {
	const char *out, *err; /* NUL-terminated, from the arena; err: "" if together */
	int status;            /* as waitpid(2) has it */
	bool too_long;         /* killed for that */
};

/* Runs it with no input, in "/", as a process group of its own that is gone afterwards. 0, or -1
 * with err: it cannot be started, or prints too much. */
int program_run(struct writ_arena *arena, const struct program *program, struct program_result *ret,
		struct writ_error *err);
