/* SPDX-License-Identifier: ISC */
/*
 * What PAM has to say before a subject's command may run: whether its account may be used now, and,
 * if the rule asks for it, whether the caller is itself.
 */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_decision;
struct writ_plugin;

/* The account: an expired one has lost sudo; a locked or an old password does not matter, unless
 * the decision's rule asks for it. False: decision is a refusal now. */
bool writ_plugin_admit(struct writ_plugin *plugin, struct writ_arena *arena,
		       struct writ_decision *decision);

/* Authentication, after writ_plugin_admit. False: decision is a refusal now, by its rule. */
bool writ_plugin_authenticate(struct writ_plugin *plugin, struct writ_arena *arena,
			      struct writ_decision *decision);
