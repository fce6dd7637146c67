/* SPDX-License-Identifier: ISC */
#include "policy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "policy_data.h"

void writ_policy_free(struct writ_policy *policy)
{
	if (!policy)
		return;
	writ_arena_free(policy->arena);
	free(policy);
}

const char *writ_policy_path(const struct writ_policy *policy)
{
	return policy->path;
}

const struct writ_run *writ_policy_defaults(const struct writ_policy *policy)
{
	return &policy->defaults;
}

const char *writ_policy_sha256(const struct writ_policy *policy)
{
	return policy->sha256;
}

const char *const *writ_policy_search_path(const struct writ_policy *policy, size_t *ret_n)
{
	*ret_n = policy->defaults.n_path;
	return policy->defaults.path;
}

const struct writ_policy_test *writ_policy_tests(const struct writ_policy *policy, size_t *ret_n)
{
	*ret_n = policy->n_tests;
	return policy->tests;
}

const struct writ_command_file *writ_policy_command(const struct writ_policy *policy,
						    const char *name)
{
	for (const struct writ_command_file *f = policy->commands; f; f = f->next)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const struct writ_rule_entry *writ_policy_rules_for(const struct writ_policy *policy,
						    const struct writ_command *command,
						    size_t *ret_n)
{
	size_t low = 0, high = policy->n_index, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((uintptr_t)policy->index[middle].command < (uintptr_t)command)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < policy->n_index && policy->index[end].command == command; end++)
		;
	*ret_n = end - low;
	return policy->index + low;
}
