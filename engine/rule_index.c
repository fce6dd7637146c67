/* SPDX-License-Identifier: ISC */
/* From commands to the rules that speak of them, and what only all rules together can show. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "command.h"
#include "error.h"
#include "json.h"
#include "loader.h"

static int by_id(const void *a, const void *b)
{
	const struct writ_rule *x = *(const struct writ_rule *const *)a;
	const struct writ_rule *y = *(const struct writ_rule *const *)b;
	int order = strcmp(x->id, y->id);

	return order ? order : x->order < y->order ? -1 : 1;
}

static int by_command(const void *a, const void *b)
{
	const struct writ_rule_entry *x = a, *y = b;

	if (x->command != y->command)
		return (uintptr_t)x->command < (uintptr_t)y->command ? -1 : 1;
	return x->rule->order < y->rule->order ? -1 : x->rule->order > y->rule->order;
}

static int check_ids(struct writ_loader *loader, struct writ_error *err)
{
	struct writ_policy *policy = loader->policy;
	const struct writ_rule **sorted =
		writ_arena_alloc(loader->trees, policy->n_rules, sizeof(*sorted));

	if (!sorted)
		return writ_error_set(err, "out of memory");
	if (policy->n_rules)
		memcpy(sorted, policy->rules, policy->n_rules * sizeof(*sorted));
	qsort(sorted, policy->n_rules, sizeof(*sorted), by_id);
	for (size_t i = 1; i < policy->n_rules; i++)
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
			return writ_json_error(
				writ_json_get(loader->rule_json[sorted[i]->order], "id"), err,
				"two rules have the id '%s'", sorted[i]->id);
	return 0;
}

static int build_commands(struct writ_policy *policy)
{
	struct writ_rule_entry *entries;
	size_t n = 0;

	for (size_t i = 0; i < policy->n_rules; i++)
		n += policy->rules[i]->cover.n_commands;
	entries = writ_arena_alloc(policy->arena, n, sizeof(*entries));
	if (!entries)
		return -1;
	n = 0;
	for (size_t i = 0; i < policy->n_rules; i++)
		for (size_t j = 0; j < policy->rules[i]->cover.n_commands; j++)
			entries[n++] = (struct writ_rule_entry){
				policy->rules[i]->cover.commands[j], policy->rules[i]};
	qsort(entries, n, sizeof(*entries), by_command);
	policy->index = entries;
	policy->n_index = n;
	return 0;
}

static int build_programs(struct writ_policy *policy)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n_rules; i++)
		n += policy->rules[i]->n_programs > 0;
	policy->program_rules = writ_arena_alloc(policy->arena, n, sizeof(*policy->program_rules));
	if (!policy->program_rules)
		return -1;
	for (size_t i = 0; i < policy->n_rules; i++)
		if (policy->rules[i]->n_programs)
			policy->program_rules[policy->n_program_rules++] = policy->rules[i];
	return 0;
}

/* A deny rule that nothing limits. */
static bool always_denies(const struct writ_rule *rule)
{
	return rule->deny && rule->n_when == 0 && rule->n_vectors == 0 && rule->n_subjects == 0;
}

static const struct writ_rule *find_denial(const struct writ_policy *policy,
					   const struct writ_command *command)
{
	const struct writ_rule_entry *entries;
	size_t n;

	entries = writ_policy_rules_for(policy, command, &n);
	for (size_t i = 0; i < n; i++)
		if (always_denies(entries[i].rule))
			return entries[i].rule;
	return NULL;
}

/* An allow rule of which every command is always denied. */
static int check_effects(struct writ_loader *loader, struct writ_error *err)
{
	const struct writ_policy *policy = loader->policy;
	bool any = false;

	for (size_t i = 0; i < policy->n_rules; i++)
		any = any || always_denies(policy->rules[i]);
	for (size_t i = 0; any && i < policy->n_rules; i++) {
		const struct writ_rule *rule = policy->rules[i], *denial = NULL;
		size_t dead = 0;

		for (size_t j = 0; !rule->deny && j < rule->cover.n_commands; j++) {
			const struct writ_rule *found =
				find_denial(policy, rule->cover.commands[j]);

			denial = found ? found : denial;
			dead += found != NULL;
		}
		if (denial && dead == rule->cover.n_commands)
			return writ_json_error(loader->rule_json[i], err,
					       "this rule can never have an effect: '%s' denies "
					       "all that it allows",
					       denial->id);
	}
	return 0;
}

int writ_loader_index(struct writ_loader *loader, struct writ_error *err)
{
	if (check_ids(loader, err) < 0)
		return -1;
	if (build_commands(loader->policy) < 0 || build_programs(loader->policy) < 0)
		return writ_error_set(err, "out of memory");
	return check_effects(loader, err);
}
