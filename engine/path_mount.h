/* SPDX-License-Identifier: ISC */
/*
 * Bind mounts. Whoever walks to a directory D meets its inode, wherever D is mounted; but a part of
 * D, mounted elsewhere as its own, hides where it comes from. The kernel's table of mounts tells.
 */
#pragma once

#include <stdbool.h>

#include "truth.h"

struct writ_arena;
struct writ_mounts;
struct writ_resolved;

/* Where mounts begin: whether path_resolve.h's path goes through one, so that the table is needed.
 */
bool writ_mounts_matter(const struct writ_resolved *path);

/* This process's table of mounts, as it is now (proc(5), /proc/PID/mountinfo). NULL: it cannot be
 * read. */
const struct writ_mounts *writ_mounts_read(struct writ_arena *arena);

/*
 * Whether path, as far as it was FOUND, lies in the tree of the directory entry (FOUND), seen
 * through a mount of a part of that tree: NO or UNSURE, never YES. mounts NULL: unsure.
 * Not meant is a part that is mounted where it would stand if entry were "/" (/persist/var/log on
 * /var/log, as hosts do that keep only some folders over a reboot): there it goes by the name that
 * everybody knows it by.
 */
enum writ_truth writ_mounts_hide(const struct writ_mounts *mounts, const struct writ_resolved *path,
				 const struct writ_resolved *entry);
