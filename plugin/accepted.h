/* SPDX-License-Identifier: ISC */
/*
 * What another policy plugin has accepted, as the approval plugin is shown it: the program, as
 * whom, where. It comes from that plugin, of whose words root is the author; what cannot be read
 * for certain is refused all the same.
 */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_error;
struct writ_plugin;
struct writ_settled;

struct writ_accepted {
	char *const *info; /* command_info */
	char *const *argv, *const *env;
	char *const *asked; /* VAR=value words (submitted.h) */
};

/* Fills ret. 0, or -1 with err: something is missing, or contradicts itself. */
int writ_accepted_read(const struct writ_accepted *accepted, const struct writ_plugin *plugin,
		       struct writ_settled *ret, struct writ_error *err);

/* The arguments with the program's path first, as sudo will execute it. From the arena; NULL with
 * err. */
char **writ_accepted_argv(const struct writ_accepted *accepted, struct writ_arena *arena,
			  struct writ_error *err);

/* A flag in command_info. */
bool writ_accepted_has(const struct writ_accepted *accepted, const char *flag);
