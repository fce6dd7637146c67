/* SPDX-License-Identifier: ISC */
/* Rules, and parts of rules, that can have no effect. */
#include <string.h>

#include "command.h"
#include "condition.h"
#include "json.h"
#include "lint_check.h"
#include "matcher.h"
#include "policy_data.h"

static const char check[] = "no-effect";

static bool names_operand(const struct writ_cover *cover, const struct writ_operand *operand)
{
	for (size_t i = 0; i < cover->n_operands; i++)
		if (cover->operands[i].operand == operand)
			return true;
	return false;
}

/* Whether the rule lets an option be given that stands for the operand. */
static bool names_instead(const struct writ_cover *cover, const struct writ_operand *operand)
{
	for (size_t i = 0; i < cover->n_options; i++)
		if (cover->options[i].option->instead_of == operand)
			return true;
	return false;
}

/* An operand that the command must have and the rule does not name; NULL if there is none. */
static const char *missing_operand(const struct writ_cover *cover,
				   const struct writ_command *command)
{
	for (size_t i = 0; i < command->n_operands; i++)
		if (!command->operands[i].optional &&
		    !names_operand(cover, &command->operands[i]) &&
		    !names_instead(cover, &command->operands[i]))
			return command->operands[i].name;
	return NULL;
}

static bool can_be_given(const struct writ_cover *cover, const struct writ_part *part)
{
	for (size_t i = 0; i < part->n_options; i++)
		if (cover->classes & 1u << part->options[i]->class)
			return true;
	for (size_t i = 0; i < cover->n_options; i++)
		if (writ_part_is_option(part, cover->options[i].option) &&
		    cover->options[i].matcher->kind != WRIT_MATCH_FALSE)
			return true;
	for (size_t i = 0; i < cover->n_operands; i++)
		if (writ_part_is_operand(part, cover->operands[i].operand))
			return true;
	return false;
}

static bool is_group(const struct writ_cover *cover)
{
	for (size_t i = 0; i < cover->n_command_names; i++)
		if (strchr(cover->command_names[i], '*'))
			return true;
	return false;
}

static void check_required(struct writ_linting *lint, const struct writ_cover *cover,
			   const struct writ_json *json)
{
	const struct writ_json *require = writ_json_get(json, "require");
	const struct writ_json *node = require ? require->first : NULL;

	for (size_t i = 0; i < cover->n_required; i++) {
		bool possible = false;

		for (size_t j = 0; j < cover->required[i].n; j++)
			possible = possible || can_be_given(cover, &cover->required[i].parts[j]);
		if (!possible)
			writ_lint_fail(lint, node ? node : json, check,
				       "requires %s, which the rule does not allow",
				       cover->required[i].parts[0].name);
		node = node ? node->next : NULL;
	}
}

static void check_allow(struct writ_linting *lint, const struct writ_cover *cover,
			const struct writ_json *json)
{
	size_t impossible = 0;
	const struct writ_json *node = writ_json_get(json, "command");

	for (size_t i = 0; i < cover->n_commands; i++)
		impossible += missing_operand(cover, cover->commands[i]) != NULL;
	for (size_t i = 0; i < cover->n_commands; i++) {
		const char *operand = missing_operand(cover, cover->commands[i]);

		if (operand && impossible == cover->n_commands)
			writ_lint_fail(lint, node ? node : json, check,
				       "%s needs the operand %s, which the rule does not name: it "
				       "allows nothing",
				       cover->commands[i]->path, operand);
		else if (operand && !is_group(cover))
			writ_lint_warn(
				lint, node ? node : json, check,
				"of %s the rule allows nothing: it does not name the operand "
				"%s",
				cover->commands[i]->path, operand);
		if (operand && is_group(cover))
			break;
	}
	check_required(lint, cover, json);
}

/* What a field can hold at all, where that is few words. */
static bool is_impossible_field(const struct writ_option *option,
				const struct writ_field_matcher *field)
{
	static const char *const kinds[] = {"bind", "volume", "anonymous"};
	const struct writ_matcher *m = field->matcher;

	if (!option->type || strcmp(option->type->name, "docker.volume") != 0 ||
	    strcmp(field->name, "kind") != 0 || m->kind != WRIT_MATCH_TEXT)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], m->text.text) == 0)
			return false;
	return true;
}

static bool value_never(const struct writ_option *option, const struct writ_matcher *m)
{
	if (m->kind == WRIT_MATCH_NULL)
		return !option->optional;
	if (m->kind == WRIT_MATCH_NOT)
		return m->inner->kind == WRIT_MATCH_TRUE;
	for (size_t i = 0; m->kind == WRIT_MATCH_FIELDS && i < m->fields.n; i++)
		if (is_impossible_field(option, &m->fields.items[i]))
			return true;
	return false;
}

/* Whether both ask for the same options or operands. */
static bool same_parts(const struct writ_condition *a, const struct writ_condition *b)
{
	if (a->kind != b->kind || a->n_parts != b->n_parts)
		return false;
	for (size_t i = 0; i < a->n_parts; i++)
		if (strcmp(a->parts[i].name, b->parts[i].name) != 0)
			return false;
	return true;
}

static bool contradict(const struct writ_condition *a, const struct writ_condition *b)
{
	return b->kind == WRIT_CONDITION_NOT && b->inner->n_parts > 0 && b->inner->n_values == 0 &&
	       a->n_parts > 0 && same_parts(a, b->inner);
}

static bool condition_never(const struct writ_condition *c)
{
	size_t never = 0;

	if (c->kind == WRIT_CONDITION_OPTION) {
		for (size_t i = 0; i < c->n_values; i++)
			never += value_never(c->values[i].target, c->values[i].matcher);
		return c->n_values > 0 && never == c->n_values;
	}
	if (c->kind != WRIT_CONDITION_ALL)
		return false;
	for (size_t i = 0; i < c->n_inner; i++) {
		if (condition_never(&c->inner[i]))
			return true;
		for (size_t j = 0; j < c->n_inner; j++)
			if (contradict(&c->inner[i], &c->inner[j]))
				return true;
	}
	return false;
}

static bool denies_all_of(const struct writ_rule *a, const struct writ_rule *b)
{
	if (!a->deny || a->n_when || a->n_programs || a->n_subjects)
		return false;
	for (size_t i = 0; i < b->cover.n_commands; i++)
		if (!writ_cover_has_command(&a->cover, b->cover.commands[i]))
			return false;
	return true;
}

static void check_deny(struct writ_linting *lint, const struct writ_rule *rule,
		       const struct writ_json *json)
{
	const struct writ_json *when = writ_json_get(json, "when");
	const struct writ_json *node = when ? when->first : NULL;
	const struct writ_rule_entry *entries;
	size_t n, never = 0;

	for (size_t i = 0; i < rule->n_when; i++, node = node ? node->next : NULL) {
		if (!condition_never(&rule->when[i]))
			continue;
		never++;
		writ_lint_warn(lint, node ? node : json, check, "this can never hold%s",
			       never == rule->n_when ? ": the rule denies nothing" : "");
	}
	if (rule->n_programs)
		return;
	entries = writ_policy_rules_for(lint->policy, rule->cover.commands[0], &n);
	for (size_t i = 0; i < n && entries[i].rule->order < rule->order; i++)
		if (denies_all_of(entries[i].rule, rule)) {
			writ_lint_warn(lint, json, check,
				       "the rule '%s' denies all of this already",
				       entries[i].rule->id);
			return;
		}
}

static void check_subjects(struct writ_linting *lint, const struct writ_rule *rule,
			   const struct writ_json *json)
{
	for (size_t i = 0; i < rule->n_subjects; i++)
		if (rule->subjects[i]->n_users || rule->subjects[i]->n_groups)
			return;
	if (rule->n_subjects)
		writ_lint_fail(lint, writ_json_get(json, "subjects"), check,
			       "nobody is in '%s': the rule is for no one",
			       rule->subjects[0]->name);
}

void writ_lint_effect(struct writ_linting *lint, const struct writ_rule *rule,
		      const struct writ_json *json)
{
	check_subjects(lint, rule, json);
	if (rule->deny)
		check_deny(lint, rule, json);
	else if (!rule->n_programs)
		check_allow(lint, &rule->cover, json);
}
