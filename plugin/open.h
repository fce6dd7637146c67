/* SPDX-License-Identifier: ISC */
/*
 * The beginning of a use, the same for policy and approval plugin: who calls, what is asked of
 * sudo, and whether this caller is held to the policy.
 */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>

#include "truth.h"

struct writ_error;
struct writ_plugin;

/* What sudo hands to a plugin's open. */
struct writ_opening {
	unsigned type;
	const char *name; /* of the plugin struct */
	unsigned version;
	sudo_conv_t conversation;
	sudo_printf_t print;
	char *const *settings, *const *user_info, *const *user_env, *const *options;
};

/* Starts plugin anew, forgetting what an earlier use left. Strings are borrowed from sudo's
 * vectors. 0, or -1 with err: sudo speaks another version of the API, does not say who calls, no
 * memory. */
int writ_plugin_open(struct writ_plugin *plugin, const struct writ_opening *opening,
		     struct writ_error *err);

/* The caller is held to the policy (YES), or no concern of it (NO). Whoever must be refused
 * whatever they ask is held to it as well, and barred. */
enum writ_truth writ_plugin_governs(struct writ_plugin *plugin);

/* Looks up the login that the caller came by. Without one it is untagged, which a rule may refuse;
 * no limit on memory or open files that the caller sets makes it so. */
void writ_plugin_find_session(struct writ_plugin *plugin);

/* For a caller that is held to the policy: looks up its session; becomes fully root, since until
 * then the real uid is the caller's, who could end this process between a decision and its record;
 * and sees whether this sudo and this plugin can be relied on. What is wrong bars the caller. */
void writ_plugin_hold(struct writ_plugin *plugin);

/* Says why sudo cannot be used at all, to the caller and in the system log. Returns -1. */
int writ_plugin_fail(sudo_printf_t print, const char *what, const struct writ_error *err);
