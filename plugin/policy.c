/* SPDX-License-Identifier: ISC */
/*
 * The policy plugin that sudo loads (`Plugin writ_policy writ.so`): for a subject, writ decides;
 * everybody else is handed on to sudoers whole, without the policy being read.
 */
#include <errno.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "delegate.h"
#include "guard.h"
#include "execveat.h"
#include "guard.h"
#include "log.h"
#include "plugin.h"
#include "policy.h"
#include "session_lookup.h"
#include "run.h"
#include "subject.h"

extern struct policy_plugin writ_policy;

/* sudo has one policy plugin a process, and gives no closure to its functions. */
static struct writ_plugin plugin;
static struct policy_plugin *sudoers; /* who answers for this caller; NULL: writ does */

static void policy_close(int exit_status, int error);

/* Says why sudo cannot be used at all. */
static int fail(sudo_printf_t print, const char *what, const struct writ_error *err)
{
	print(SUDO_CONV_ERROR_MSG, "writ: %s%s%s\n", what, err ? ": " : "",
	      err ? err->message : "");
	writ_log(LOG_ERR, "%s%s%s", what, err ? ": " : "", err ? err->message : "");
	return -1;
}

/* Forgets what an earlier use left. sudo opens a plugin once, and closes the program's descriptor
 * by itself when it has started it. */
static void reset(unsigned version, sudo_printf_t print, char *const user_env[])
{
	if (plugin.command.fd > 0)
		close(plugin.command.fd);
	writ_policy_free(plugin.policy);
	writ_arena_free(plugin.arena);
	plugin = (struct writ_plugin) {
		.version = version,
		.print = print,
		.environment = user_env,
		.arena = writ_arena_new(),
		.command.fd = -1,
	};
	sudoers = NULL;
	writ_policy.close = policy_close;
}

static int delegate(unsigned version, sudo_conv_t conversation, char *const settings[],
		    char *const user_info[], char *const user_env[], const char **errstr)
{
	struct writ_error err = {0};
	char **own_settings;
	int ret;

	sudoers = writ_delegate_load(&plugin.arguments, plugin.asked.plugin_dir, &err);
	if (!sudoers)
		return fail(plugin.print, "cannot hand over to sudoers", &err);
	own_settings = writ_delegate_settings(plugin.arena, settings);
	if (!own_settings)
		return fail(plugin.print, "out of memory", NULL);
	sudoers->event_alloc = writ_policy.event_alloc;
	ret = sudoers->open(version, conversation, plugin.print, own_settings, user_info, user_env,
			    plugin.arguments.handed_on, errstr);
	/* sudo waits for a command, or does not, by whether there is a close. */
	writ_policy.close = sudoers->close ? policy_close : NULL;
	return ret;
}

/* Who must not be handed on to sudoers, though nothing can be decided: for the log, and for the
 * caller. */
static void bar(const char *why, const char *told)
{
	plugin.barred = why;
	plugin.barred_told = told;
}

#define TOLD_CONFIGURATION                                                                         \
	"sudo is not set up correctly; the administrator finds the reason in the system log"

/* Looks up the login that the caller came by. Without one it is untagged, which a rule may refuse;
 * no limit on memory or open files that the caller sets makes it so. */
static void find_session(void)
{
	struct writ_error why = {0};
	struct writ_guard guard;
	int found;

	writ_guard_begin(&guard, &why);
	found = writ_session_find(plugin.arena, plugin.caller.uid, &plugin.session, &why);
	writ_guard_end(&guard);
	if (!found)
		writ_log(LOG_DEBUG, "the session of %s is untagged: %s", plugin.caller.user,
			 why.message);
}

/* The caller is a subject, or must be treated as one. */
static int take_subject(void)
{
	writ_delegate_drop_hooks();
	/* At once: an ancestor may end. */
	find_session();
	/* Until now the real uid was the caller's, who could end this process between a decision
	 * and its record. */
	if (setresuid(0, 0, 0) < 0)
		bar("cannot become root in full", TOLD_CONFIGURATION);
	else if (SUDO_API_VERSION_GET_MINOR(plugin.version) < WRIT_API_MINOR)
		bar("this sudo is too old: its plugin API is older than 1.15 (sudo 1.9.0)",
		    TOLD_CONFIGURATION);
	else if (*plugin.arguments.problem.message)
		bar(plugin.arguments.problem.message, TOLD_CONFIGURATION);
	return 1;
}

static int open_for_caller(unsigned version, sudo_conv_t conversation, char *const settings[],
			   char *const user_info[], char *const user_env[], const char **errstr)
{
	const struct writ_arguments *arguments = &plugin.arguments;

	if (*arguments->problem.message)
		writ_log(LOG_ERR, "%s", arguments->problem.message);
	if (!arguments->n_subjects && plugin.caller.uid != 0)
		writ_log(LOG_WARNING, "sudo.conf names no subjects (subjects=): nobody is held to "
				      "the policy");
	switch (writ_subject_is(arguments, &plugin.caller)) {
	case WRIT_YES:
		return take_subject();
	case WRIT_UNSURE:
		take_subject();
		if (!plugin.barred)
			bar("the user or group database cannot tell whether this is a subject",
			    TOLD_CONFIGURATION);
		return 1;
	case WRIT_NO:
		break;
	}
	if (arguments->deny_others) {
		take_subject();
		bar("this user is no subject, and all others are refused (others=deny)",
		    "sudo on this machine is for other users only");
		return 1;
	}
	return delegate(version, conversation, settings, user_info, user_env, errstr);
}

static int policy_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		       char *const settings[], char *const user_info[], char *const user_env[],
		       char *const options[], const char **errstr)
{
	struct writ_error err = {0};

	if (SUDO_API_VERSION_GET_MAJOR(version) != SUDO_API_VERSION_MAJOR)
		return fail(print, "this sudo speaks another plugin API than version 1", NULL);
	reset(version, print, user_env);
	/* Before 1.2 there were no options to be read. */
	if (version < SUDO_API_MKVERSION(1, 2))
		options = NULL;
	if (!plugin.arena || writ_arguments_read(&plugin.arguments, plugin.arena, options) < 0)
		return fail(print, "out of memory", NULL);
	writ_asked_read(&plugin.asked, settings);
	if (writ_caller_read(&plugin.caller, user_info, &err) < 0)
		return fail(print, "cannot tell who calls", &err);
	return open_for_caller(version, conversation, settings, user_info, user_env, errstr);
}

/* What is kept for sudo stays until the process ends: audit plugins close after this one. */
static void policy_close(int exit_status, int error)
{
	if (!sudoers)
		writ_plugin_ended(&plugin, exit_status, error);
	else if (sudoers->close)
		sudoers->close(exit_status, error);
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

/* sudo -v: a subject has no tickets, so there is nothing to renew and nothing to be asked. */
static int policy_validate(const char **errstr)
{
	if (sudoers)
		return sudoers->validate ? sudoers->validate(errstr) : 1;
	return 1;
}

static void policy_invalidate(int rmcred)
{
	if (sudoers && sudoers->invalidate)
		sudoers->invalidate(rmcred);
}

/* Called when sudo has just given itself the caller's limits back, before it starts the command. */
static int policy_init_session(struct passwd *pwd, char **user_env[], const char **errstr)
{
	struct writ_error err = {0};

	if (sudoers)
		return sudoers->init_session ? sudoers->init_session(pwd, user_env, errstr) : 1;
	if (writ_guard_unlimit(&err) == 0 &&
	    (!plugin.command.allowed || !plugin.command.run->intercept ||
	     writ_execveat_forbid(&err) == 0))
		return 1;
	/* sudo ends without calling close. */
	writ_plugin_ended(&plugin, 0, EFBIG);
	return fail(plugin.print, "cannot start the command", &err);
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
