/* SPDX-License-Identifier: ISC */
#include "decide.h"

#include <string.h>
#include <sys/stat.h>

#include "ability.h"
#include "arena.h"
#include "plugin.h"
#include "policy.h"
#include "request.h"
#include "run.h"
#include "subject.h"
#include "target.h"

/* Bytes of arguments and VAR=value words that are looked at, each counted with its terminating NUL.
 */
#define VECTOR_MAX (64 * 1024)

/* Whether name still leads to the directory that the command will start in. The caller may have
 * renamed or replaced it since sudo asked for its name; then relative paths mean nothing. */
static bool is_here(const char *name)
{
	struct stat here, there;

	return stat(".", &here) == 0 && stat(name, &there) == 0 && here.st_dev == there.st_dev &&
	       here.st_ino == there.st_ino;
}

const char *writ_plugin_cwd(const struct writ_plugin *plugin)
{
	const char *cwd = plugin->caller.cwd;

	return cwd && is_here(cwd) ? cwd : NULL;
}

int writ_plugin_request(const struct writ_plugin *plugin, struct writ_arena *arena,
			struct writ_request *ret)
{
	*ret = (struct writ_request) {
		.user = plugin->caller.user,
		.runas_user = writ_target_user_name(arena, plugin->asked.runas_user),
		.runas_group = writ_target_group_name(arena, plugin->asked.runas_group),
		.chdir = plugin->asked.chdir,
		.timeout = plugin->asked.timeout,
		.option = plugin->asked.option,
		.session = &plugin->session,
		.installed = true,
	};
	if (plugin->settled) {
		ret->runas_user = plugin->settled->runas_user;
		ret->runas_group = plugin->settled->runas_group;
	}
	ret->groups = writ_subject_groups(arena, &plugin->caller, &ret->n_groups);
	return ret->groups ? 0 : -1;
}

/* A child of the command brings no directory, no environment and no options of sudo; it runs as the
 * command does. */
static void request_of_child(const struct writ_plugin *plugin, struct writ_request *request)
{
	request->child = true;
	request->runas_user = plugin->command.runas;
	request->runas_group = NULL;
	request->chdir = request->timeout = request->option = NULL;
}

int writ_plugin_need_policy(struct writ_plugin *plugin)
{
	const char *lacking[WRIT_ABILITIES];
	const struct writ_policy_options options = {
		.path = plugin->arguments.policy,
		.commands = plugin->arguments.commands,
		.trusted = true,
		.lacking = lacking,
		.n_lacking = writ_ability_lacking(plugin, lacking),
	};

	if (!plugin->policy && !*plugin->policy_error.message)
		plugin->policy = writ_policy_load(&options, &plugin->policy_error);
	return plugin->policy ? 0 : -1;
}

void writ_plugin_turn_down(struct writ_decision *decision, enum writ_code code, const char *reason,
			   const char *told)
{
	decision->verdict = WRIT_VERDICT_DENY;
	decision->code = code;
	decision->rule = NULL;
	decision->reason = reason;
	decision->told = told ? told : reason;
	decision->hidden = false;
	decision->hint = NULL;
	decision->nearest_rule = decision->nearest_failed = NULL;
	decision->run = NULL;
}

static void refuse_for_policy(const struct writ_plugin *plugin, struct writ_arena *arena,
			      struct writ_decision *ret)
{
	char text[sizeof(struct writ_error)];
	const char *reason = writ_arena_strdup(
		arena, writ_error_string(&plugin->policy_error, text, sizeof(text)));

	writ_plugin_turn_down(ret, WRIT_CODE_POLICY_ERROR,
			      reason ? reason : "the policy cannot be used", WRIT_TOLD_POLICY);
}

/* "children": "allow": whatever an intercepted command starts is part of what its rule allows. */
static void allow_child(const struct writ_plugin *plugin, const struct writ_request *request,
			struct writ_decision *ret)
{
	ret->verdict = WRIT_VERDICT_ALLOW;
	ret->code = WRIT_CODE_RULE;
	ret->rule = plugin->command.rule;
	ret->runas = plugin->command.runas;
	ret->program = request->argc ? request->argv[0] : "";
	ret->reason = ret->told = "the rule of the command that starts it allows its children";
	ret->run = plugin->command.run;
}

static bool turn_down_early(struct writ_plugin *plugin, struct writ_arena *arena, size_t bytes,
			    struct writ_decision *ret)
{
	if (bytes > VECTOR_MAX)
		writ_plugin_turn_down(ret, WRIT_CODE_TOO_LARGE,
				      "the arguments are longer than 64 KiB in all", NULL);
	else if (plugin->barred)
		writ_plugin_turn_down(ret, WRIT_CODE_POLICY_ERROR, plugin->barred,
				      plugin->barred_told);
	else if (writ_plugin_need_policy(plugin) < 0)
		refuse_for_policy(plugin, arena, ret);
	else
		return false;
	return true;
}

void writ_plugin_decide(struct writ_plugin *plugin, struct writ_arena *arena, char *const argv[],
			char *const env_add[], struct writ_decision *ret)
{
	struct writ_request request = {.user = plugin->caller.user, .argv = argv};
	size_t bytes = 0;

	for (; argv && argv[request.argc]; request.argc++)
		bytes += strlen(argv[request.argc]) + 1;
	for (char *const *word = env_add; word && *word; word++)
		bytes += strlen(*word) + 1;
	writ_decision_refuse(ret, &request, WRIT_CODE_POLICY_ERROR, "out of memory",
			     plugin->arguments.policy);
	if (turn_down_early(plugin, arena, bytes, ret))
		return;

	size_t argc = request.argc;

	if (writ_plugin_request(plugin, arena, &request) < 0)
		return;
	request.argv = argv;
	request.argc = argc;
	if (plugin->command.allowed) {
		request_of_child(plugin, &request);
		if (plugin->command.run->children == WRIT_CHILDREN_ALLOW) {
			allow_child(plugin, &request, ret);
			return;
		}
	} else {
		request.env = (const char *const *)env_add;
		for (; env_add && env_add[request.n_env]; request.n_env++)
			;
		request.cwd = plugin->settled ? plugin->settled->cwd : writ_plugin_cwd(plugin);
	}
	writ_decide(plugin->policy, arena, &request, ret);
}
