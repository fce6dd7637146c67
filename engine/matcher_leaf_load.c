/* SPDX-License-Identifier: ISC */
/* Reading the matchers that look at one text: glob, regex, numbers, paths, images. */
#include "arena.h"
#include "error.h"
#include "glob.h"
#include "json.h"
#include "matcher_load.h"
#include "regex.h"

int writ_matcher_read_glob(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err)
{
	struct writ_error why = {0};
	const char *glob = NULL;

	if (writ_json_string(json, &glob, err) < 0)
		return -1;
	if (writ_glob_check(glob, &why) < 0)
		return writ_json_error(json, err, "not a glob: %s", why.message);
	r->matcher->kind = WRIT_MATCH_GLOB;
	r->matcher->glob = writ_loader_copy(r->loader, json, err);
	return r->matcher->glob ? 0 : -1;
}

int writ_matcher_read_regex(struct writ_matcher_reading *r, const struct writ_json *json,
			    struct writ_error *err)
{
	struct writ_regex *regex;
	struct writ_error why = {0};
	const char *pattern = NULL;

	if (writ_json_string(json, &pattern, err) < 0)
		return -1;
	regex = writ_regex_new_in(r->loader->arena, pattern, &why);
	if (!regex)
		return writ_json_error(json, err, "not a regular expression: %s", why.message);
	r->matcher->kind = WRIT_MATCH_REGEX;
	r->matcher->regex.compiled = regex;
	r->matcher->regex.pattern = writ_loader_copy(r->loader, json, err);
	return r->matcher->regex.pattern ? 0 : -1;
}

static int check_pair(const struct writ_json *json, struct writ_error *err)
{
	if (json->type != WRIT_JSON_ARRAY || json->length != 2)
		return writ_json_error(json, err, "expected a list of two bounds, [low, high]");
	return 0;
}

int writ_matcher_read_int(struct writ_matcher_reading *r, const struct writ_json *json,
			  struct writ_error *err)
{
	struct writ_matcher *m = r->matcher;

	if (check_pair(json, err) < 0 ||
	    writ_json_int(json->first, INT64_MIN, INT64_MAX, &m->range.low, err) < 0 ||
	    writ_json_int(json->first->next, INT64_MIN, INT64_MAX, &m->range.high, err) < 0)
		return -1;
	if (m->range.low > m->range.high)
		return writ_json_error(json, err, "the lower bound is above the upper one");
	m->kind = WRIT_MATCH_INT;
	return 0;
}

static int read_bound(struct writ_matcher_reading *r, const struct writ_json *json,
		      enum writ_value_kind kind, int64_t *ret, const char **ret_text,
		      struct writ_error *err)
{
	const struct writ_value_type *type = r->target->type;
	const char *text = NULL;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	*ret_text = writ_loader_copy(r->loader, json, err);
	if (!*ret_text)
		return -1;
	if (!type) /* a field's, or a set looked at by itself: read when it is used */
		return 0;
	if (type->kind != kind || !type->bound)
		return writ_json_error(json, err, "a value of type %s cannot be compared so",
				       type->name);
	if (type->bound(text, ret) < 0)
		return writ_json_error(json, err, "'%s' is no %s", text, type->name);
	return 0;
}

static int read_range(struct writ_matcher_reading *r, const struct writ_json *json,
		      enum writ_value_kind kind, struct writ_error *err)
{
	struct writ_matcher *m = r->matcher;

	if (check_pair(json, err) < 0 ||
	    read_bound(r, json->first, kind, &m->range.low, &m->range.low_text, err) < 0 ||
	    read_bound(r, json->first->next, kind, &m->range.high, &m->range.high_text, err) < 0)
		return -1;
	if (m->range.low > m->range.high)
		return writ_json_error(json, err, "the lower bound is above the upper one");
	m->kind = WRIT_MATCH_RANGE;
	m->range.known = r->target->type != NULL;
	return 0;
}

int writ_matcher_read_duration(struct writ_matcher_reading *r, const struct writ_json *json,
			       struct writ_error *err)
{
	return read_range(r, json, WRIT_VALUE_DURATION, err);
}

int writ_matcher_read_size(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err)
{
	return read_range(r, json, WRIT_VALUE_SIZE, err);
}

int writ_matcher_read_path(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err)
{
	const struct writ_value_type *type = r->target->type;

	if (type && type->kind != WRIT_VALUE_PATH && type->kind != WRIT_VALUE_STRING &&
	    type->kind != WRIT_VALUE_TEXT)
		return writ_json_error(json, err, "a value of type %s is no path", type->name);
	r->matcher->kind = WRIT_MATCH_PATH;
	return writ_path_rule_parse(r->loader->arena, json, &r->matcher->path, err);
}

int writ_matcher_read_image(struct writ_matcher_reading *r, const struct writ_json *json,
			    struct writ_error *err)
{
	struct writ_arena *arena = r->loader->arena;
	const struct writ_value_type *type = r->target->type;
	const char *const *texts = NULL;
	struct writ_image *entries;
	size_t n = 0;

	if (type && type->kind != WRIT_VALUE_IMAGE && type->kind != WRIT_VALUE_STRING)
		return writ_json_error(json, err, "a value of type %s is no image", type->name);
	if (writ_json_strings(arena, json, true, &texts, &n, err) < 0)
		return -1;
	entries = writ_arena_alloc(arena, n, sizeof(*entries));
	if (!entries)
		return writ_json_error(json, err, "out of memory");
	for (size_t i = 0; i < n; i++)
		if (writ_image_parse(arena, texts[i], &entries[i]) < 0)
			return writ_json_error(json, err, "'%s' is no image reference", texts[i]);
	r->matcher->kind = WRIT_MATCH_IMAGE;
	r->matcher->image.entries = entries;
	r->matcher->image.texts = texts;
	r->matcher->image.n = n;
	return 0;
}
