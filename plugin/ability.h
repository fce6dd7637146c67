/* SPDX-License-Identifier: ISC */
/*
 * What the sudo that loaded the plugin can do. A setting that it would leave out without a word
 * must not be asked of it: a policy that asks does not load.
 */
#pragma once

#include <stddef.h>

struct writ_plugin;

#define WRIT_ABILITIES 3

/* The keys of a rule's `run` that this sudo cannot do; how many. */
size_t writ_ability_lacking(const struct writ_plugin *plugin, const char *ret[WRIT_ABILITIES]);
