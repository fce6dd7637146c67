/* SPDX-License-Identifier: ISC */
#include "relative.h"

#include "parsed.h"

static const char *in_value(const struct writ_value *value)
{
	if (value->type->kind == WRIT_VALUE_PATH)
		return value->text[0] != '/' ? value->text : NULL;
	for (size_t i = 0; i < value->n_fields; i++) {
		const struct writ_field *field = &value->fields[i];

		for (size_t j = 0; j < field->n && field->type->kind == WRIT_VALUE_PATH; j++)
			if (field->values[j][0] != '/')
				return field->values[j];
	}
	return NULL;
}

const char *writ_relative_find(const struct writ_parsed *parsed)
{
	const char *found = NULL;

	for (size_t i = 0; i < parsed->n_options && !found; i++)
		if (!parsed->options[i].absent)
			found = in_value(&parsed->options[i].value);
	for (size_t i = 0; i < parsed->n_operands && !found; i++)
		if (parsed->operands[i].value.type)
			found = in_value(&parsed->operands[i].value);
	return found;
}
