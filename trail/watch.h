/* SPDX-License-Identifier: ISC */
/* Waits until files change, are moved or made: inotify(7). */
#pragma once

struct writ_error;
struct writ_watch;

/* NULL with err. */
struct writ_watch *writ_watch_new(struct writ_error *err);
void writ_watch_free(struct writ_watch *watch);

/* From now on also this file: what it is, or what will be of that name in its folder. Several times
 * for one file is fine, and needed after it was replaced where it is a link. 0, or -1 with err. */
int writ_watch_add(struct writ_watch *watch, const char *path, struct writ_error *err);

/* Waits until something may have happened since the last call: 1; 0 if nobody reads output (a
 * descriptor) any more; -1 with err. */
int writ_watch_wait(struct writ_watch *watch, int output, struct writ_error *err);
