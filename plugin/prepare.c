/* SPDX-License-Identifier: ISC */
#include "prepare.h"

#include <ctype.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "central.h"
#include "command_info.h"
#include "decide.h"
#include "environment.h"
#include "pin.h"
#include "plugin.h"
#include "run.h"
#include "start_folder.h"
#include "strvec.h"

#define TOLD_PROGRAM                                                                               \
	"this program may not be run as it is; the administrator finds the reason in the system "  \
	"log"

#define TOLD_SERVER                                                                                \
	"the command has to be recorded by a log server, which cannot be reached safely; the "     \
	"administrator finds the reason in the system log"

/* Open files that sudo needs to start a command and record it. */
#define OPEN_FILES_MIN 64

/* sudo hands SUDO_HOME to commands since 1.9.16, and SUDO_TTY since 1.9.17, which has the same API.
 */
#define API_SUDO_HOME SUDO_API_MKVERSION(1, 22)

/* sudo gives itself the caller's limits back before it starts a command, and would give up
 * half-way, with no word to the plugins. */
static const char *limits_too_low(const struct writ_plugin *plugin)
{
	if (!plugin->caller.open_files || !isdigit((unsigned char)*plugin->caller.open_files) ||
	    strtoul(plugin->caller.open_files, NULL, 10) >= OPEN_FILES_MIN)
		return NULL;
	return "your limit on open files (ulimit -n) is too low for sudo";
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "/usr/bin/cat" as "/usr/bin/./cat"; NULL without memory, or if there is no folder. */
static const char *respell(struct writ_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? writ_arena_printf(arena, "%.*s/.%s", (int)(slash - path), path, slash)
		     : NULL;
}

/* Of a child sudo tells the path that is executed in the place of argv[0], and not what argv[0] is:
 * the name that some programs go by. Where the path comes back as it was, sudo 1.9.14 to 1.9.17
 * then run it with that argv[0]; another spelling of it makes every sudo write both anew. */
static const char *path_of(const struct writ_plugin *plugin, const struct writ_decision *decision)
{
	return plugin->command.allowed ? respell(plugin->arena, decision->program)
				       : decision->program;
}

/* As sudo is to enter it; NULL: it stays where it is, or no memory. */
static const char *folder_of(struct writ_arena *arena, const struct writ_decision *decision,
			     const struct writ_prepared *prepared)
{
	return prepared->folder < 0
		       ? decision->cwd
		       : writ_arena_printf(arena, "/proc/self/fd/%d", prepared->folder);
}

/* The arguments as decided, with argv[0] set by writ, and descriptors in place of pinned paths. A
 * child cannot be given any: it starts from the command, not from here. */
static char **build_argv(const struct writ_decision *decision, struct writ_arena *arena,
			 const char *path, bool child)
{
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	writ_strvec_addf(&vector, "%s", child ? path : last_part(path));
	for (size_t i = 1; i < decision->argc; i++)
		writ_strvec_add(&vector, decision->argv[i]);
	for (size_t i = 0; i < decision->n_pins && !vector.failed; i++) {
		const struct writ_pin *pin = &decision->pins[i];

		/* The program inherits it: sudo leaves it open (preserve_fds). */
		if (child || fcntl(pin->fd, F_SETFD, 0) < 0)
			return NULL;
		vector.items[pin->index] = writ_pin_argument(arena, pin, pin->fd);
		if (!vector.items[pin->index])
			return NULL;
	}
	return writ_strvec_take(&vector);
}

static char **build_env(const struct writ_plugin *plugin, const struct writ_decision *decision,
			const struct writ_prepared *prepared, char *const env_add[])
{
	bool newer = plugin->version >= API_SUDO_HOME;
	const struct passwd *pw = newer ? getpwnam(plugin->caller.user) : NULL;

	const struct writ_environment from = {
		.decision = decision,
		.caller = &plugin->caller,
		.target = &prepared->target,
		.callers = plugin->environment,
		.asked = env_add,
		.caller_home = pw ? pw->pw_dir : NULL,
		.caller_tty = newer ? plugin->caller.tty : NULL,
		.session = prepared->event.session,
		.event = prepared->event.id,
	};
	return writ_environment_build(&from, plugin->arena);
}

/* What sudo gets. 0 or -1 without memory. */
static int build(const struct writ_plugin *plugin, const struct writ_decision *decision,
		 struct writ_prepared *ret, char *const env_add[])
{
	const struct writ_command_info info = {
		.decision = decision,
		.path = path_of(plugin, decision),
		.cwd = folder_of(plugin->arena, decision, ret),
		.folder = ret->folder,
		.target = &ret->target,
		.fd = ret->executable.fd,
		.iolog_path = ret->iolog.path,
		.live = ret->live,
	};

	if (!info.path || (decision->cwd && !info.cwd))
		return -1;
	ret->command_info = writ_command_info_build(&info, plugin->arena);
	ret->argv = build_argv(decision, plugin->arena, info.path, plugin->command.allowed);
	ret->env = build_env(plugin, decision, ret, env_add);
	return ret->command_info && ret->argv && ret->env ? 0 : -1;
}

/* The error as a reason, in one line. */
static const char *reason(struct writ_arena *arena, const struct writ_error *err)
{
	char text[sizeof(*err)];
	const char *copy = writ_arena_strdup(arena, writ_error_string(err, text, sizeof(text)));

	return copy ? copy : "out of memory";
}

void writ_plugin_prepare(const struct writ_plugin *plugin, struct writ_arena *arena,
			 struct writ_decision *decision, struct writ_prepared *ret,
			 char *const env_add[])
{
	const char *too_low = limits_too_low(plugin);
	struct writ_error err = {0};

	ret->executable = (struct writ_executable) {
		.path = decision->program,
		.sha256 = decision->run->sha256,
		.by_path = decision->run->intercept, /* execveat(2) is forbidden then */
		.preload = decision->run->noexec,
		.fd = -1,
	};
	if (too_low) {
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, too_low, NULL);
		return;
	}
	/* A child's input and output are in the log of the command that started it. */
	if (writ_target_find(&ret->target, plugin->arena, decision->runas, decision->runas_group,
			     &err) < 0 ||
	    (!plugin->command.allowed &&
	     writ_iolog_choose(&ret->iolog, plugin->arena, decision->run, plugin->caller.user,
			       ret->event.session, &err) < 0)) {
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, reason(arena, &err),
				      WRIT_TOLD_POLICY);
		return;
	}
	if (ret->folder >= 0 &&
	    writ_start_folder_admits(ret->folder, decision->cwd, &ret->target, &err) < 0) {
		writ_plugin_turn_down(decision, WRIT_CODE_OPTION_OF_SUDO, reason(arena, &err),
				      WRIT_TOLD_FOLDER);
		return;
	}
	ret->executable.for_root = ret->target.uid == 0 || ret->target.gid == 0;
	if (writ_executable_open(&ret->executable, &err) < 0) {
		writ_plugin_turn_down(decision, WRIT_CODE_UNKNOWN_PROGRAM, reason(arena, &err),
				      TOLD_PROGRAM);
		return;
	}
	if (!plugin->command.allowed && writ_central_choose(decision->run, ret, &err) < 0) {
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, reason(arena, &err),
				      TOLD_SERVER);
		return;
	}
	if (build(plugin, decision, ret, env_add) < 0)
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR,
				      "the command cannot be got ready", NULL);
}
