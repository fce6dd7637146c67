/* SPDX-License-Identifier: ISC */
/*
 * check_policy for a subject: decide, get everything ready, record, and only then tell sudo to run it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "arena.h"
#include "cleanup.h"
#include "command_info.h"
#include "decide.h"
#include "environment.h"
#include "executable.h"
#include "iolog.h"
#include "log.h"
#include "plugin.h"
#include "refuse.h"
#include "run.h"
#include "strvec.h"
#include "target.h"

#define TOLD_RECORD                                                                                \
	"the decision cannot be recorded, so nothing is run; the administrator finds the reason "  \
	"in the system log"
#define TOLD_PROGRAM "this program may not be run as it is; the administrator finds the reason in the " \
		     "system log"

/* sudo hands SUDO_HOME to commands since 1.9.15. */
#define API_SUDO_HOME SUDO_API_MKVERSION(1, 22)

/* All that is needed to run an allowed command. */
struct run {
	struct writ_event event;
	struct writ_target target;
	struct writ_executable executable;
	struct writ_iolog iolog;
	char **command_info, **argv, **env;
};

/* Settings that this sudo would silently leave out. */
static const char *cannot_do(const struct writ_plugin *plugin, const struct writ_run *run)
{
	int (*apparmor_enabled)(void);

	if (run->intercept && !plugin->asked.ptrace)
		return "the rule wants 'intercept', which this sudo cannot do by ptrace";
	if (run->authenticate)
		return "the rule wants 'authenticate', which this version of writ cannot do";
	if (!run->apparmor_profile)
		return NULL;
	/* A sudo built with AppArmor is linked with its library, and leaves the profile out without a
	 * word where the kernel has none. */
	apparmor_enabled = (int (*)(void))dlsym(RTLD_DEFAULT, "aa_is_enabled");
	if (!apparmor_enabled || apparmor_enabled() != 1)
		return "the rule wants 'apparmor_profile', which this sudo or kernel cannot do";
	return NULL;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The arguments as decided, with argv[0] set by writ, and descriptors in place of pinned paths. */
static char **build_argv(const struct writ_decision *decision, struct writ_arena *arena, bool child)
{
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	for (size_t i = 0; i < decision->argc; i++) {
		if (i == 0 && !child)
			writ_strvec_addf(&vector, "%s", last_part(decision->program));
		else
			writ_strvec_add(&vector, decision->argv[i]);
	}
	for (size_t i = 0; i < decision->n_pins && !vector.failed; i++) {
		const struct writ_pin *pin = &decision->pins[i];

		vector.items[pin->index] = writ_arena_printf(arena, "%s/proc/self/fd/%d",
							     pin->prefix, pin->fd);
		if (!vector.items[pin->index])
			return NULL;
	}
	return writ_strvec_take(&vector);
}

static char **build_env(const struct writ_plugin *plugin, const struct writ_decision *decision,
			const struct run *run, char *const env_add[])
{
	const struct passwd *pw = NULL;

	if (plugin->version >= API_SUDO_HOME)
		pw = getpwnam(plugin->caller.user);

	const struct writ_environment from = {
		.decision = decision,
		.caller = &plugin->caller,
		.target = &run->target,
		.callers = plugin->environment,
		.asked = env_add,
		.caller_home = pw ? pw->pw_dir : NULL,
		.session = run->event.session,
		.event = run->event.id,
	};
	return writ_environment_build(&from, plugin->arena);
}

/* What sudo gets. 0 or -1 without memory. */
static int build(const struct writ_plugin *plugin, const struct writ_decision *decision,
		 struct run *run, char *const env_add[])
{
	const struct writ_command_info info = {
		.decision = decision,
		.target = &run->target,
		.fd = run->executable.fd,
		.iolog_path = run->iolog.path,
	};
	bool child = plugin->command.allowed;

	run->command_info = writ_command_info_build(&info, plugin->arena);
	run->argv = build_argv(decision, plugin->arena, child);
	run->env = build_env(plugin, decision, run, env_add);
	return run->command_info && run->argv && run->env ? 0 : -1;
}

/* Gets an allowed command ready; makes a refusal of the decision if that fails. */
static void prepare(const struct writ_plugin *plugin, struct writ_arena *arena,
		    struct writ_decision *decision, struct run *run, char *const env_add[])
{
	const char *lacking = cannot_do(plugin, decision->run), *reason;
	struct writ_error err = {0};

	if (lacking) {
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, lacking, WRIT_TOLD_POLICY);
		return;
	}
	/* A child's input and output are in the log of the command that started it. */
	if (writ_target_find(&run->target, plugin->arena, decision->runas, decision->runas_group,
			     &err) < 0 ||
	    (!plugin->command.allowed &&
	     writ_iolog_choose(&run->iolog, plugin->arena, decision->run, plugin->caller.user,
			       run->event.session, &err) < 0)) {
		reason = writ_arena_strdup(arena, err.message);
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR,
				      reason ? reason : "out of memory", WRIT_TOLD_POLICY);
		return;
	}
	run->executable.path = decision->program;
	run->executable.sha256 = decision->run->sha256;
	run->executable.for_root = run->target.uid == 0 || run->target.gid == 0;
	if (writ_executable_open(&run->executable, &err) < 0) {
		char text[sizeof(err)];

		reason = writ_arena_strdup(arena, writ_error_string(&err, text, sizeof(text)));
		writ_plugin_turn_down(decision, WRIT_CODE_UNKNOWN_PROGRAM,
				      reason ? reason : "out of memory", TOLD_PROGRAM);
		return;
	}
	if (build(plugin, decision, run, env_add) < 0)
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, "out of memory", NULL);
}

/* Records the decision; makes a refusal of it if that fails. */
static void record(const struct writ_plugin *plugin, struct writ_arena *arena,
		   struct writ_decision *decision, const struct run *run)
{
	bool allowed = decision->verdict == WRIT_VERDICT_ALLOW;
	struct writ_error err = {0};

	if (writ_plugin_account(plugin, arena, &run->event, decision,
				allowed ? run->iolog.tsid : NULL, &err) == 0)
		return;
	writ_log(LOG_ERR, "a decision cannot be recorded: %s", err.message);
	if (allowed)
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR,
				      "the decision cannot be recorded", TOLD_RECORD);
	writ_plugin_log_decision(plugin, arena, NULL, decision);
}

static void close_pins(const struct writ_decision *decision)
{
	for (size_t i = 0; i < decision->n_pins; i++)
		close(decision->pins[i].fd);
}

static int refuse(const struct writ_plugin *plugin, struct writ_arena *arena,
		  const struct writ_decision *decision, char **command_info[], const char **errstr)
{
	char **info = writ_command_info_refused(decision, plugin->arena);

	writ_refuse_say(plugin->print, arena, decision,
			writ_refuse_wants_json(plugin->environment));
	if (command_info && info)
		*command_info = info;
	if (errstr)
		*errstr = writ_arena_strdup(plugin->arena, decision->reason);
	return 0;
}

/* The command that sudo was told to run, as close will need it. */
static void remember(struct writ_plugin *plugin, const struct writ_decision *decision,
		     struct run *run)
{
	plugin->command.allowed = true;
	plugin->command.run = decision->run;
	plugin->command.rule = decision->rule;
	plugin->command.runas = run->target.user;
	plugin->command.program = writ_arena_strdup(plugin->arena, decision->program);
	plugin->command.fd = TAKE_FD(run->executable.fd);
	memcpy(plugin->command.id, run->event.id, sizeof(plugin->command.id));
	clock_gettime(CLOCK_MONOTONIC, &plugin->command.since);
}

static int check(struct writ_plugin *plugin, struct writ_arena *arena, char *const argv[],
		 char *const env_add[], struct run *run, struct writ_decision *decision)
{
	struct writ_error err = {0};

	writ_plugin_event(plugin, &run->event);
	if (writ_event_init(&run->event, &err) < 0) {
		writ_log(LOG_ERR, "a decision cannot be made: %s", err.message);
		return -1;
	}
	writ_plugin_decide(plugin, arena, argv, env_add, decision);
	if (decision->verdict == WRIT_VERDICT_ALLOW)
		prepare(plugin, arena, decision, run, env_add);
	record(plugin, arena, decision, run);
	return 0;
}

int writ_plugin_check(struct writ_plugin *plugin, char *const argv[], char *const env_add[],
		      char **command_info[], char **argv_out[], char **user_env_out[],
		      const char **errstr)
{
	struct writ_arena *arena = writ_arena_new();
	struct run run = {.executable.fd = -1};
	struct writ_decision decision = {0};
	int ret = -1;

	if (!arena || check(plugin, arena, argv, env_add, &run, &decision) < 0) {
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: refused: no decision can be made\n");
	} else if (decision.verdict != WRIT_VERDICT_ALLOW) {
		ret = refuse(plugin, arena, &decision, command_info, errstr);
	} else {
		*command_info = run.command_info;
		*argv_out = run.argv;
		*user_env_out = run.env;
		if (!plugin->command.allowed)
			remember(plugin, &decision, &run);
		ret = 1;
	}
	if (ret != 1)
		close_pins(&decision);
	if (run.executable.fd >= 0)
		close(run.executable.fd);
	writ_arena_free(arena);
	return ret;
}

void writ_plugin_ended(struct writ_plugin *plugin, int wait_status, int error)
{
	struct writ_event_exit exit = {
		.decision = plugin->command.id,
		.started = error == 0,
		.status = wait_status,
		.error = error,
	};
	struct writ_error err = {0};
	struct writ_event event;
	struct timespec now;

	if (!plugin->command.allowed || plugin->command.ended)
		return;
	plugin->command.ended = true;
	/* Of a failed execution nobody else tells the caller. */
	if (error)
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: cannot run %s: %s\n",
			      plugin->command.program, strerror(error));
	clock_gettime(CLOCK_MONOTONIC, &now);
	exit.microseconds = (now.tv_sec - plugin->command.since.tv_sec) * (int64_t)1000000 +
			    (now.tv_nsec - plugin->command.since.tv_nsec) / 1000;
	writ_plugin_event(plugin, &event);
	if (writ_event_init(&event, &err) < 0 || writ_event_record_exit(&event, &exit, &err) < 0)
		writ_log(LOG_ERR, "the end of %s is not recorded: %s", plugin->command.id,
			 err.message);
}
