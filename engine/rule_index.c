/* SPDX-License-Identifier: ISC */
/* From commands to the rules that speak of them, and what only all rules together can show. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "command.h"
#include "error.h"
#include "hash.h"
#include "json.h"
#include "loader.h"

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
	const struct writ_rule **table;
	size_t size = writ_hash_slots(policy->n_rules);

	table = writ_arena_alloc(loader->trees, size, sizeof(*table));
	if (!table)
		return writ_error_set(err, "out of memory");
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct writ_rule *rule = policy->rules[i];
		size_t slot = writ_hash(rule->id) & (size - 1);

		for (; table[slot]; slot = (slot + 1) & (size - 1))
			if (strcmp(table[slot]->id, rule->id) == 0)
				return writ_json_error(writ_json_get(loader->rule_json[i], "id"),
						       err, "two rules have the id '%s'", rule->id);
		table[slot] = rule;
	}
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
			entries[n++] = (struct writ_rule_entry) {
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

/* The first rule that always denies each command, where there is one; in the index's order. */
struct denials {
	struct writ_rule_entry *entries;
	size_t n;
};

static int find_denials(struct writ_loader *loader, struct denials *ret)
{
	const struct writ_policy *policy = loader->policy;

	ret->entries = writ_arena_alloc(loader->trees, policy->n_index, sizeof(*ret->entries));
	if (!ret->entries)
		return -1;
	for (size_t i = 0; i < policy->n_index; i++) {
		const struct writ_rule_entry *entry = &policy->index[i];

		if (always_denies(entry->rule) &&
		    (ret->n == 0 || ret->entries[ret->n - 1].command != entry->command))
			ret->entries[ret->n++] = *entry;
	}
	return 0;
}

static int compare_command(const void *key, const void *entry)
{
	const struct writ_command *command = ((const struct writ_rule_entry *)entry)->command;

	if (key == command)
		return 0;
	return (uintptr_t)key < (uintptr_t)command ? -1 : 1;
}

/* The rule that denies all of this rule's commands (the last one's, where several do); or NULL. */
static const struct writ_rule *denial_of(const struct denials *denials,
					 const struct writ_rule *rule)
{
	const struct writ_rule_entry *entry = NULL;

	for (size_t i = 0; i < rule->cover.n_commands; i++) {
		entry = bsearch(rule->cover.commands[i], denials->entries, denials->n,
				sizeof(*entry), compare_command);
		if (!entry)
			return NULL;
	}
	return entry ? entry->rule : NULL;
}

/* An allow rule of which every command is always denied. */
static int check_effects(struct writ_loader *loader, struct writ_error *err)
{
	const struct writ_policy *policy = loader->policy;
	struct denials denials = {0};

	if (find_denials(loader, &denials) < 0)
		return writ_error_set(err, "out of memory");
	for (size_t i = 0; denials.n > 0 && i < policy->n_rules; i++) {
		const struct writ_rule *rule = policy->rules[i];
		const struct writ_rule *denial = rule->deny ? NULL : denial_of(&denials, rule);

		if (denial)
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
