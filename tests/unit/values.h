/* SPDX-License-Identifier: ISC */
/*
 * For tests of value types: a text is read as its normal form, or as its fields ("{kind=bind,…}"),
 * or is refused (want NULL), with the message beginning with the text.
 */
#pragma once

#include "reading.h"

struct value_row {
	const char *text;
	const char *want; /* NULL: refused */
	int64_t number;   /* value_check_numbers: what it is */
};

static inline const char *value_of(struct reading *r, const struct writ_value_type *type,
				   const char *text, struct writ_value *ret)
{
	char *copy = strdup(text); /* exactly as long as it is, for sanitizers */
	int status;

	assert_non_null(copy);
	r->out[0] = '\0';
	memset(&r->err, 0, sizeof(r->err));
	status = writ_value_read(r->arena, ret, type, copy, &r->err);
	if (status == 0 && type->kind == WRIT_VALUE_STRUCTURED)
		reading_add_fields(r, ret);
	else if (status == 0)
		reading_add(r, "%s", ret->normal);
	free(copy);
	return status == 0 ? r->out : NULL;
}

static inline void value_check_all(const char *type_name, const struct value_row *rows, size_t n,
				   bool numbers)
{
	const struct writ_value_type *type = writ_value_type_find(type_name);
	struct reading r = {.arena = writ_arena_new()};
	struct table t = {0};

	assert_non_null(type);
	assert_non_null(r.arena);
	for (size_t i = 0; i < n; i++) {
		const struct value_row *row = &rows[i];
		struct writ_value value;
		const char *got = value_of(&r, type, row->text, &value);

		table_string(&t, row->text, type_name, got, row->want);
		if (!got)
			table_true(&t, row->text, "a message is there", r.err.message[0] == '\'');
		if (got && numbers)
			table_int(&t, row->text, "number", value.number.integer, row->number);
	}
	writ_arena_free(r.arena);
	table_done(&t);
}

#define value_check(type_name, rows) value_check_all(type_name, rows, ARRAY_SIZE(rows), false)
#define value_check_numbers(type_name, rows)                                                       \
	value_check_all(type_name, rows, ARRAY_SIZE(rows), true)
