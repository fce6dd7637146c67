/* SPDX-License-Identifier: ISC */
/*
 * One entry of `under`, `not_under` or `exact`: what it stands for on this machine now, and whether
 * a resolved path is that or below it. Only path*.c include this.
 */
#pragma once

#include <stdbool.h>

#include "truth.h"

struct writ_arena;
struct writ_files;
struct writ_path_cache;
struct writ_path_entry;
struct writ_resolved;

/*
 * Resolves the entry, an absolute path or glob as writ_path_rule_parse leaves it. A glob is
 * expanded, so that what it names may be a link; a folder that holds too many names leaves it open
 * what else it stands for. NULL without memory.
 */
const struct writ_path_entry *
writ_path_entry_open(struct writ_arena *arena, const struct writ_files *files, const char *entry);

/*
 * Whether the path (FOUND or MISSING) is below the entry or the entry itself; with exact, only the
 * latter.
 *  - a directory is recognised by device and inode, wherever it is mounted;
 *  - a glob also matches the names on the resolved path; an entry that does not exist is compared
 *    by its names below what does;
 *  - a file met under another name (a hard link, a bind mount of the file) is unsure;
 *  - so is an entry that leads through a link which others than root could change;
 *  - and so is what lies in the entry's tree and is seen through a mount of a part of that tree
 *    (path_mount.h).
 */
enum writ_truth writ_path_entry_match(struct writ_path_cache *cache,
				      const struct writ_path_entry *entry,
				      const struct writ_resolved *path, bool exact);

/* The same by the text alone, both absolute and clean. */
enum writ_truth writ_path_entry_match_text(const char *entry, const char *path, bool exact);
