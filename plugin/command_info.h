/* SPDX-License-Identifier: ISC */
/*
 * command_info: how sudo is to run the command, as NAME=value; see sudo_plugin(5).
 */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_decision;
struct writ_target;

struct writ_command_info {
	const struct writ_decision *decision; /* allowed, with a program and a run */
	const char *path;                     /* what to execute */
	const char *cwd;                      /* where it starts; NULL: in the caller's folder */
	int folder;                           /* that cwd leads to by its number, or -1 */
	const struct writ_target *target;
	int fd;                 /* of it, or -1: by path */
	const char *iolog_path; /* folder for the I/O log, or NULL: none */
	bool live;              /* it goes to the log servers instead */
};

/* NULL-terminated, from the arena; NULL without memory. */
char **writ_command_info_build(const struct writ_command_info *from, struct writ_arena *arena);

/* What audit plugins are to know of a refused request: the program, as whom. */
char **writ_command_info_refused(const struct writ_decision *decision, struct writ_arena *arena);
