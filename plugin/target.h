/* SPDX-License-Identifier: ISC */
/*
 * The account that a command runs as, looked up once.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct writ_arena;
struct writ_error;

struct writ_target {
	const char *user, *home, *shell;
	const char *group; /* the group asked for, or NULL: the account's own */
	uid_t uid;
	gid_t gid;          /* group's, or the account's own */
	const char *groups; /* "0,27": gid first, then the account's supplementary groups */
};

/* user and group as the policy names them; group may be NULL. 0 or -1 with err. */
int writ_target_find(struct writ_target *ret, struct writ_arena *arena, const char *user,
		     const char *group, struct writ_error *err);

/* sudo -u '#0' and -g '#0' mean the account or group of that number: its name, from the arena, or
 * the text itself if it is no such number or nobody has it. NULL stays NULL. */
const char *writ_target_user_name(struct writ_arena *arena, const char *text);
const char *writ_target_group_name(struct writ_arena *arena, const char *text);
