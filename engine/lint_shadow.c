/* SPDX-License-Identifier: ISC */
/* Allow rules that an earlier one makes superfluous, as far as that is plain. */
#include <string.h>

#include "command.h"
#include "json.h"
#include "lint_check.h"
#include "matcher.h"
#include "parsed.h"
#include "policy_data.h"
#include "regex.h"
#include "string_list.h"
#include "text.h"

static bool any_item(const struct writ_matcher *a, const struct writ_matcher *b)
{
	for (size_t i = 0; i < a->list.n; i++)
		if (writ_lint_matcher_covers(a->list.items[i], b))
			return true;
	return false;
}

static bool all_items(const struct writ_matcher *a, const struct writ_matcher *b)
{
	for (size_t i = 0; i < b->list.n; i++)
		if (!writ_lint_matcher_covers(a, b->list.items[i]))
			return false;
	return true;
}

/* `true` matches no control characters, which plain text and regexes may ask for. */
static bool true_covers(const struct writ_matcher *b)
{
	if (b->kind == WRIT_MATCH_TEXT)
		return writ_text_scan(b->text.text, strlen(b->text.text)) == 0;
	if (b->kind == WRIT_MATCH_REGEX)
		return !strchr(b->regex.pattern, '\\') &&
		       writ_text_scan(b->regex.pattern, strlen(b->regex.pattern)) == 0;
	return b->kind != WRIT_MATCH_ALL && b->kind != WRIT_MATCH_NOT &&
	       b->kind != WRIT_MATCH_FIELDS && b->kind != WRIT_MATCH_COMMAND &&
	       b->kind != WRIT_MATCH_ARGV;
}

static bool regex_covers(const struct writ_matcher *a, const struct writ_matcher *b)
{
	if (b->kind == WRIT_MATCH_REGEX)
		return strcmp(a->regex.pattern, b->regex.pattern) == 0;
	return b->kind == WRIT_MATCH_TEXT &&
	       writ_regex_match(a->regex.compiled, b->text.normal, strlen(b->text.normal), false) ==
		       WRIT_YES &&
	       strcmp(b->text.text, b->text.normal) == 0;
}

static bool same_strings(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
	for (size_t i = 0; i < n_b; i++)
		if (!writ_strings_have(a, n_a, b[i]))
			return false;
	return n_a == n_b;
}

static bool same_path(const struct writ_path_rule *a, const struct writ_path_rule *b)
{
	return same_strings(a->under, a->n_under, b->under, b->n_under) &&
	       same_strings(a->not_under, a->n_not_under, b->not_under, b->n_not_under) &&
	       same_strings(a->exact, a->n_exact, b->exact, b->n_exact) && a->kind == b->kind &&
	       a->missing_allowed == b->missing_allowed && a->trusted == b->trusted &&
	       a->links == b->links && a->pin == b->pin;
}

static bool same_images(const struct writ_matcher *a, const struct writ_matcher *b)
{
	for (size_t i = 0; i < b->image.n; i++)
		if (!writ_strings_have(a->image.texts, a->image.n, b->image.texts[i]))
			return false;
	return true;
}

static bool vector_covers(const struct writ_vector *a, const struct writ_vector *b)
{
	if (a->n != b->n || (b->rest && !a->rest))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!writ_lint_matcher_covers(a->elements[i], b->elements[i]))
			return false;
	return !b->rest || writ_lint_matcher_covers(a->rest, b->rest);
}

static bool vectors_cover(const struct writ_vector *a, size_t n_a, const struct writ_vector *b,
			  size_t n_b)
{
	for (size_t i = 0; i < n_b; i++) {
		bool found = false;

		for (size_t j = 0; j < n_a && !found; j++)
			found = vector_covers(&a[j], &b[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool same_kind_covers(const struct writ_matcher *a, const struct writ_matcher *b)
{
	switch (a->kind) {
	case WRIT_MATCH_TEXT:
		return strcmp(a->text.normal, b->text.normal) == 0 &&
		       strcmp(a->text.text, b->text.text) == 0;
	case WRIT_MATCH_GLOB:
		return strcmp(a->glob, b->glob) == 0;
	case WRIT_MATCH_INT:
		return a->range.low <= b->range.low && a->range.high >= b->range.high;
	case WRIT_MATCH_RANGE:
		return a->range.known && b->range.known && a->range.low <= b->range.low &&
		       a->range.high >= b->range.high;
	case WRIT_MATCH_PATH:
		return same_path(&a->path, &b->path);
	case WRIT_MATCH_IMAGE:
		return same_images(a, b);
	case WRIT_MATCH_COMMAND:
		return writ_lint_cover_covers(&a->cover, &b->cover);
	case WRIT_MATCH_ARGV:
		return vectors_cover(a->argv.vectors, a->argv.n, b->argv.vectors, b->argv.n);
	case WRIT_MATCH_FALSE:
	case WRIT_MATCH_NULL:
	case WRIT_MATCH_TRUE:
		return true;
	case WRIT_MATCH_REGEX:
	case WRIT_MATCH_FIELDS:
	case WRIT_MATCH_ANY:
	case WRIT_MATCH_ALL:
	case WRIT_MATCH_NOT:
		break;
	}
	return false;
}

bool writ_lint_matcher_covers(const struct writ_matcher *a, const struct writ_matcher *b)
{
	if (b->kind == WRIT_MATCH_ANY)
		return all_items(a, b);
	if (a->kind == WRIT_MATCH_ANY)
		return any_item(a, b);
	if (a->kind == WRIT_MATCH_TRUE)
		return true_covers(b);
	if (a->kind == WRIT_MATCH_REGEX)
		return regex_covers(a, b);
	return a->kind == b->kind && same_kind_covers(a, b);
}

static const struct writ_matcher *option_matcher(const struct writ_cover *cover,
						 const struct writ_option *option)
{
	static const struct writ_matcher anything = {.kind = WRIT_MATCH_TRUE};

	for (size_t i = 0; i < cover->n_options; i++)
		if (cover->options[i].option == option)
			return cover->options[i].matcher;
	return cover->classes & 1u << option->class ? &anything : NULL;
}

static bool options_covered(const struct writ_cover *a, const struct writ_cover *b)
{
	static const struct writ_matcher anything = {.kind = WRIT_MATCH_TRUE};

	for (size_t i = 0; i < b->n_options; i++) {
		const struct writ_matcher *wider = option_matcher(a, b->options[i].option);

		if (!wider || !writ_lint_matcher_covers(wider, b->options[i].matcher))
			return false;
	}
	/* What b takes by a class, a must not narrow by name. */
	for (size_t i = 0; i < a->n_options; i++)
		if (b->classes & 1u << a->options[i].option->class &&
		    !writ_lint_matcher_covers(a->options[i].matcher, &anything))
			return false;
	return (b->classes & ~a->classes) == 0;
}

static bool operands_covered(const struct writ_cover *a, const struct writ_cover *b)
{
	for (size_t i = 0; i < b->n_operands; i++) {
		bool found = false;

		for (size_t j = 0; j < a->n_operands && !found; j++)
			found = a->operands[j].operand == b->operands[i].operand &&
				writ_lint_matcher_covers(a->operands[j].matcher,
							 b->operands[i].matcher);
		if (!found)
			return false;
	}
	return true;
}

static bool part_within(const struct writ_part *part, const struct writ_required *required)
{
	for (size_t i = 0; i < required->n; i++) {
		bool all = true;

		for (size_t j = 0; j < part->n_options; j++)
			all = all && writ_part_is_option(&required->parts[i], part->options[j]);
		for (size_t j = 0; j < part->n_operands; j++)
			all = all && writ_part_is_operand(&required->parts[i], part->operands[j]);
		if (all)
			return true;
	}
	return false;
}

/* Whether what satisfies b satisfies a. */
static bool requirement_follows(const struct writ_required *a, const struct writ_required *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!part_within(&b->parts[i], a))
			return false;
	return true;
}

static bool requirements_follow(const struct writ_cover *a, const struct writ_cover *b)
{
	for (size_t i = 0; i < a->n_required; i++) {
		bool found = false;

		for (size_t j = 0; j < b->n_required && !found; j++)
			found = requirement_follows(&a->required[i], &b->required[j]);
		if (!found)
			return false;
	}
	return true;
}

bool writ_lint_cover_covers(const struct writ_cover *a, const struct writ_cover *b)
{
	for (size_t i = 0; i < b->n_commands; i++)
		if (!writ_cover_has_command(a, b->commands[i]))
			return false;
	return options_covered(a, b) && operands_covered(a, b) && requirements_follow(a, b);
}

static bool subjects_covered(const struct writ_rule *a, const struct writ_rule *b)
{
	if (a->n_subjects == 0)
		return true;
	for (size_t i = 0; i < b->n_subjects; i++) {
		bool found = false;

		for (size_t j = 0; j < a->n_subjects && !found; j++)
			found = a->subjects[j] == b->subjects[i];
		if (!found)
			return false;
	}
	return b->n_subjects > 0;
}

static bool programs_covered(const struct writ_rule *a, const struct writ_rule *b)
{
	for (size_t i = 0; i < b->n_programs; i++)
		if (!writ_strings_have(a->programs, a->n_programs, b->programs[i]))
			return false;
	return vectors_cover(a->vectors, a->n_vectors, b->vectors, b->n_vectors);
}

static bool shadows(struct writ_linting *lint, const struct writ_rule *a, const struct writ_rule *b)
{
	const struct writ_json *json_a = lint->rules[a->order], *json_b = lint->rules[b->order];

	if (a->deny || a->order >= b->order || !a->n_programs != !b->n_programs)
		return false;
	if (b->n_programs ? !programs_covered(a, b) : !writ_lint_cover_covers(&a->cover, &b->cover))
		return false;
	return subjects_covered(a, b) &&
	       (!a->session || writ_lint_same_json(writ_json_get(json_a, "session"),
						   writ_json_get(json_b, "session"))) &&
	       writ_lint_same_json(writ_json_get(json_a, "run"), writ_json_get(json_b, "run"));
}

void writ_lint_shadows(struct writ_linting *lint, const struct writ_rule *rule,
		       const struct writ_json *json)
{
	const struct writ_policy *policy = lint->policy;
	const struct writ_rule_entry *entries = NULL;
	size_t n = policy->n_program_rules;

	if (!rule->n_programs)
		entries = writ_policy_rules_for(policy, rule->cover.commands[0], &n);
	for (size_t i = 0; i < n; i++) {
		const struct writ_rule *other =
			entries ? entries[i].rule : policy->program_rules[i];

		if (other->order >= rule->order)
			return;
		if (!shadows(lint, other, rule))
			continue;
		writ_lint_warn(lint, json, "shadowed",
			       "the rule '%s' allows all of this already, with the same settings",
			       other->id);
		return;
	}
}
