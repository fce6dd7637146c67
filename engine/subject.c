/* SPDX-License-Identifier: ISC */
#include "subject.h"

#include "policy_data.h"
#include "request.h"
#include "string_list.h"

static bool is_in_group(const struct writ_subject_group *group, const struct writ_request *request)
{
	if (request->user && writ_strings_have(group->users, group->n_users, request->user))
		return true;
	for (size_t i = 0; i < request->n_groups; i++)
		if (writ_strings_have(group->groups, group->n_groups, request->groups[i]))
			return true;
	return false;
}

bool writ_rule_is_for(const struct writ_rule *rule, const struct writ_request *request)
{
	for (size_t i = 0; i < rule->n_subjects; i++)
		if (is_in_group(rule->subjects[i], request))
			return true;
	return rule->n_subjects == 0;
}
