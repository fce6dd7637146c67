/* SPDX-License-Identifier: ISC */
/*
 * What a compose file makes docker compose read besides itself. There is no YAML here: a file is
 * read line by line, and what cannot be read so with certainty (see compose.c) is refused. Where
 * files are included, only absolute paths are understood: what a relative one means depends on
 * options that are not seen here (--project-directory, a first --file).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "truth.h"

struct writ_arena;
struct writ_error;
struct writ_path_cache;

/* A file that a compose file names. */
struct writ_compose_include {
	const char *path; /* absolute */
	bool compose;     /* it is read as a compose file, too */
	struct writ_compose_include *next;
};

/* The names in the length bytes at text; *ret NULL: none. 0, or -1 with err: "line 3: …". */
int writ_compose_read(struct writ_arena *arena, const char *text, size_t length,
		      struct writ_compose_include **ret, struct writ_error *err);

/*
 * YES if only root can change the compose file that path leads to from cwd, and every file that it
 * includes, directly or not; else UNSURE, with err. An imagined file is taken to include nothing.
 */
enum writ_truth writ_compose_judge(struct writ_arena *arena, struct writ_path_cache *cache,
				   const char *cwd, const char *path, struct writ_error *err);
