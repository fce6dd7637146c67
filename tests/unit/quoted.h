/* SPDX-License-Identifier: ISC */
/* JSON in tables of C: written with ' in place of ", so that it can be read. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "json.h"

/* Parses it; the test fails if it is no JSON. */
static inline const struct writ_json *quoted_json(struct writ_arena *arena, const char *text)
{
	struct writ_error err = {0};
	char *copy = writ_arena_strdup(arena, text);
	const struct writ_json *json;

	for (char *p = copy; (p = strchr(p, '\'')); p++)
		*p = '"';
	json = writ_json_parse(arena, "test.json", copy, strlen(copy), &err);
	if (!json)
		fail_msg("%s: %s", text, err.message);
	return json;
}
