/* SPDX-License-Identifier: ISC */
/*
 * NAME=value, or NAME alone: then the program takes the value of its own environment. Cut at the
 * first
 * "="; the name may be any text but the empty one (docker does not check it).
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static const char *const fields[] = {"name", "value", NULL};

static int read_env(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *text = value->text, *equals = strchr(text, '=');
	const char *name = text;

	if (!*text || equals == text)
		return writ_value_fail(arena, value, err, "has no name before the '='");
	if (!writ_value_is_utf8(text))
		return writ_value_fail(arena, value, err, "is not UTF-8");
	if (equals)
		name = writ_arena_strndup(arena, text, (size_t)(equals - text));
	if (!name || writ_value_add_field(arena, value, "name", &writ_type_string, name, false) < 0)
		return writ_value_no_memory(err);
	if (equals &&
	    writ_value_add_field(arena, value, "value", &writ_type_string, equals + 1, false) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_env = {
	.name = "env",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_env,
	.field_names = fields,
	.main_field = "name",
};
