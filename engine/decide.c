/* SPDX-License-Identifier: ISC */
/* The decision: deny rules first, then the first allow rule that names everything in the request.
 */
#include "deciding.h"

#include "arena.h"
#include "command.h"
#include "condition.h"
#include "error.h"
#include "explain.h"
#include "granted.h"
#include "matcher.h"
#include "path_cache.h"
#include "pin.h"
#include "policy_data.h"
#include "request.h"
#include "rule_cursor.h"
#include "session_rule.h"

static const char hidden_path[] = "no rule allows this command with the path that was given";

/* The folder that the program will be started in, and read its relative paths from. */
static const char *folder_of(const struct writ_deciding *d, const struct writ_rule *rule)
{
	if (d->request->chdir)
		return d->request->chdir;
	return !rule->deny && rule->run->cwd ? rule->run->cwd : d->request->cwd;
}

static struct writ_eval new_eval(const struct writ_deciding *d, const struct writ_rule *rule)
{
	return (struct writ_eval) {
		.arena = d->arena,
		.policy = d->policy,
		.request = d->request,
		.cwd = rule->deny && d->cwd ? d->cwd : folder_of(d, rule),
		.deny = rule->deny,
		.paths = d->paths,
	};
}

static struct writ_pins new_pins(const struct writ_deciding *d)
{
	return (struct writ_pins) {
		.arena = d->arena, .argv = d->request->argv, .argc = d->request->argc};
}

void writ_decision_refuse(struct writ_decision *ret, const struct writ_request *request, int code,
			  const char *reason, const char *policy_path)
{
	*ret = (struct writ_decision) {
		.argv = request->argv,
		.argc = request->argc,
		.runas = request->runas_user,
		.runas_group = request->runas_group,
		.policy_path = policy_path,
	};
	writ_deciding_refuse(ret, (enum writ_code)code, reason);
}

static struct writ_rule_cursor new_cursor(const struct writ_deciding *d)
{
	return writ_rule_cursor_new(d->policy, d->is_parsed ? d->parsed.command : NULL,
				    d->program.path, d->request);
}

/* Whether a deny rule holds; unsure holds. */
static bool denies(const struct writ_deciding *d, const struct writ_rule *rule,
		   struct writ_eval *eval, const struct writ_occurrence **ret_culprit)
{
	if (rule->n_programs)
		return rule->n_vectors == 0 ||
		       writ_vectors_eval(rule->vectors, rule->n_vectors, d->request->argv + 1,
					 d->request->argc - 1, eval) != WRIT_NO;
	for (size_t i = 0; i < rule->n_when; i++)
		if (writ_condition_eval(&rule->when[i], &d->parsed, eval, ret_culprit) != WRIT_NO)
			return true;
	return rule->n_when == 0;
}

static const char *deny_reason(const struct writ_deciding *d, const struct writ_rule *rule,
			       const struct writ_occurrence *culprit)
{
	if (rule->reason)
		return rule->reason;
	if (culprit)
		return writ_explain_occurrence(d->arena, culprit);
	return writ_arena_printf(d->arena, "%s is not allowed",
				 d->is_parsed ? d->parsed.command->path : d->program.path);
}

static void hide(struct writ_decision *ret)
{
	ret->hidden = true;
	ret->told = hidden_path;
}

/* Takes back what an allow rule gave. */
static void withdraw(struct writ_decision *ret)
{
	ret->run = NULL;
	ret->cwd = NULL;
	ret->timeout = 0;
	ret->n_pins = 0;
}

static bool decide_denied(struct writ_deciding *d)
{
	struct writ_rule_cursor cursor = new_cursor(d);
	const struct writ_rule *rule;

	while ((rule = writ_rule_cursor_next(&cursor))) {
		const struct writ_occurrence *culprit = NULL;
		struct writ_eval eval = new_eval(d, rule);

		if (!rule->deny || !denies(d, rule, &eval, &culprit))
			continue;
		writ_deciding_refuse(d->ret, WRIT_CODE_RULE, deny_reason(d, rule, culprit));
		withdraw(d->ret);
		d->ret->rule = rule->id;
		d->ret->hint = rule->hint;
		if (eval.looked)
			hide(d->ret);
		return true;
	}
	return false;
}

static enum writ_truth covers(const struct writ_deciding *d, const struct writ_rule *rule,
			      struct writ_eval *eval, struct writ_shortfall *shortfall)
{
	enum writ_truth truth;

	if (!rule->n_programs)
		return writ_cover_eval(&rule->cover, &d->parsed, eval, shortfall);
	truth = writ_vectors_eval(rule->vectors, rule->n_vectors, d->request->argv + 1,
				  d->request->argc - 1, eval);
	if (truth != WRIT_YES && shortfall) {
		shortfall->parts = 1;
		shortfall->failed = "argv: not one of the listed argument vectors";
		shortfall->people = "these are not the arguments that are allowed";
	}
	return truth;
}

static bool decide_allowed(struct writ_deciding *d)
{
	struct writ_rule_cursor cursor = new_cursor(d);
	const struct writ_rule *rule;

	while ((rule = writ_rule_cursor_next(&cursor))) {
		struct writ_eval eval = new_eval(d, rule);
		struct writ_grant grant = {0};
		struct writ_pins pins = new_pins(d);

		eval.pins = &pins;
		if (rule->deny || !writ_session_rule_holds(rule->session, d->request->session) ||
		    covers(d, rule, &eval, NULL) != WRIT_YES)
			continue;
		if (!writ_grant_find(d->request, rule->run, &eval, &grant)) {
			if (!d->not_granted)
				d->not_granted =
					grant.refused ? grant.refused : writ_deciding_no_memory;
			continue;
		}
		d->ret->verdict = WRIT_VERDICT_ALLOW;
		d->ret->code = WRIT_CODE_RULE;
		d->ret->rule = rule->id;
		d->ret->run = rule->run;
		d->ret->runas = grant.user;
		d->ret->runas_group = grant.group;
		d->ret->cwd = grant.cwd;
		d->ret->timeout = grant.timeout;
		d->ret->pins = pins.items;
		d->ret->n_pins = pins.n;
		d->ret->reason = d->ret->told =
			writ_arena_concat(d->arena, "the rule ", rule->id, " allows it", NULL);
		if (!d->ret->reason)
			writ_deciding_refuse(d->ret, WRIT_CODE_POLICY_ERROR,
					     writ_deciding_no_memory);
		return true;
	}
	return false;
}

static void find_nearest(struct writ_deciding *d, const struct writ_rule **ret_rule,
			 struct writ_shortfall *ret)
{
	struct writ_rule_cursor cursor = new_cursor(d);
	const struct writ_rule *rule;

	*ret_rule = NULL;
	while ((rule = writ_rule_cursor_next(&cursor))) {
		struct writ_eval eval = new_eval(d, rule);
		struct writ_shortfall shortfall = {0};
		struct writ_pins pins = new_pins(d);

		if (rule->deny)
			continue;
		eval.pins = &pins;
		if (covers(d, rule, &eval, &shortfall) == WRIT_YES) {
			shortfall.parts++;
			shortfall.failed = "session: not from a login that the rule wants";
			shortfall.people = "it is not allowed from this session";
		}
		if (!shortfall.failed || !shortfall.people ||
		    !writ_shortfall_is_nearer(&shortfall, ret))
			continue;
		*ret_rule = rule;
		*ret = shortfall;
	}
}

static void decide_no_rule(struct writ_deciding *d)
{
	const struct writ_rule *nearest;
	struct writ_shortfall shortfall = {0};
	const char *name = d->is_parsed ? writ_command_short_name(d->arena, d->parsed.command)
					: d->program.path;

	find_nearest(d, &nearest, &shortfall);
	if (!nearest) {
		writ_deciding_refuse(d->ret, WRIT_CODE_NO_RULE,
				     writ_arena_printf(d->arena, "no rule allows %s", name));
		return;
	}
	writ_deciding_refuse(d->ret, WRIT_CODE_NO_RULE, shortfall.people);
	d->ret->nearest_rule = nearest->id;
	d->ret->nearest_failed = shortfall.failed;
	d->ret->hint = nearest->hint;
	if (!nearest->hint && shortfall.instead)
		d->ret->hint = shortfall.whole ? shortfall.instead
					       : writ_arena_printf(d->arena, "%s with %s", name,
								   shortfall.instead);
	if (shortfall.path)
		hide(d->ret);
}

/* Deny rules speak of commands of this program: an argument vector that cannot be read could be
 * any. */
static bool has_deny_rules(const struct writ_deciding *d)
{
	for (size_t i = 0; d->program.file && i < d->policy->n_index; i++)
		if (d->policy->index[i].rule->deny &&
		    d->policy->index[i].command->program == d->program.file->root)
			return true;
	return false;
}

static void decide(struct writ_deciding *d)
{
	if (!writ_deciding_read(d))
		return;
	if (d->program.file && !d->is_parsed) {
		writ_deciding_refuse(d->ret, WRIT_CODE_UNPARSED,
				     writ_arena_strdup(d->arena, d->unread.message));
		if (has_deny_rules(d))
			return;
	}
	/* Where the program runs is known only by the rule that allows it, and what a relative path
	 * means only then; so deny rules have the last word. */
	if (decide_allowed(d)) {
		d->cwd = d->ret->cwd;
		decide_denied(d);
		return;
	}
	if (decide_denied(d))
		return;
	if (d->not_granted)
		writ_deciding_refuse(d->ret, WRIT_CODE_OPTION_OF_SUDO, d->not_granted);
	else if (!d->program.file || d->is_parsed)
		decide_no_rule(d);
}

static void take_pins(struct writ_decision *ret)
{
	if (writ_pins_take(ret->pins, ret->n_pins) == 0)
		return;
	writ_deciding_refuse(ret, WRIT_CODE_POLICY_ERROR,
			     "the files cannot be kept open for the program");
	withdraw(ret);
	ret->rule = NULL;
}

void writ_decide(const struct writ_policy *policy, struct writ_arena *arena,
		 const struct writ_request *request, struct writ_decision *ret)
{
	struct writ_deciding *d = writ_arena_alloc(arena, 1, sizeof(*d));

	writ_decision_refuse(ret, request, WRIT_CODE_POLICY_ERROR, writ_deciding_no_memory,
			     policy->path);
	ret->policy_sha256 = policy->sha256;
	if (!ret->runas)
		ret->runas = policy->defaults.runas_users[0];
	if (!d)
		return;
	d->policy = policy;
	d->arena = arena;
	d->request = request;
	d->ret = ret;
	d->paths = writ_path_cache_new(arena, request->files, true);
	if (!d->paths)
		return;
	decide(d);
	take_pins(ret);
}
