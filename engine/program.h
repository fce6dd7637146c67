/* SPDX-License-Identifier: ISC */
/* From the first word of a request to the program that it means. */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_command_file;
struct writ_policy;
struct writ_request;

struct writ_program {
	const char *path;                     /* absolute, links unresolved; NULL: not found */
	const struct writ_command_file *file; /* NULL: only rules of `program` know it */
	bool known;                           /* some command file or rule lists the path */
};

/*
 * A bare name is looked up in the policy's search path (never the caller's); a word with a slash
 * must be an absolute path, textually equal to a listed one. What is not installed is, unless
 * request->installed, taken as the first path listed for that name, so that a policy can be tested
 * elsewhere. 0, or -1 without memory.
 */
int writ_program_find(const struct writ_policy *policy, struct writ_arena *arena,
		      const struct writ_request *request, struct writ_program *ret);
