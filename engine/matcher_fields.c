/* SPDX-License-Identifier: ISC */
#include "matcher_fields.h"

#include <string.h>

#include "matcher.h"
#include "parsed.h"
#include "policy_data.h"

/* One value of a field, as a value of the field's own type. */
static enum writ_truth eval_field_value(const struct writ_matcher *matcher,
					const struct writ_field *field, const char *text,
					struct writ_eval *eval)
{
	struct writ_value value;
	bool cleaned = eval->cleaned;
	enum writ_truth truth;

	if (writ_value_read(eval->arena, &value, field->type, text, NULL) < 0)
		return WRIT_UNSURE;
	/* A path inside a structured value is a bind mount's source: docker cleans it. */
	eval->cleaned = true;
	truth = writ_matcher_eval(matcher, &value, eval);
	eval->cleaned = cleaned;
	return truth;
}

/* Of a field's values an allow rule asks all, a deny rule any. */
static enum writ_truth eval_field(const struct writ_matcher *matcher,
				  const struct writ_field *field, struct writ_eval *eval)
{
	bool any = eval->deny && !eval->negated;
	enum writ_truth truth = any ? WRIT_NO : WRIT_YES;

	for (size_t i = 0; i < field->n; i++) {
		enum writ_truth one = eval_field_value(matcher, field, field->values[i], eval);

		truth = any ? writ_or(truth, one) : writ_and(truth, one);
	}
	return truth;
}

static bool names_field(const struct writ_matcher *m, const char *name)
{
	for (size_t i = 0; i < m->fields.n; i++)
		if (strcmp(m->fields.items[i].name, name) == 0)
			return true;
	return false;
}

static size_t count_controls(const char *text)
{
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		n += *p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);
	return n;
}

static size_t count_field_controls(const struct writ_value *value)
{
	size_t n = 0;

	for (size_t i = 0; i < value->n_fields; i++)
		for (size_t j = 0; j < value->fields[i].n; j++)
			n += count_controls(value->fields[i].values[j]);
	return n;
}

enum writ_truth writ_matcher_fields_eval(const struct writ_matcher *m,
					 const struct writ_value *value, struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_YES;

	if (value->type->kind != WRIT_VALUE_STRUCTURED)
		return WRIT_NO;
	for (size_t i = 0; i < m->fields.n && truth != WRIT_NO; i++) {
		const struct writ_field_matcher *item = &m->fields.items[i];
		const struct writ_field *field = writ_value_field(value, item->name);

		if (field)
			truth = writ_and(truth, eval_field(item->matcher, field, eval));
		else if (item->matcher->kind != WRIT_MATCH_NULL && (!item->optional || eval->deny))
			truth = WRIT_NO;
	}
	if (eval->deny) /* open: other fields do not matter */
		return truth;
	/* What stands behind the first line of a --mount is in no field, and so matched by nothing.
	 */
	if (count_controls(value->text) > count_field_controls(value))
		return WRIT_NO;
	for (size_t i = 0; i < value->n_fields; i++)
		if (!names_field(m, value->fields[i].name))
			return WRIT_NO;
	return truth;
}
