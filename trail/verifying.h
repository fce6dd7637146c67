/* SPDX-License-Identifier: ISC */
/* What verify.c (lines) and verify_end.c (what remains after the last one) share. */
#pragma once

#include "id_set.h"
#include "iolog_tree.h"
#include "pending.h"
#include "sessions.h"
#include "verify.h"

struct writ_arena;

/* What tells different kinds of ids apart within one set. */
enum writ_verify_salt { SALT_ID, SALT_TSID, SALT_LOG };

struct writ_verify {
	const struct writ_verify_options *options;
	struct writ_verified *result;
	struct writ_arena *arena;     /* of one finding */
	struct writ_id_set ids;       /* of events and TSIDs */
	struct writ_id_set running;   /* decisions of commands that run now */
	struct writ_pending *pending; /* allowed commands that have not ended */
	struct writ_sessions *sessions;
	struct writ_iolog_tree *tree; /* NULL: not looked at */
	char first_id[64];            /* of the first event: what is older may be gone by design */
	int64_t latest;               /* time of an event so far */
	int64_t started;              /* when this began */
};

/* Calls back with the finding, and counts it. */
void writ_verify_find(struct writ_verify *v, struct writ_finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether something of that id is so old that a rotation may have dropped it. */
bool writ_verify_may_be_gone(const struct writ_verify *v, struct writ_slice id);

/* Looks for the I/O log of a command that was to have one. */
void writ_verify_iolog_of(struct writ_verify *v, const struct writ_pending_command *command);

/* What runs, and whether there are I/O logs to look at. 0, or -1 without memory. */
int writ_verify_begin(struct writ_verify *v);

/* After the last entry, while its files are open: commands without end, sessions, I/O logs. */
int writ_verify_ends(struct writ_verify *v, struct writ_error *err);
