/* SPDX-License-Identifier: ISC */
/*
 * From what sudo says to a decision: builds the request, loads the policy when it is first needed,
 * and asks the engine.
 */
#pragma once

#include "decision.h"

struct writ_arena;
struct writ_plugin;

/* What a subject is told where the reason is about root's files. */
#define WRIT_TOLD_POLICY                                                                           \
	"the policy cannot be used; the administrator finds the reason in the system log"

/* Decides on the vector. Fills *ret in any case (a refusal if anything fails); its strings live as
 * long as arena, plugin and argv. env_add may be NULL. */
void writ_plugin_decide(struct writ_plugin *plugin, struct writ_arena *arena, char *const argv[],
			char *const env_add[], struct writ_decision *ret);

/* The policy is loaded, or loads now. 0, or -1: plugin->policy_error says why not. */
int writ_plugin_need_policy(struct writ_plugin *plugin);

/* The caller's working directory, which a command inherits; NULL: not known for certain. */
const char *writ_plugin_cwd(const struct writ_plugin *plugin);

/* What is known of the caller alone, for sudo -l. 0, or -1 without memory. */
struct writ_request;
int writ_plugin_request(const struct writ_plugin *plugin, struct writ_arena *arena,
			struct writ_request *ret);

/* Makes a refusal of a decision: something else was wrong. told NULL: the same as reason. */
void writ_plugin_turn_down(struct writ_decision *decision, enum writ_code code, const char *reason,
			   const char *told);
