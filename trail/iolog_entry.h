/* SPDX-License-Identifier: ISC */
/* From an entry of the trail to its I/O log. */
#pragma once

struct writ_arena;
struct writ_entry;
struct writ_error;
struct writ_iolog_reader;
struct writ_iolog_tree;

/* The TSID, below dir, of the log that an entry names: as such (a decision), or by the path of the
 * folder (what sudo told its audit plugins). From the arena; NULL if it names none, and for what
 * was refused: nothing ran. */
const char *writ_iolog_entry_tsid(const struct writ_entry *entry, const char *dir,
				  struct writ_arena *arena);

/* Opens it, wherever below the tree's folder it lies. 1 with *ret (the caller's to close) and
 * *ret_tsid (where it lies; the arena's); 0: it names none; -1 with err and errno: ENOENT if there
 * is none, EACCES if it may not be read. */
int writ_iolog_entry_open(struct writ_iolog_tree *tree, const struct writ_entry *entry,
			  struct writ_arena *arena, struct writ_iolog_reader **ret,
			  const char **ret_tsid, struct writ_error *err);

/* The same for an event whose line is in no file any more: the log that names the event itself. */
int writ_iolog_event_open(struct writ_iolog_tree *tree, const char *id, struct writ_arena *arena,
			  struct writ_iolog_reader **ret, const char **ret_tsid,
			  struct writ_error *err);
