/* SPDX-License-Identifier: ISC */
/*
 * The types of values: the input's first line is a type's name, the rest the text. A normal form is
 * its own normal form; fields are those that the type names; docker's values are UTF-8.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "fuzz.h"
#include "text.h"
#include "value.h"

static bool is_known(const struct writ_value_type *type, const char *name)
{
	for (const char *const *known = type->field_names; known && *known; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

static void check_fields(struct writ_arena *arena, const struct writ_value *value)
{
	for (size_t i = 0; i < value->n_fields; i++) {
		const struct writ_field *field = &value->fields[i];
		struct writ_value part;

		if (!is_known(value->type, field->name) || field->n == 0 ||
		    writ_value_field(value, field->name) != field)
			abort();
		for (size_t k = 0; k < field->n; k++)
			if (writ_value_read(arena, &part, field->type, field->values[k], NULL) <
				    0 ||
			    writ_text_scan(field->values[k], strlen(field->values[k])) &
				    WRIT_TEXT_INVALID)
				abort();
	}
}

static void check(struct writ_arena *arena, const struct writ_value_type *type, const char *text)
{
	struct writ_error err = {0};
	struct writ_value value, again;
	bool structured = type->kind == WRIT_VALUE_STRUCTURED;

	if (writ_value_read(arena, &value, type, text, &err) < 0) {
		if (!err.message[0] || strchr(err.message, '\n'))
			abort();
		return;
	}
	if (!value.normal || value.text != text || structured != (value.n_fields > 0))
		abort();
	check_fields(arena, &value);
	if (writ_value_read(arena, &again, type, value.normal, &err) < 0 ||
	    strcmp(again.normal, value.normal) != 0 || again.number.integer != value.number.integer)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena = writ_arena_new();
	const struct writ_value_type *const *types;
	char *name, *text;
	size_t n;

	if (!arena)
		abort();
	name = writ_arena_strndup(arena, (const char *)data, size);
	text = name ? strchr(name, '\n') : NULL;
	if (text) {
		*text++ = '\0';
		types = writ_value_types(&n);
		for (size_t i = 0; i < n; i++) /* "docker" stands for all of docker's */
			if (strncmp(types[i]->name, name, strlen(name)) == 0)
				check(arena, types[i], text);
	}
	writ_arena_free(arena);
	return 0;
}
