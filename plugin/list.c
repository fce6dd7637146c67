/* SPDX-License-Identifier: ISC */
/*
 * sudo -l and -v for a subject: what it may run, or whether it may run one command. Nothing runs,
 * so nothing goes into the event log; an answer about a command goes to the system log.
 */
#include <string.h>

#include "account.h"
#include "admit.h"
#include "arena.h"
#include "decide.h"
#include "plugin.h"
#include "policy.h"
#include "refuse.h"
#include "request.h"
#include "text.h"

/* More than any argument vector that is not too large, however it is quoted. */
#define COMMAND_SHOWN (1024 * 1024)

static int refuse(struct writ_plugin *plugin, struct writ_arena *arena,
		  const struct writ_decision *decision, const char **errstr)
{
	writ_refuse_say(plugin->print, arena, decision,
			writ_refuse_wants_json(plugin->environment));
	writ_plugin_log_decision(plugin, arena, NULL, decision);
	if (errstr)
		*errstr = writ_arena_strdup(plugin->arena, decision->reason);
	return 0;
}

/* The command as sudoers shows it: the program's path and the arguments. */
static int show_command(struct writ_plugin *plugin, struct writ_arena *arena,
			const struct writ_decision *decision)
{
	char **argv = writ_arena_alloc(arena, decision->argc + 1, sizeof(*argv));
	const char *line;

	if (!argv)
		return -1;
	memcpy(argv, decision->argv, decision->argc * sizeof(*argv));
	argv[0] = (char *)decision->program;
	line = writ_text_command_line(arena, argv, decision->argc, COMMAND_SHOWN);
	if (!line)
		return -1;
	plugin->print(SUDO_CONV_INFO_MSG, "%s\n", line);
	writ_plugin_log_decision(plugin, arena, NULL, decision);
	return 1;
}

static int list_command(struct writ_plugin *plugin, struct writ_arena *arena, char *const argv[],
			const char **errstr)
{
	struct writ_decision decision;

	writ_plugin_decide(plugin, arena, argv, NULL, &decision);
	writ_pins_close(&decision);
	if (decision.verdict == WRIT_VERDICT_ALLOW && writ_plugin_admit(plugin, arena, &decision))
		return show_command(plugin, arena, &decision);
	return refuse(plugin, arena, &decision, errstr);
}

static int list_rules(struct writ_plugin *plugin, struct writ_arena *arena, bool verbose,
		      const char **errstr)
{
	static char *const argv[] = {(char *)"sudo -l", NULL};
	struct writ_request request = {.user = plugin->caller.user, .argv = argv, .argc = 1};
	struct writ_decision decision;
	const char *text;

	if (plugin->barred || writ_plugin_need_policy(plugin) < 0) {
		/* The refusal of any command says what is wrong. */
		writ_plugin_decide(plugin, arena, argv, NULL, &decision);
		return refuse(plugin, arena, &decision, errstr);
	}
	writ_decision_refuse(&decision, &request, WRIT_CODE_POLICY_ERROR, "", NULL);
	if (!writ_plugin_admit(plugin, arena, &decision))
		return refuse(plugin, arena, &decision, errstr);
	if (writ_plugin_request(plugin, arena, &request) < 0)
		return -1;
	text = writ_policy_list(plugin->policy, arena, &request, verbose);
	if (!text)
		return -1;
	plugin->print(SUDO_CONV_INFO_MSG, "%s", text);
	return 1;
}

/* -U: a subject is told of its own rules only. */
static int refuse_other_user(struct writ_plugin *plugin, struct writ_arena *arena,
			     char *const argv[], const char **errstr)
{
	static char *const list[] = {(char *)"sudo -l -U", NULL};
	struct writ_request request = {.user = plugin->caller.user};
	struct writ_decision decision;

	request.argv = argv ? argv : list;
	while (request.argv[request.argc])
		request.argc++;
	writ_decision_refuse(&decision, &request, WRIT_CODE_OPTION_OF_SUDO,
			     "sudo's option -U is not allowed: you are shown your own rules only",
			     plugin->arguments.policy);
	return refuse(plugin, arena, &decision, errstr);
}

int writ_plugin_list(struct writ_plugin *plugin, char *const argv[], bool verbose, const char *user,
		     const char **errstr)
{
	struct writ_arena *arena = writ_arena_new();
	int ret;

	if (!arena)
		ret = -1;
	else if (user && strcmp(user, plugin->caller.user) != 0)
		ret = refuse_other_user(plugin, arena, argv, errstr);
	else if (argv && argv[0])
		ret = list_command(plugin, arena, argv, errstr);
	else
		ret = list_rules(plugin, arena, verbose, errstr);
	if (ret < 0)
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: refused: out of memory\n");
	writ_arena_free(arena);
	return ret;
}

/* A subject has no tickets, so there is nothing to renew and nothing to be asked. */
int writ_plugin_validate(struct writ_plugin *plugin, const char **errstr)
{
	static char *const argv[] = {(char *)"sudo -v", NULL};
	const struct writ_request request = {.user = plugin->caller.user, .argv = argv, .argc = 1};
	struct writ_arena *arena = writ_arena_new();
	struct writ_decision decision;
	int ret = 1;

	if (!arena)
		return -1;
	writ_decision_refuse(&decision, &request, WRIT_CODE_POLICY_ERROR, "",
			     plugin->arguments.policy);
	if (!plugin->barred && !writ_plugin_admit(plugin, arena, &decision))
		ret = refuse(plugin, arena, &decision, errstr);
	writ_arena_free(arena);
	return ret;
}
