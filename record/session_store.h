/* SPDX-License-Identifier: ISC */
/*
 * Where session records lie: a folder of root's, with one file ID.json a session (0600), and an
 * index in .index that finds them without reading them all, however many there are:
 *
 *   .index/42.1001/ID.12889.912345           audit session 42, uid 1001: ID, leader's pid and start
 *   .index/none.1001.12889.912345/ID.…       no audit session: by the leader alone
 *
 * Names are hints: what a record says of itself decides, and the two must agree.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "session_record.h"

struct writ_arena;
struct writ_error;

struct writ_session_store {
	int folder;
	int index;
};

/* The largest record, in bytes. */
#define WRIT_SESSION_RECORD_MAX (16 * 1024)

/* One name in the index. */
struct writ_session_entry {
	char id[WRIT_SESSION_ID_SIZE];
	pid_t pid;
	uint64_t start;
};

/* Opens the store at an absolute path; with make, what is missing of it is made (folders 0711).
 * 0, or -1 with err: it is missing, or somebody besides root could change it. */
int writ_session_store_open(struct writ_session_store *ret, const char *path, bool make,
			    struct writ_error *err);
void writ_session_store_close(struct writ_session_store *store);

/* Adds a record whole, or nothing of it: no reader ever sees a part. An id that is taken is
 * replaced by a fresh one. 0 or -1 with err. Needs a guard (guard.h) where a caller's limits apply.
 */
int writ_session_store_add(struct writ_session_store *store, struct writ_session_record *record,
			   struct writ_error *err);

/* Writes a record anew that is there; makes none. 0 or -1 with err. */
int writ_session_store_replace(struct writ_session_store *store,
			       const struct writ_session_record *record, struct writ_error *err);

/* Removes record and index entry; what is missing already is fine. 0 or -1 with err. */
int writ_session_store_remove(struct writ_session_store *store,
			      const struct writ_session_record *record, struct writ_error *err);

/* Reads the record ID.json: a regular file of root's, 0600, with one link, whole, of that id.
 * Its strings are from the arena. 0 or -1 with err. */
int writ_session_store_read(const struct writ_session_store *store, struct writ_arena *arena,
			    const char *id, struct writ_session_record *ret,
			    struct writ_error *err);

/* Calls back for every entry of the index that a record like this one would have (by its audit
 * session and uid, and, where it has no audit session, its leader). A name that is no entry's has
 * an empty id. 0, also if there are none; -1 with err. */
int writ_session_store_each(const struct writ_session_store *store,
			    const struct writ_session_record *like,
			    void (*each)(const struct writ_session_entry *entry, void *data),
			    void *data, struct writ_error *err);

/* Reads a name of the index; the id is empty if it is none. */
void writ_session_entry_parse(const char *name, struct writ_session_entry *ret);
