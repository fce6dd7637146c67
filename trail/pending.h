/* SPDX-License-Identifier: ISC */
/* Commands that were allowed and of which no end was read yet. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct writ_entry;
struct writ_pending;

struct writ_pending_command {
	char *id;          /* of the decision; these three on the heap */
	char *tsid, *host; /* or NULL */
	const char *file;  /* outlives the table */
	uint64_t offset, number;
	int64_t time;
};

struct writ_pending *writ_pending_new(void);
void writ_pending_free(struct writ_pending *pending);

/* Adds the decision of that digest (id_set.h). 0, or -1 without memory. */
int writ_pending_add(struct writ_pending *pending, uint64_t digest, const struct writ_entry *entry);

/* Takes it out; false if it is not there. What is taken is the caller's: _command_done. */
bool writ_pending_take(struct writ_pending *pending, uint64_t digest,
		       struct writ_pending_command *ret);
void writ_pending_command_done(struct writ_pending_command *command);

/* Calls each for those that are left, in the order in which they were added. */
void writ_pending_each(const struct writ_pending *pending,
		       void (*each)(void *data, const struct writ_pending_command *command),
		       void *data);
