/* SPDX-License-Identifier: ISC */
/*
 * The I/O logs below a folder: sudo's own (/var/log/sudo-io) or sudo_logsrvd's, whose upper folders
 * are hosts, users, sequence numbers, whatever its iolog_dir and iolog_file say. Links are not
 * followed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_error;
struct writ_iolog_tree;

/* Deepest folder that is looked into, below the top. */
#define WRIT_IOLOG_TREE_DEPTH 12

/* Calls each for every folder that is an I/O log (it holds `timing`, log.json or log), with its
 * path below dir, in the order of names; stops when that returns false. 0, or -1 with err: dir
 * cannot be read, or no memory. Folders below it that cannot be read count in *ret_unreadable (may
 * be NULL).
 */
int writ_iolog_tree_walk(const char *dir, bool (*each)(void *data, const char *tsid), void *data,
			 size_t *ret_unreadable, struct writ_error *err);

/* Finds logs again and again; the tree is read once, and not before that is needed. NULL without
 * memory. dir is borrowed. */
struct writ_iolog_tree *writ_iolog_tree_new(const char *dir);
void writ_iolog_tree_free(struct writ_iolog_tree *tree);
const char *writ_iolog_tree_dir(const struct writ_iolog_tree *tree);

/* Where the log of a decision lies: at the tsid that the event names; at HOST/tsid; or, wherever it
 * is, the log whose log.json names the event (a server chooses its own names). tsid, host, event
 * may each be NULL. The path below dir, the tree's own; NULL if there is none. */
const char *writ_iolog_tree_find(struct writ_iolog_tree *tree, const char *tsid, const char *host,
				 const char *event);
