/* SPDX-License-Identifier: ISC */
/*
 * The policy plugin that sudo loads (`Plugin writ_policy writ.so`): for a subject, writ decides;
 * everybody else is handed on to sudoers whole, without the policy being read.
 */
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "delegate.h"
#include "execveat.h"
#include "guard.h"
#include "ledger.h"
#include "open.h"
#include "pam.h"
#include "plugin.h"
#include "run.h"

extern struct policy_plugin writ_policy;

/* sudo has one policy plugin a process, and gives no closure to its functions. */
static struct writ_plugin plugin;
static struct policy_plugin *sudoers; /* who answers for this caller; NULL: writ does */

static void policy_close(int exit_status, int error);

static int delegate(const struct writ_opening *opening, const char **errstr)
{
	struct writ_error err = {0};
	char **own_settings;
	int ret;

	writ_ledger_delegate(true);
	sudoers = writ_delegate_load(&plugin.arguments, plugin.asked.plugin_dir, &err);
	if (!sudoers)
		return writ_plugin_fail(plugin.print, "cannot hand over to sudoers", &err);
	own_settings = writ_delegate_settings(plugin.arena, opening->settings);
	if (!own_settings)
		return writ_plugin_fail(plugin.print, "out of memory", NULL);
	sudoers->event_alloc = writ_policy.event_alloc;
	ret = sudoers->open(opening->version, opening->conversation, opening->print, own_settings,
			    opening->user_info, opening->user_env, plugin.arguments.handed_on,
			    errstr);
	/* sudo waits for a command, or does not, by whether there is a close. */
	writ_policy.close = sudoers->close ? policy_close : NULL;
	return ret;
}

/* sudo itself: what it forks ends by _exit(2). */
static pid_t process;

static void end_process(void)
{
	if (sudoers || getpid() != process)
		return;
	writ_plugin_abandoned(&plugin);
	writ_pam_end(plugin.pam);
	plugin.pam = NULL;
}

static int policy_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		       char *const settings[], char *const user_info[], char *const user_env[],
		       char *const options[], const char **errstr)
{
	const struct writ_opening opening = {SUDO_POLICY_PLUGIN, "writ_policy", version,
					     conversation,       print,         settings,
					     user_info,          user_env,      options};
	struct writ_error err = {0};

	sudoers = NULL;
	writ_policy.close = policy_close;
	writ_ledger_reset();
	if (writ_plugin_open(&plugin, &opening, &err) < 0)
		return writ_plugin_fail(print, "sudo cannot be used", &err);
	if (writ_plugin_governs(&plugin) == WRIT_NO)
		return delegate(&opening, errstr);
	writ_delegate_drop_hooks();
	writ_plugin_hold(&plugin);
	if (!process)
		atexit(end_process);
	process = getpid();
	return 1;
}

static void end_pam(void)
{
	writ_pam_end(plugin.pam);
	plugin.pam = NULL;
}

/* What is kept for sudo stays until the process ends: audit plugins close after this one. */
static void policy_close(int exit_status, int error)
{
	if (!sudoers) {
		writ_plugin_ended(&plugin, exit_status, error);
		end_pam();
	} else if (sudoers->close) {
		sudoers->close(exit_status, error);
	}
}

static int policy_show_version(int verbose)
{
	if (sudoers)
		return sudoers->show_version ? sudoers->show_version(verbose) : 1;
	plugin.print(SUDO_CONV_INFO_MSG, "writ policy plugin version %s\n", WRIT_VERSION);
	if (verbose)
		plugin.print(SUDO_CONV_INFO_MSG, "policy: %s\ncommand files: %s\n",
			     plugin.arguments.policy, plugin.arguments.commands);
	return 1;
}

static int policy_check(int argc, char *const argv[], char *env_add[], char **command_info[],
			char **argv_out[], char **user_env_out[], const char **errstr)
{
	int ret;

	if (!sudoers)
		return writ_plugin_check(&plugin, argv, env_add, command_info, argv_out,
					 user_env_out, errstr);
	ret = sudoers->check_policy(argc, argv, env_add, command_info, argv_out, user_env_out,
				    errstr);
	/* sudoers takes its close away where sudo need not wait for the command. */
	writ_policy.close = sudoers->close ? policy_close : NULL;
	return ret;
}

static int policy_list(int argc, char *const argv[], int verbose, const char *user,
		       const char **errstr)
{
	if (sudoers)
		return sudoers->list ? sudoers->list(argc, argv, verbose, user, errstr) : -1;
	return writ_plugin_list(&plugin, argc > 0 ? argv : NULL, verbose, user, errstr);
}

static int policy_validate(const char **errstr)
{
	if (sudoers)
		return sudoers->validate ? sudoers->validate(errstr) : 1;
	return writ_plugin_validate(&plugin, errstr);
}

static void policy_invalidate(int rmcred)
{
	if (sudoers && sudoers->invalidate)
		sudoers->invalidate(rmcred);
}

/* Called when sudo has just given itself the caller's limits back, before it starts the command, in
 * the process that will call close. */
static int policy_init_session(struct passwd *pwd, char **user_env[], const char **errstr)
{
	struct writ_error err = {0};

	if (sudoers)
		return sudoers->init_session ? sudoers->init_session(pwd, user_env, errstr) : 1;
	if (!plugin.command.allowed)
		return -1;
	if (writ_guard_unlimit(&err) == 0 &&
	    writ_pam_open_session(plugin.pam, plugin.command.runas, user_env, plugin.arena, &err) ==
		    0 &&
	    (!plugin.command.run->intercept || writ_execveat_forbid(&err) == 0))
		return 1;
	if (errstr)
		*errstr = writ_arena_strdup(plugin.arena, err.message);
	/* sudo ends without calling close. */
	writ_plugin_not_started(&plugin, &err);
	end_pam();
	return -1;
}

__attribute__((visibility("default"))) struct policy_plugin writ_policy = {
	.type = SUDO_POLICY_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = policy_open,
	.close = policy_close,
	.show_version = policy_show_version,
	.check_policy = policy_check,
	.list = policy_list,
	.validate = policy_validate,
	.invalidate = policy_invalidate,
	.init_session = policy_init_session,
	.register_hooks = writ_delegate_register_hooks,
	.deregister_hooks = writ_delegate_deregister_hooks,
};
