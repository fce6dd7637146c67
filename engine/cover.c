/* SPDX-License-Identifier: ISC */
#include "cover.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "explain.h"
#include "matcher.h"
#include "parsed.h"

static const struct writ_matcher *option_matcher(const struct writ_cover *cover,
						 const struct writ_option *option)
{
	for (size_t i = 0; i < cover->n_options; i++)
		if (cover->options[i].option == option)
			return cover->options[i].matcher;
	return NULL;
}

static const struct writ_matcher *operand_matcher(const struct writ_cover *cover,
						  const struct writ_operand *operand)
{
	for (size_t i = 0; i < cover->n_operands; i++)
		if (cover->operands[i].operand == operand)
			return cover->operands[i].matcher;
	return NULL;
}

/* What a value's type asks of an allow rule, beside the matcher. */
static enum writ_truth judge(const struct writ_value *value, struct writ_eval *eval,
			     enum writ_truth truth, struct writ_error *err)
{
	if (truth != WRIT_YES || eval->deny || !value->type->judge)
		return truth;
	eval->looked = true;
	return eval->paths ? value->type->judge(eval->arena, value, eval->paths, eval->cwd, err)
			   : WRIT_UNSURE;
}

enum writ_truth writ_occurrence_eval(const struct writ_matcher *matcher,
				     const struct writ_occurrence *occurrence,
				     struct writ_eval *eval)
{
	const struct writ_value *value = occurrence->absent ? NULL : &occurrence->value;
	enum writ_truth truth = writ_matcher_eval(matcher, value, eval);

	return value ? judge(value, eval, truth, NULL) : truth;
}

enum writ_truth writ_operand_eval(const struct writ_matcher *matcher,
				  const struct writ_parsed_operand *operand, struct writ_eval *eval)
{
	if (operand->operand->command)
		return writ_matcher_eval_words(matcher, operand->rest, operand->n_rest, eval);
	return judge(&operand->value, eval, writ_matcher_eval(matcher, &operand->value, eval),
		     NULL);
}

/* An option of a harmless class is covered with any value that holds no control characters. */
static enum writ_truth cover_option(const struct writ_cover *cover,
				    const struct writ_occurrence *occurrence,
				    const struct writ_matcher **ret_matcher, struct writ_eval *eval)
{
	static const struct writ_matcher anything = {.kind = WRIT_MATCH_TRUE};
	const struct writ_matcher *matcher = option_matcher(cover, occurrence->option);

	*ret_matcher = matcher;
	if (!matcher && cover->classes & 1u << occurrence->option->class)
		matcher = &anything;
	return matcher ? writ_occurrence_eval(matcher, occurrence, eval) : WRIT_NO;
}

bool writ_part_is_option(const struct writ_part *part, const struct writ_option *option)
{
	for (size_t i = 0; i < part->n_options; i++)
		if (part->options[i] == option)
			return true;
	return false;
}

bool writ_part_is_operand(const struct writ_part *part, const struct writ_operand *operand)
{
	for (size_t i = 0; i < part->n_operands; i++)
		if (part->operands[i] == operand)
			return true;
	return false;
}

/* Given; a flag: true in every occurrence. */
static bool is_given(const struct writ_part *part, const struct writ_parsed *parsed)
{
	bool given = false;

	for (size_t i = 0; i < parsed->n_options; i++) {
		const struct writ_occurrence *o = &parsed->options[i];

		if (!writ_part_is_option(part, o->option))
			continue;
		if (!o->option->type && !o->value.number.boolean)
			return false;
		given = true;
	}
	for (size_t i = 0; i < parsed->n_operands && !given; i++)
		given = writ_part_is_operand(part, parsed->operands[i].operand);
	return given;
}

static bool has_required(const struct writ_required *required, const struct writ_parsed *parsed)
{
	for (size_t i = 0; i < required->n; i++)
		if (is_given(&required->parts[i], parsed))
			return true;
	return false;
}

/* Where the matcher would have the value, but its type does not. */
static void explain_judged(const struct writ_matcher *matcher, const struct writ_value *value,
			   struct writ_eval *eval, struct writ_shortfall *shortfall)
{
	struct writ_error err = {0};

	if (!matcher || !value->type || !value->type->judge ||
	    writ_matcher_eval(matcher, value, eval) != WRIT_YES ||
	    judge(value, eval, WRIT_YES, &err) == WRIT_YES)
		return;
	shortfall->failed =
		writ_arena_printf(eval->arena, "%s: %s", value->type->name, err.message);
	shortfall->instead = NULL;
	shortfall->path = true;
}

static void explain_option(const struct writ_occurrence *occurrence,
			   const struct writ_matcher *matcher, struct writ_eval *eval,
			   struct writ_shortfall *shortfall)
{
	writ_explain_option(eval->arena, occurrence, matcher, shortfall);
	if (!occurrence->absent)
		explain_judged(matcher, &occurrence->value, eval, shortfall);
}

static void explain_operand(const struct writ_parsed_operand *operand,
			    const struct writ_matcher *matcher, struct writ_eval *eval,
			    struct writ_shortfall *shortfall)
{
	writ_explain_operand(operand, matcher, eval, shortfall);
	if (!operand->operand->command)
		explain_judged(matcher, &operand->value, eval, shortfall);
}

/* Counts one part of the request; explains the first that is not covered. True: go on. */
static bool count(struct writ_shortfall *shortfall, enum writ_truth *truth, enum writ_truth one)
{
	*truth = writ_and(*truth, one);
	if (!shortfall)
		return *truth == WRIT_YES;
	shortfall->parts++;
	if (one == WRIT_YES)
		shortfall->covered++;
	return true;
}

static enum writ_truth cover_options(const struct writ_cover *cover,
				     const struct writ_parsed *parsed, struct writ_eval *eval,
				     struct writ_shortfall *shortfall)
{
	enum writ_truth truth = WRIT_YES;

	for (size_t i = 0; i < parsed->n_options; i++) {
		const struct writ_occurrence *occurrence = &parsed->options[i];
		const struct writ_matcher *matcher;
		enum writ_truth one = cover_option(cover, occurrence, &matcher, eval);

		if (shortfall && one != WRIT_YES && !shortfall->failed)
			explain_option(occurrence, matcher, eval, shortfall);
		if (!count(shortfall, &truth, one))
			return truth;
	}
	return truth;
}

static enum writ_truth cover_operands(const struct writ_cover *cover,
				      const struct writ_parsed *parsed, struct writ_eval *eval,
				      struct writ_shortfall *shortfall)
{
	enum writ_truth truth = WRIT_YES;

	for (size_t i = 0; i < parsed->n_operands; i++) {
		const struct writ_parsed_operand *operand = &parsed->operands[i];
		const struct writ_matcher *matcher = operand_matcher(cover, operand->operand);
		enum writ_truth one = matcher ? writ_operand_eval(matcher, operand, eval) : WRIT_NO;

		if (shortfall && one != WRIT_YES && !shortfall->failed)
			explain_operand(operand, matcher, eval, shortfall);
		if (!count(shortfall, &truth, one))
			return truth;
	}
	return truth;
}

static enum writ_truth cover_required(const struct writ_cover *cover,
				      const struct writ_parsed *parsed, struct writ_eval *eval,
				      struct writ_shortfall *shortfall)
{
	enum writ_truth truth = WRIT_YES;

	for (size_t i = 0; i < cover->n_required; i++) {
		bool given = has_required(&cover->required[i], parsed);

		if (shortfall && !given && !shortfall->failed)
			writ_explain_required(eval->arena, &cover->required[i], shortfall);
		if (!count(shortfall, &truth, given ? WRIT_YES : WRIT_NO))
			return truth;
	}
	return truth;
}

enum writ_truth writ_cover_eval(const struct writ_cover *cover, const struct writ_parsed *parsed,
				struct writ_eval *eval, struct writ_shortfall *shortfall)
{
	enum writ_truth truth;

	if (!writ_cover_has_command(cover, parsed->command)) {
		if (shortfall && !shortfall->failed)
			writ_explain_command(eval->arena, cover, parsed, shortfall);
		return WRIT_NO;
	}
	truth = cover_options(cover, parsed, eval, shortfall);
	if (truth == WRIT_YES || shortfall)
		truth = writ_and(truth, cover_operands(cover, parsed, eval, shortfall));
	if (truth == WRIT_YES || shortfall)
		truth = writ_and(truth, cover_required(cover, parsed, eval, shortfall));
	return truth;
}

/* Of several occurrences one is enough; under `not` all are asked, and there must be one. */
static void open_count(const struct writ_eval *eval, enum writ_truth *truth, bool *any,
		       enum writ_truth one)
{
	if (!*any)
		*truth = one;
	else
		*truth = eval->negated ? writ_and(*truth, one) : writ_or(*truth, one);
	*any = true;
}

static enum writ_truth open_option(const struct writ_option_rule *rule,
				   const struct writ_parsed *parsed, struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_NO;
	bool any = false;

	for (size_t i = 0; i < parsed->n_options; i++)
		if (parsed->options[i].option == rule->option)
			open_count(eval, &truth, &any,
				   writ_occurrence_eval(rule->matcher, &parsed->options[i], eval));
	return truth;
}

static enum writ_truth open_operand(const struct writ_operand_rule *rule,
				    const struct writ_parsed *parsed, struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_NO;
	bool any = false;

	for (size_t i = 0; i < parsed->n_operands; i++)
		if (parsed->operands[i].operand == rule->operand)
			open_count(eval, &truth, &any,
				   writ_operand_eval(rule->matcher, &parsed->operands[i], eval));
	return truth;
}

enum writ_truth writ_cover_eval_open(const struct writ_cover *cover,
				     const struct writ_parsed *parsed, struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_YES;

	if (!writ_cover_has_command(cover, parsed->command))
		return WRIT_NO;
	for (size_t i = 0; i < cover->n_options; i++)
		truth = writ_and(truth, open_option(&cover->options[i], parsed, eval));
	for (size_t i = 0; i < cover->n_operands; i++)
		truth = writ_and(truth, open_operand(&cover->operands[i], parsed, eval));
	for (size_t i = 0; i < cover->n_required; i++)
		if (!has_required(&cover->required[i], parsed))
			truth = WRIT_NO;
	return truth;
}
