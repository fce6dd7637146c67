/* SPDX-License-Identifier: ISC */
#include "ability.h"

#include <dlfcn.h>

#include "cleanup.h"
#include "execveat.h"
#include "plugin.h"

/* By ptrace, or static programs would walk past it; and with what was judged compared to what runs
 * (intercept_verify, sudo 1.9.12), or a second thread could change it in between. */
static bool can_intercept(const struct writ_plugin *plugin)
{
	return plugin->asked.ptrace && plugin->version >= SUDO_API_MKVERSION(1, 20) &&
	       writ_execveat_known();
}

/* rlimit_… in command_info: sudo 1.9.9. */
static bool can_limit(const struct writ_plugin *plugin)
{
	return plugin->version >= SUDO_API_MKVERSION(1, 18);
}

/* A sudo built with AppArmor is linked with its library, and leaves the profile out where the
 * kernel has none. */
static bool can_apparmor(const struct writ_plugin *plugin)
{
	int (*is_enabled)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "aa_is_enabled");

	return plugin->version >= SUDO_API_MKVERSION(1, 19) && is_enabled && is_enabled() == 1;
}

static const struct {
	const char *key;
	bool (*can)(const struct writ_plugin *plugin);
} abilities[WRIT_ABILITIES] = {
	{"intercept", can_intercept},
	{"rlimits", can_limit},
	{"apparmor_profile", can_apparmor},
};

size_t writ_ability_lacking(const struct writ_plugin *plugin, const char *ret[WRIT_ABILITIES])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(abilities); i++)
		if (!abilities[i].can(plugin))
			ret[n++] = abilities[i].key;
	return n;
}
