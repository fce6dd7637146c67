/* SPDX-License-Identifier: ISC */
#include "rule_cursor.h"

#include "policy_data.h"
#include "string_list.h"
#include "subject.h"

struct writ_rule_cursor writ_rule_cursor_new(const struct writ_policy *policy,
					     const struct writ_command *command,
					     const char *program,
					     const struct writ_request *request)
{
	struct writ_rule_cursor cursor = {.policy = policy, .request = request, .program = program};

	if (command)
		cursor.entries = writ_policy_rules_for(policy, command, &cursor.n_entries);
	return cursor;
}

static const struct writ_rule *peek_command(const struct writ_rule_cursor *c)
{
	return c->entry < c->n_entries ? c->entries[c->entry].rule : NULL;
}

static const struct writ_rule *peek_program(struct writ_rule_cursor *c)
{
	for (; c->program_rule < c->policy->n_program_rules; c->program_rule++) {
		const struct writ_rule *rule = c->policy->program_rules[c->program_rule];

		if (writ_strings_have(rule->programs, rule->n_programs, c->program))
			return rule;
	}
	return NULL;
}

/* Rules of `command` from the index and rules of `program` from their list, merged by order. */
static const struct writ_rule *next(struct writ_rule_cursor *c)
{
	const struct writ_rule *of_command = peek_command(c), *of_program = peek_program(c);

	if (of_command && (!of_program || of_command->order < of_program->order)) {
		c->entry++;
		return of_command;
	}
	if (of_program)
		c->program_rule++;
	return of_program;
}

const struct writ_rule *writ_rule_cursor_next(struct writ_rule_cursor *cursor)
{
	const struct writ_rule *rule;

	do
		rule = next(cursor);
	while (rule && !writ_rule_is_for(rule, cursor->request));
	return rule;
}
