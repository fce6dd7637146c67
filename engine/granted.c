/* SPDX-License-Identifier: ISC */
#include "granted.h"

#include <string.h>

#include "arena.h"
#include "matcher.h"
#include "path.h"
#include "request.h"
#include "run.h"
#include "string_list.h"
#include "text.h"
#include "value.h"

static const char *shown(struct writ_eval *eval, const char *text)
{
	const char *s = writ_text_show(eval->arena, text, 100);

	return s ? s : "?";
}

static bool grant_identity(const struct writ_request *request, const struct writ_run *run,
			   struct writ_eval *eval, struct writ_grant *ret)
{
	ret->user = request->runas_user ? request->runas_user : run->runas_users[0];
	ret->group = request->runas_group;
	if (!writ_strings_have(run->runas_users, run->n_runas_users, ret->user)) {
		ret->refused =
			writ_arena_printf(eval->arena, "it may not be run as the user %s (sudo -u)",
					  shown(eval, ret->user));
		return false;
	}
	if (!ret->group) {
		if (run->n_runas_groups)
			ret->group = run->runas_groups[0];
		return true;
	}
	if (writ_strings_have(run->runas_groups, run->n_runas_groups, ret->group))
		return true;
	ret->refused = writ_arena_printf(eval->arena, "it may not be run as the group %s (sudo -g)",
					 shown(eval, ret->group));
	return false;
}

static bool grant_directory(const struct writ_request *request, const struct writ_run *run,
			    struct writ_eval *eval, struct writ_grant *ret)
{
	const struct writ_path_context context = {
		.cwd = request->cwd, .files = request->files, .cache = eval->paths};

	ret->cwd = request->chdir ? request->chdir : run->cwd;
	if (!request->chdir)
		return true;
	if (run->chdir && request->chdir[0] == '/' &&
	    writ_path_match(eval->arena, run->chdir, request->chdir, &context) == WRIT_YES)
		return true;
	ret->refused = "it may not be run in the directory asked for (sudo -D)";
	return false;
}

/* As sudo reads -T: seconds, or numbers with d, h, m, s in this order. 0 if it is none. */
static unsigned parse_timeout(const char *text)
{
	static const struct {
		char unit;
		unsigned seconds;
	} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	unsigned long total = 0, number;
	size_t next = 0;

	while (*text) {
		size_t n = strspn(text, "0123456789"), i;

		if (n == 0 || n > 9)
			return 0;
		for (number = 0; n > 0; n--)
			number = number * 10 + (unsigned long)(*text++ - '0');
		for (i = next; i < 4 && (units[i].unit | 0x20) != (*text | 0x20); i++)
			;
		if (*text == '\0')
			i = 3;
		else if (i == 4)
			return 0;
		else
			text++;
		total += number * units[i].seconds;
		next = i + 1;
		if (total > 1u << 30)
			return 0;
	}
	return (unsigned)total;
}

static bool grant_timeout(const struct writ_request *request, const struct writ_run *run,
			  struct writ_eval *eval, struct writ_grant *ret)
{
	unsigned asked;

	ret->timeout = run->timeout;
	if (!request->timeout)
		return true;
	asked = parse_timeout(request->timeout);
	if (asked && run->timeout && asked <= run->timeout) {
		ret->timeout = asked;
		return true;
	}
	ret->refused = run->timeout
			       ? writ_arena_printf(eval->arena,
						   "the time limit (sudo -T) must be from 1 to %u "
						   "seconds",
						   run->timeout)
			       : "a time limit (sudo -T) may not be asked for";
	return false;
}

static bool grant_variable(const char *word, const struct writ_run *run, struct writ_eval *eval)
{
	const char *equals = strchr(word, '=');
	struct writ_value value = {.type = &writ_type_string};

	if (!equals)
		return false;
	value.text = value.normal = equals + 1;
	for (size_t i = 0; i < run->n_env_allow; i++) {
		const struct writ_env_allow *allow = &run->env_allow[i];
		size_t length = strlen(allow->name);

		if (length == (size_t)(equals - word) && strncmp(allow->name, word, length) == 0)
			return writ_matcher_eval(allow->matcher, &value, eval) == WRIT_YES;
	}
	return false;
}

static bool grant_environment(const struct writ_request *request, const struct writ_run *run,
			      struct writ_eval *eval, struct writ_grant *ret)
{
	for (size_t i = 0; i < request->n_env; i++) {
		const char *word = request->env[i];

		if (grant_variable(word, run, eval))
			continue;
		ret->refused = writ_arena_printf(
			eval->arena, "the variable %s may not be set to this value",
			shown(eval, writ_arena_strndup(eval->arena, word, strcspn(word, "="))));
		return false;
	}
	return true;
}

bool writ_grant_find(const struct writ_request *request, const struct writ_run *run,
		     struct writ_eval *eval, struct writ_grant *ret)
{
	return grant_identity(request, run, eval, ret) &&
	       grant_directory(request, run, eval, ret) && grant_timeout(request, run, eval, ret) &&
	       grant_environment(request, run, eval, ret);
}
