/* SPDX-License-Identifier: ISC */
/*
 * The approval plugin that sudo loads (`Plugin writ_approval writ.so`) beside plain sudoers:
 * sudoers decides first, and for a subject writ must agree. sudo opens it for each command that it
 * asks about, children of intercepted commands included, and closes it at once.
 */
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "accepted.h"
#include "approve.h"
#include "arena.h"
#include "config.h"
#include "ledger.h"
#include "log.h"
#include "open.h"
#include "plugin.h"
#include "submitted.h"

static struct {
	struct writ_plugin plugin;
	char *const *submitted; /* the vector that sudo was called with: a use of its own each */
	char *const *asked;     /* variables that the caller wants set */
	bool governs;
	struct {
		uid_t real, effective, saved;
	} before; /* the user ids that sudo and sudoers count on between two calls */
} approval;

/* Arguments for a delegation, which there is none of here, are a mistake. */
static void check_arguments(struct writ_arguments *arguments)
{
	if (!*arguments->problem.message &&
	    (arguments->handed_on || strcmp(arguments->sudoers, "sudoers.so") != 0))
		writ_error_set(&arguments->problem, "writ_approval in sudo.conf takes no arguments "
						    "for sudoers");
}

static int begin(const struct writ_opening *opening, int first, char *const argv[])
{
	const struct writ_submitted submitted = {argv, first};
	struct writ_error err = {0};

	if (writ_plugin_open(&approval.plugin, opening, &err) < 0)
		return writ_plugin_fail(opening->print, "writ_approval cannot be used", &err);
	approval.asked = writ_submitted_variables(&submitted, approval.plugin.arena);
	if (!approval.asked)
		return writ_plugin_fail(opening->print, "out of memory", NULL);
	if (!approval.plugin.asked.option && writ_submitted_preserves(&submitted))
		approval.plugin.asked.option = "--preserve-env";
	check_arguments(&approval.plugin.arguments);
	approval.governs = writ_plugin_governs(&approval.plugin) != WRIT_NO;
	return 0;
}

static int approval_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
			 char *const settings[], char *const user_info[], int submit_optind,
			 char *const submit_argv[], char *const submit_envp[],
			 char *const options[], const char **errstr)
{
	const struct writ_opening opening = {SUDO_APPROVAL_PLUGIN,
					     "writ_approval",
					     version,
					     conversation,
					     print,
					     settings,
					     user_info,
					     submit_envp,
					     options};

	(void)errstr;
	if (!approval.submitted || approval.submitted != submit_argv) {
		if (begin(&opening, submit_optind, submit_argv) < 0)
			return -1;
		approval.submitted = submit_argv;
	}
	/* To sudo this means: never mind this plugin. */
	if (!approval.governs)
		return 0;
	if (getresuid(&approval.before.real, &approval.before.effective, &approval.before.saved) <
	    0)
		return -1;
	writ_plugin_hold(&approval.plugin);
	return 1;
}

static void approval_close(void)
{
	/* Where this fails the process stays root in full, which harms nobody. */
	if (setresuid(approval.before.real, approval.before.effective, approval.before.saved) < 0)
		writ_log(LOG_WARNING, "cannot give sudo its user ids back");
}

static int approval_check(char *const command_info[], char *const run_argv[],
			  char *const run_envp[], const char **errstr)
{
	const struct writ_accepted accepted = {command_info, run_argv, run_envp, approval.asked};

	/* writ's own policy plugin has decided already. */
	if (writ_ledger_decider() == SUDO_POLICY_PLUGIN)
		return 1;
	return writ_plugin_approve(&approval.plugin, &accepted, errstr);
}

static int approval_show_version(int verbose)
{
	const struct writ_arguments *arguments = &approval.plugin.arguments;

	approval.plugin.print(SUDO_CONV_INFO_MSG, "writ approval plugin version %s\n",
			      WRIT_VERSION);
	if (verbose)
		approval.plugin.print(SUDO_CONV_INFO_MSG, "policy: %s\ncommand files: %s\n",
				      arguments->policy, arguments->commands);
	return 1;
}

__attribute__((visibility("default"))) struct approval_plugin writ_approval = {
	.type = SUDO_APPROVAL_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = approval_open,
	.close = approval_close,
	.check = approval_check,
	.show_version = approval_show_version,
};
