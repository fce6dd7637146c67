/* SPDX-License-Identifier: ISC */
/*
 * The spool, read: what waits to be sent to a log server (spool.h), item by item, and the folder
 * that sudo_sendlog(8) is given for each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_arena;
struct writ_error;

struct writ_spooled {
	const char *event; /* id, and the item's name */
	int folder;        /* its folder; locked by this process, so that sudo has ended */
	bool accepted;
	const char *reason;             /* refused: why */
	const char *iolog;              /* accepted: folder of the I/O log, or NULL */
	const char *const *log_servers; /* as the policy has them */
	size_t n_log_servers;
	unsigned timeout;                            /* seconds; 0: not said */
	const char *cabundle, *peer_cert, *peer_key; /* or NULL */
	bool verify;
};

/* Whether nobody else sends from this spool, and until when: as long as the descriptor is open.
 * -1 with err; errno is EWOULDBLOCK if somebody does. */
int writ_spooled_lock(int spool, struct writ_error *err);

/* The names of all items, n of them, oldest first, from the arena.
 * What killed writers left, and what is gone already but for its files, is removed on the way.
 * 0, or -1 with err. */
int writ_spooled_list(int spool, struct writ_arena *arena, const char *const **ret, size_t *ret_n,
		      struct writ_error *err);

/* Opens an item and locks it. 1; 0 if its command still runs, or it is gone; -1 with err: it
 * cannot be read (a machine that lost its power may leave one half-written). */
int writ_spooled_open(int spool, const char *name, struct writ_arena *arena,
		      struct writ_spooled *ret, struct writ_error *err);
void writ_spooled_close(struct writ_spooled *item);

/* Makes the folder that sudo_sendlog is to be given and returns its path, from the arena: of a
 * refused request the item itself; of a command one with the head of the log, how the command
 * ended, and links to the streams of its I/O log. *ret_bytes: what there is to be sent; *ret_io:
 * whether there is an I/O log at all. NULL with err. */
const char *writ_spooled_stage(int spool, const struct writ_spooled *item, struct writ_arena *arena,
			       uint64_t *ret_bytes, bool *ret_io, struct writ_error *err);
