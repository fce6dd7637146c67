/* SPDX-License-Identifier: ISC */
#include "open.h"

#include <unistd.h>

#include "arena.h"
#include "guard.h"
#include "log.h"
#include "own_file.h"
#include "pam.h"
#include "plugin.h"
#include "policy.h"
#include "session_lookup.h"
#include "subject.h"

int writ_plugin_fail(sudo_printf_t print, const char *what, const struct writ_error *err)
{
	print(SUDO_CONV_ERROR_MSG, "writ: %s%s%s\n", what, err ? ": " : "",
	      err ? err->message : "");
	writ_log(LOG_ERR, "%s%s%s", what, err ? ": " : "", err ? err->message : "");
	return -1;
}

int writ_plugin_open(struct writ_plugin *plugin, const struct writ_opening *opening,
		     struct writ_error *err)
{
	unsigned version = opening->version;

	if (SUDO_API_VERSION_GET_MAJOR(version) != SUDO_API_VERSION_MAJOR)
		return writ_error_set(err,
				      "this sudo speaks version %u of the plugin API, this "
				      "plugin speaks version %u",
				      SUDO_API_VERSION_GET_MAJOR(version), SUDO_API_VERSION_MAJOR);
	if (plugin->command.fd > 0)
		close(plugin->command.fd);
	if (plugin->command.folder > 0)
		close(plugin->command.folder);
	if (plugin->command.spool > 0)
		close(plugin->command.spool);
	if (plugin->command.witness > 0)
		close(plugin->command.witness);
	writ_pam_end(plugin->pam);
	writ_policy_free(plugin->policy);
	writ_arena_free(plugin->arena);
	*plugin = (struct writ_plugin) {
		.type = opening->type,
		.name = opening->name,
		.version = version,
		.conversation = opening->conversation,
		.print = opening->print,
		.environment = opening->user_env,
		.arena = writ_arena_new(),
		.command.fd = -1,
		.command.folder = -1,
		.command.spool = -1,
		.command.witness = -1,
	};
	/* Before 1.2 there were no options to be read. */
	if (!plugin->arena ||
	    writ_arguments_read(&plugin->arguments, plugin->arena,
				version < SUDO_API_MKVERSION(1, 2) ? NULL : opening->options) < 0)
		return writ_error_set(err, "out of memory");
	writ_asked_read(&plugin->asked, opening->settings);
	return writ_caller_read(&plugin->caller, opening->user_info, err);
}

/* Refuses this caller whatever it asks. The first reason stands. */
static void bar(struct writ_plugin *plugin, const char *why, const char *told)
{
	if (plugin->barred)
		return;
	plugin->barred = why;
	plugin->barred_told = told;
}

enum writ_truth writ_plugin_governs(struct writ_plugin *plugin)
{
	const struct writ_arguments *arguments = &plugin->arguments;

	if (*arguments->problem.message)
		writ_log(LOG_ERR, "%s", arguments->problem.message);
	if (!arguments->n_subjects && plugin->caller.uid != 0)
		writ_log(LOG_WARNING, "sudo.conf names no subjects (subjects=): nobody is held to "
				      "the policy");
	switch (writ_subject_is(arguments, &plugin->caller)) {
	case WRIT_YES:
		return WRIT_YES;
	case WRIT_UNSURE:
		bar(plugin, "the user or group database cannot tell whether this is a subject",
		    WRIT_TOLD_CONFIGURATION);
		return WRIT_YES;
	case WRIT_NO:
		break;
	}
	if (!arguments->deny_others)
		return WRIT_NO;
	bar(plugin, "this user is no subject, and all others are refused (others=deny)",
	    "sudo on this machine is for other users only");
	return WRIT_YES;
}

void writ_plugin_find_session(struct writ_plugin *plugin)
{
	struct writ_error why = {0};
	struct writ_guard guard;
	int found;

	writ_guard_begin(&guard, &why);
	found = writ_session_find(plugin->arena, plugin->caller.uid, &plugin->session, &why);
	writ_guard_end(&guard);
	if (!found)
		writ_log(LOG_DEBUG, "the session of %s is untagged: %s", plugin->caller.user,
			 why.message);
}

void writ_plugin_hold(struct writ_plugin *plugin)
{
	struct writ_error err = {0};

	/* At once: an ancestor may end. */
	writ_plugin_find_session(plugin);

	if (setresuid(0, 0, 0) < 0)
		bar(plugin, "cannot become root in full", WRIT_TOLD_CONFIGURATION);
	if (SUDO_API_VERSION_GET_MINOR(plugin->version) < WRIT_API_MINOR)
		bar(plugin, "this sudo is too old: its plugin API is older than 1.15 (sudo 1.9.0)",
		    WRIT_TOLD_CONFIGURATION);
	if (*plugin->arguments.problem.message)
		bar(plugin, plugin->arguments.problem.message, WRIT_TOLD_CONFIGURATION);
	if (!plugin->barred && writ_own_file_check(&err) < 0) {
		const char *why = writ_arena_strdup(plugin->arena, err.message);

		bar(plugin, why ? why : "out of memory", WRIT_TOLD_CONFIGURATION);
	}
}
