/* SPDX-License-Identifier: ISC */
/* "argv": literal vectors, each element a matcher, the last perhaps { "rest": MATCHER }. */
#include <string.h>

#include "arena.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"

static bool is_rest(const struct writ_json *json)
{
	return json->type == WRIT_JSON_OBJECT && json->length == 1 &&
	       strcmp(json->first->key, "rest") == 0;
}

static int load_one(struct writ_loader *loader, const struct writ_json *json,
		    struct writ_vector *ret, struct writ_error *err)
{
	const struct writ_matcher_target target = {.type = &writ_type_string};
	const struct writ_matcher **elements;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY)
		return writ_json_error(
			json, err, "expected a list of arguments (argv is a list of such lists)");
	elements = writ_arena_alloc(loader->arena, json->length, sizeof(*elements));
	if (!elements)
		return writ_json_error(json, err, "out of memory");
	writ_each (element, json) {
		const struct writ_matcher *matcher;

		if (is_rest(element) && element->next)
			return writ_json_error(element, err, "only the last element may be 'rest'");
		matcher = writ_matcher_load(loader, is_rest(element) ? element->first : element,
					    &target, err);
		if (!matcher)
			return -1;
		if (is_rest(element))
			ret->rest = matcher;
		else
			elements[n++] = matcher;
	}
	ret->elements = elements;
	ret->n = n;
	return 0;
}

int writ_vectors_load(struct writ_loader *loader, const struct writ_json *json,
		      const struct writ_vector **ret, size_t *ret_n, struct writ_error *err)
{
	struct writ_vector *vectors;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY || json->length == 0)
		return writ_json_error(json, err, "expected a list of argument vectors");
	vectors = writ_arena_alloc(loader->arena, json->length, sizeof(*vectors));
	if (!vectors)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json)
		if (load_one(loader, member, &vectors[n++], err) < 0)
			return -1;
	*ret = vectors;
	*ret_n = n;
	return 0;
}
