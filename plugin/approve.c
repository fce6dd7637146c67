/* SPDX-License-Identifier: ISC */
/*
 * The approval of a command that another policy plugin has accepted: decided on as if it were asked
 * for here, held against how it would run, recorded, and only then agreed to.
 */
#include "approve.h"

#include <string.h>
#include <unistd.h>

#include "accepted.h"
#include "account.h"
#include "agree.h"
#include "arena.h"
#include "central.h"
#include "decide.h"
#include "executable.h"
#include "log.h"
#include "plugin.h"
#include "policy.h"
#include "refuse.h"
#include "request.h"
#include "run.h"
#include "start_folder.h"

#define TOLD_AGREE                                                                                 \
	"the command would not run as the policy wants it; the administrator finds the reason in " \
	"the system log"
#define TOLD_PROGRAM                                                                               \
	"this program may not be run as it is; the administrator finds the reason in the system "  \
	"log"

static void turn_down(struct writ_arena *arena, struct writ_decision *decision, enum writ_code code,
		      const struct writ_error *err, const char *told)
{
	char text[sizeof(*err)];
	const char *reason = writ_arena_strdup(arena, writ_error_string(err, text, sizeof(text)));

	writ_plugin_turn_down(decision, code, reason ? reason : "out of memory", told);
}

/* sudo executes it by its path later: that must be root's alone, whoever it runs as. */
static int check_program(const struct writ_decision *decision, struct writ_error *err)
{
	struct writ_executable executable = {
		.path = decision->program,
		.sha256 = decision->run->sha256,
		.preload = decision->run->noexec,
		.for_root = true,
	};

	if (writ_executable_open(&executable, err) < 0)
		return -1;
	if (executable.fd >= 0)
		close(executable.fd);
	return 0;
}

static void decide(struct writ_plugin *plugin, struct writ_arena *arena,
		   const struct writ_accepted *accepted, struct writ_decision *ret)
{
	struct writ_request request = {.user = plugin->caller.user, .argv = accepted->argv};
	struct writ_settled settled;
	struct writ_error err = {0};
	char **argv;

	while (request.argv && request.argv[request.argc])
		request.argc++;
	writ_decision_refuse(ret, &request, WRIT_CODE_POLICY_ERROR, "", plugin->arguments.policy);
	if (writ_accepted_has(accepted, "sudoedit"))
		plugin->asked.option = "-e";
	argv = writ_accepted_argv(accepted, arena, &err);
	if (!argv || writ_accepted_read(accepted, plugin, &settled, &err) < 0) {
		turn_down(arena, ret, WRIT_CODE_POLICY_ERROR, &err, TOLD_AGREE);
		/* An option that nobody can be granted says more than what comes of it. */
		if (!plugin->asked.option || plugin->command.allowed)
			return;
		argv = (char **)accepted->argv;
	}
	plugin->settled = &settled;
	writ_plugin_decide(plugin, arena, argv, accepted->asked, ret);
	plugin->settled = NULL;
	ret->argv = accepted->argv;
	if (ret->verdict != WRIT_VERDICT_ALLOW)
		return;
	/* A child runs as the command that starts it does. */
	if (!plugin->command.allowed && plugin->asked.chdir &&
	    writ_start_folder_check(plugin->asked.chdir, arena, &err) < 0)
		turn_down(arena, ret, WRIT_CODE_OPTION_OF_SUDO, &err, WRIT_TOLD_FOLDER);
	else if (!plugin->command.allowed && writ_agree(ret, accepted, &err) < 0)
		turn_down(arena, ret, WRIT_CODE_POLICY_ERROR, &err, TOLD_AGREE);
	else if (check_program(ret, &err) < 0)
		turn_down(arena, ret, WRIT_CODE_UNKNOWN_PROGRAM, &err, TOLD_PROGRAM);
}

/* The command that was agreed to; what comes after it are its children. */
static void remember(struct writ_plugin *plugin, const struct writ_decision *decision,
		     const struct writ_event *event)
{
	if (plugin->command.allowed)
		return;
	plugin->command.allowed = true;
	plugin->command.run = decision->run;
	plugin->command.rule = decision->rule;
	plugin->command.runas = writ_arena_strdup(plugin->arena, decision->runas);
	memcpy(plugin->command.id, event->id, sizeof(plugin->command.id));
}

static int refuse(const struct writ_plugin *plugin, struct writ_arena *arena,
		  const struct writ_decision *decision, const char **errstr)
{
	writ_refuse_say(plugin->print, arena, decision,
			writ_refuse_wants_json(plugin->environment));
	if (errstr)
		*errstr = writ_arena_strdup(plugin->arena, decision->reason);
	return 0;
}

int writ_plugin_approve(struct writ_plugin *plugin, const struct writ_accepted *accepted,
			const char **errstr)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_decision decision = {0};
	struct writ_event event;
	struct writ_error err = {0};
	int ret = -1;

	writ_plugin_event(plugin, &event);
	if (!arena || writ_event_init(&event, &err) < 0) {
		writ_log(LOG_ERR, "a decision cannot be made: %s", err.message);
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: refused: no decision can be made\n");
	} else {
		decide(plugin, arena, accepted, &decision);
		writ_plugin_record(plugin, arena, &event, &decision, NULL);
		ret = decision.verdict == WRIT_VERDICT_ALLOW;
		if (!ret)
			writ_central_refused(plugin, arena, &event, &decision);
	}
	if (ret == 1)
		remember(plugin, &decision, &event);
	else if (ret == 0)
		refuse(plugin, arena, &decision, errstr);
	for (size_t i = 0; i < decision.n_pins; i++)
		close(decision.pins[i].fd);
	writ_arena_free(arena);
	return ret;
}
