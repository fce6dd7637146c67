/* SPDX-License-Identifier: ISC */
/*
 * What one decision saw of the file system. Each path and each entry of a policy is looked at once,
 * so that all rules judge the same thing, whatever others change meanwhile; and what was judged can
 * be handed to the program (pin.h), because it is kept open.
 */
#pragma once

#include <stdbool.h>

#include "path_resolve.h"

struct writ_mounts;
struct writ_path_cache;
struct writ_path_entry;

/* Paths of requests that are looked at in one decision; what goes beyond is unsure. */
#define WRIT_PATHS_MAX 1024

/* As many of these are kept open. */
#define WRIT_PATHS_OPEN_MAX 64

/* A path, looked at. */
struct writ_path_look {
	struct writ_resolved path;
	struct writ_resolved_fds fds; /* -1: not kept open */
};

/* An empty one, for imagined files (NULL: none). keep: descriptors stay open until the arena is
 * freed or reset. NULL without memory. */
struct writ_path_cache *writ_path_cache_new(struct writ_arena *arena,
					    const struct writ_files *files, bool keep);

/* Where text leads from cwd (writ_path_resolve). NULL: no memory, or too many paths. */
const struct writ_path_look *writ_path_cache_look(struct writ_path_cache *cache, const char *cwd,
						  const char *text);

/* What an entry stands for (writ_path_entry_open). NULL without memory. */
const struct writ_path_entry *writ_path_cache_entry(struct writ_path_cache *cache,
						    const char *entry);

/* The mounts, read when they are first asked for. NULL: they cannot be read. */
const struct writ_mounts *writ_path_cache_mounts(struct writ_path_cache *cache);
