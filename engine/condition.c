/* SPDX-License-Identifier: ISC */
#include "condition.h"

#include <string.h>

#include "arena.h"
#include "command.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"
#include "parsed.h"

struct reading {
	struct writ_loader *loader;
	const struct writ_cover *cover;
};

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

static int load_one(const struct reading *r, const struct writ_json *json,
		    struct writ_condition *ret, struct writ_error *err);

static int load_list(const struct reading *r, const struct writ_json *json,
		     const struct writ_condition **ret, size_t *ret_n, struct writ_error *err)
{
	struct writ_condition *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY || json->length == 0)
		return writ_json_error(json, err, "expected a list of at least one condition");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return no_memory(json, err);
	writ_each (member, json)
		if (load_one(r, member, &list[n++], err) < 0)
			return -1;
	*ret = list;
	*ret_n = n;
	return 0;
}

static int load_parts(const struct reading *r, const struct writ_json *json, bool options,
		      struct writ_condition *ret, struct writ_error *err)
{
	const char *const *names = NULL;
	struct writ_part *parts;
	size_t n = 0;

	if (writ_json_strings(r->loader->trees, json, true, &names, &n, err) < 0)
		return -1;
	parts = writ_arena_alloc(r->loader->arena, n, sizeof(*parts));
	if (!parts)
		return no_memory(json, err);
	for (size_t i = 0; i < n; i++) {
		if (writ_part_load(r->loader, json, names[i], r->cover, options, !options,
				   &parts[i], err) < 0)
			return -1;
		ret->bits |= parts[i].bits;
	}
	ret->parts = parts;
	ret->n_parts = n;
	return 0;
}

/* `fields` of a condition is a { "fields": … } matcher on the value; json is the member itself,
 * whose key says which of the two it is. */
static const struct writ_matcher *load_value(const struct reading *r, const struct writ_json *json,
					     const struct writ_matcher_target *target,
					     struct writ_error *err)
{
	struct writ_json object = *json, only = *json;

	if (strcmp(json->key, "fields") != 0)
		return writ_matcher_load(r->loader, json, target, err);
	only.next = NULL;
	object.type = WRIT_JSON_OBJECT;
	object.first = &only;
	object.length = 1;
	return writ_matcher_load(r->loader, &object, target, err);
}

static size_t count_targets(const struct writ_condition *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_parts; i++)
		n += c->parts[i].n_options + c->parts[i].n_operands;
	return n;
}

static int load_values(const struct reading *r, const struct writ_json *json,
		       struct writ_condition *c, struct writ_error *err)
{
	struct writ_condition_value *values =
		writ_arena_alloc(r->loader->arena, count_targets(c), sizeof(*values));
	struct writ_matcher_target target = {.open = true};
	size_t n = 0;

	if (!values)
		return no_memory(json, err);
	for (size_t i = 0; i < c->n_parts; i++) {
		const struct writ_part *part = &c->parts[i];

		for (size_t j = 0; j < part->n_options; j++) {
			target.flag = !part->options[j]->type;
			target.type = target.flag ? &writ_type_bool : part->options[j]->type;
			values[n].target = part->options[j];
			values[n].matcher = load_value(r, json, &target, err);
			if (!values[n++].matcher)
				return -1;
		}
		for (size_t j = 0; j < part->n_operands; j++) {
			target.type = part->operands[j]->type;
			target.command = part->operands[j]->command;
			values[n].target = part->operands[j];
			values[n].matcher = load_value(r, json, &target, err);
			if (!values[n++].matcher)
				return -1;
		}
	}
	c->values = values;
	c->n_values = n;
	return 0;
}

static int load_presence(const struct reading *r, const struct writ_json *json, bool options,
			 struct writ_condition *ret, struct writ_error *err)
{
	static const struct writ_json_field of_option[] = {
		{.key = "option"}, {.key = "value"}, {.key = "fields"}};
	static const struct writ_json_field of_operand[] = {{.key = "operand"}, {.key = "value"}};
	const struct writ_json *value = writ_json_get(json, "value");
	const struct writ_json *fields = options ? writ_json_get(json, "fields") : NULL;

	if (writ_json_fields(json, options ? of_option : of_operand, options ? 3 : 2, NULL, err) <
	    0)
		return -1;
	if (value && fields)
		return writ_json_error(fields, err, "a condition has a value or fields, not both");
	ret->kind = options ? WRIT_CONDITION_OPTION : WRIT_CONDITION_OPERAND;
	if (load_parts(r, writ_json_get(json, options ? "option" : "operand"), options, ret, err) <
	    0)
		return -1;
	if (!value && !fields)
		return 0;
	return load_values(r, value ? value : fields, ret, err);
}

static int load_nested(const struct reading *r, const struct writ_json *json, bool all,
		       struct writ_condition *ret, struct writ_error *err)
{
	static const struct writ_json_field of_all[] = {{.key = "all"}};
	static const struct writ_json_field of_not[] = {{.key = "not"}};
	const struct writ_json *inner = writ_json_get(json, all ? "all" : "not");
	struct writ_condition *one;

	if (writ_json_fields(json, all ? of_all : of_not, 1, NULL, err) < 0)
		return -1;
	ret->kind = all ? WRIT_CONDITION_ALL : WRIT_CONDITION_NOT;
	if (all)
		return load_list(r, inner, &ret->inner, &ret->n_inner, err);
	one = writ_arena_alloc(r->loader->arena, 1, sizeof(*one));
	if (!one)
		return no_memory(inner, err);
	ret->inner = one;
	ret->n_inner = 1;
	return load_one(r, inner, one, err);
}

static int unknown_condition(const struct writ_json *json, struct writ_error *err)
{
	static const struct writ_json_field known[] = {
		{.key = "option"}, {.key = "operand"}, {.key = "all"}, {.key = "not"}};

	if (writ_json_fields(json, known, 4, NULL, err) < 0)
		return -1;
	return writ_json_error(json, err,
			       "a condition has one of the keys option, operand, all, not");
}

static int load_one(const struct reading *r, const struct writ_json *json,
		    struct writ_condition *ret, struct writ_error *err)
{
	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected a condition, not %s",
				       writ_json_type_name(json));
	if (writ_json_get(json, "option"))
		return load_presence(r, json, true, ret, err);
	if (writ_json_get(json, "operand"))
		return load_presence(r, json, false, ret, err);
	if (writ_json_get(json, "all"))
		return load_nested(r, json, true, ret, err);
	if (writ_json_get(json, "not"))
		return load_nested(r, json, false, ret, err);
	return unknown_condition(json, err);
}

int writ_conditions_load(struct writ_loader *loader, const struct writ_json *json,
			 const struct writ_cover *cover, const struct writ_condition **ret,
			 size_t *ret_n, struct writ_error *err)
{
	const struct reading r = {.loader = loader, .cover = cover};

	return load_list(&r, json, ret, ret_n, err);
}

/* The matcher that was loaded for this option or operand; NULL: presence is enough. */
static const struct writ_matcher *value_for(const struct writ_condition *c, const void *target)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (c->values[i].target == target)
			return c->values[i].matcher;
	return NULL;
}

static bool names_option(const struct writ_condition *c, const struct writ_option *option)
{
	for (size_t i = 0; i < c->n_parts; i++)
		if (writ_part_is_option(&c->parts[i], option))
			return true;
	return false;
}

static bool names_operand(const struct writ_condition *c, const struct writ_operand *operand)
{
	for (size_t i = 0; i < c->n_parts; i++)
		if (writ_part_is_operand(&c->parts[i], operand))
			return true;
	return false;
}

static enum writ_truth eval_occurrence(const struct writ_condition *c,
				       const struct writ_occurrence *o, struct writ_eval *eval)
{
	const struct writ_matcher *matcher = value_for(c, o->option);

	if (matcher)
		return writ_occurrence_eval(matcher, o, eval);
	/* Presence; a flag must not be switched off. */
	return o->option->type || o->value.number.boolean ? WRIT_YES : WRIT_NO;
}

/* Some occurrence; under `not`, where a value is asked for, every one of at least one (ground rule
 * 5: not {network = none} holds for --network none --network bridge). */
struct tally {
	bool every, any;
	enum writ_truth truth;
};

static void tally_add(struct tally *t, enum writ_truth one)
{
	if (!t->any)
		t->truth = one;
	else
		t->truth = t->every ? writ_and(t->truth, one) : writ_or(t->truth, one);
	t->any = true;
}

static enum writ_truth eval_options(const struct writ_condition *c,
				    const struct writ_parsed *parsed, struct writ_eval *eval,
				    const struct writ_occurrence **ret_culprit)
{
	struct tally t = {.every = eval->negated && c->n_values};

	if (!(c->bits & parsed->present))
		return WRIT_NO;
	for (size_t i = 0; i < parsed->n_options; i++) {
		const struct writ_occurrence *o = &parsed->options[i];
		enum writ_truth one;

		if (!(c->bits & writ_option_bit(o->option)) || !names_option(c, o->option))
			continue;
		one = eval_occurrence(c, o, eval);
		tally_add(&t, one);
		if (one != WRIT_NO && !eval->negated && !*ret_culprit)
			*ret_culprit = o;
	}
	return t.truth;
}

static enum writ_truth eval_operands(const struct writ_condition *c,
				     const struct writ_parsed *parsed, struct writ_eval *eval)
{
	struct tally t = {.every = eval->negated && c->n_values};

	for (size_t i = 0; i < parsed->n_operands; i++) {
		const struct writ_parsed_operand *o = &parsed->operands[i];
		const struct writ_matcher *matcher;

		if (!names_operand(c, o->operand))
			continue;
		matcher = value_for(c, o->operand);
		tally_add(&t, matcher ? writ_operand_eval(matcher, o, eval) : WRIT_YES);
	}
	return t.truth;
}

enum writ_truth writ_condition_eval(const struct writ_condition *condition,
				    const struct writ_parsed *parsed, struct writ_eval *eval,
				    const struct writ_occurrence **ret_culprit)
{
	enum writ_truth truth = WRIT_YES;

	switch (condition->kind) {
	case WRIT_CONDITION_OPTION:
		return eval_options(condition, parsed, eval, ret_culprit);
	case WRIT_CONDITION_OPERAND:
		return eval_operands(condition, parsed, eval);
	case WRIT_CONDITION_ALL:
		for (size_t i = 0; i < condition->n_inner && truth != WRIT_NO; i++)
			truth = writ_and(truth, writ_condition_eval(&condition->inner[i], parsed,
								    eval, ret_culprit));
		return truth;
	case WRIT_CONDITION_NOT:
		break;
	}
	eval->negated = !eval->negated;
	truth = writ_not(writ_condition_eval(condition->inner, parsed, eval, ret_culprit));
	eval->negated = !eval->negated;
	return truth;
}
