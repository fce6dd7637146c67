/* SPDX-License-Identifier: ISC */
/*
 * Is the caller a subject, one of those whom the policy governs? Said by subjects= in sudo.conf, so
 * that a policy that cannot be read still refuses the right people and nobody else.
 */
#pragma once

#include <stddef.h>

#include "truth.h"

struct writ_arena;
struct writ_arguments;
struct writ_caller;

/* A user counts by name or by uid (two names of one account are one subject); a %group by the
 * kernel's list of the caller's groups or by the group database (the account's own group, its list
 * of groups, the group's list of members), whichever says yes. Root is never a subject. UNSURE: the
 * group or user database could not be asked. */
enum writ_truth writ_subject_is(const struct writ_arguments *arguments,
				const struct writ_caller *caller);

/* The names of the caller's groups, by both sources. A group without a name is left out.
 * NULL without memory. */
const char *const *writ_subject_groups(struct writ_arena *arena, const struct writ_caller *caller,
				       size_t *ret_n);
