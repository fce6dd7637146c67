/* SPDX-License-Identifier: ISC */
/*
 * The folder that sudo -D asks for. sudo enters it by its path, after the decision: the caller may
 * have made that path of links and folders that it turns elsewhere at any moment.
 */
#pragma once

struct writ_arena;
struct writ_error;
struct writ_target;

/* Opens the folder. *ret_path: where it is, without links, from the arena; what is decided is
 * decided on that. The descriptor (O_CLOEXEC), by which sudo is to enter it, or -1 with err. */
int writ_start_folder_open(const char *path, struct writ_arena *arena, const char **ret_path,
			   struct writ_error *err);

/* Whether the target user comes to that folder by that path with its own rights, as it has to where
 * sudo goes by the path. 0, or -1 with err. */
int writ_start_folder_admits(int fd, const char *path, const struct writ_target *target,
			     struct writ_error *err);

/* For a plugin that sudo will not take a descriptor from: 0 if the path has no links and can be
 * changed by nobody but root, or -1 with err. */
int writ_start_folder_check(const char *path, struct writ_arena *arena, struct writ_error *err);
