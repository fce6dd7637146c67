/* SPDX-License-Identifier: ISC */
/*
 * Commands that run now: the ids of their decisions, from the environment that writ's plugin gave
 * them (WRIT_EVENT). A process can change its own, so this is a hint: one that hides looks as if it
 * had ended without a word, one that lies hides that it ended.
 */
#pragma once

#include <stdbool.h>

#include "id_set.h"

/* Adds the digests (salt 0) of the ids; *ret_blind: some processes could not be looked at. 0, or -1
 * without memory. */
int writ_running_read(struct writ_id_set *set, bool *ret_blind);
