/* SPDX-License-Identifier: ISC */
/* One request on its way to a decision: what is known of it so far. Of the engine's own use. */
#pragma once

#include <stdbool.h>

#include "decision.h"
#include "error.h"
#include "parsed.h"
#include "program.h"

struct writ_arena;
struct writ_path_cache;
struct writ_policy;
struct writ_request;

struct writ_deciding {
	const struct writ_policy *policy;
	struct writ_arena *arena;
	const struct writ_request *request;
	struct writ_decision *ret;
	struct writ_program program;
	struct writ_parsed parsed;
	bool is_parsed;
	struct writ_error unread;      /* why it is not */
	const char *cwd;               /* where an allow rule starts it; NULL: not settled */
	struct writ_path_cache *paths; /* all rules judge what was seen once */
	const char
		*not_granted; /* an allow rule covers the command, but not what was asked of sudo */
};

/* The reason of a refusal for which there is not even the memory to say why. */
extern const char writ_deciding_no_memory[];

/* Denies; without a reason (no memory to put it into words) in the words above. */
void writ_deciding_refuse(struct writ_decision *ret, enum writ_code code, const char *reason);

/* Reads the request: size, options of sudo, program, and the argument vector by the program's
 * command file. False: it is refused, whatever the rules say. True with is_parsed false: there is
 * no command file, or the vector could not be read by it (unread says why). */
bool writ_deciding_read(struct writ_deciding *d);
