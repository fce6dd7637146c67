/* SPDX-License-Identifier: ISC */
/*
 * One entry of `under`, `not_under` or `exact` against a resolved path. Only path.c includes this.
 */
#pragma once

#include <stdbool.h>

#include "truth.h"

struct writ_arena;
struct writ_files;
struct writ_resolved;

/*
 * Whether the path (FOUND or MISSING) is below the entry or the entry itself; with exact, only the
 * latter. The entry is an absolute path or glob as writ_path_rule_parse leaves it, and is resolved
 * too:
 *  - a directory is recognised by device and inode, wherever it is mounted;
 *  - a glob matches the names on the resolved path, and is also expanded, so that what it names may
 * be a link; an entry that does not exist is compared by its names below what does;
 *  - a file met under another name (a hard link, a bind mount of the file) is unsure;
 *  - so is an entry that leads through a link which others than root could change.
 * Not recognised: a part of the entry's tree that is mounted elsewhere, as its own directory.
 */
enum writ_truth writ_path_entry_match(struct writ_arena *arena, const struct writ_files *files,
				      const char *entry, const struct writ_resolved *path,
				      bool exact);

/* The same by the text alone, both absolute and clean. */
enum writ_truth writ_path_entry_match_text(const char *entry, const char *path, bool exact);
