/* SPDX-License-Identifier: ISC */
#include "matcher.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "loader.h"
#include "matcher_load.h"
#include "text.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

static int read_set(struct writ_matcher_reading *r, const struct writ_json *json,
		    struct writ_error *err)
{
	const struct writ_matcher *set;
	const char *name = NULL;

	if (writ_json_string(json, &name, err) < 0)
		return -1;
	set = writ_loader_set(r->loader, name, json, r->target, err);
	if (!set)
		return -1;
	*r->matcher = *set;
	r->matcher->set = writ_loader_copy(r->loader, json, err);
	return r->matcher->set ? 0 : -1;
}

static int unknown_field(const struct writ_json *json, const struct writ_value_type *type,
			 struct writ_error *err)
{
	size_t n = 0;
	const char *nearest;

	while (type->field_names[n])
		n++;
	nearest = writ_text_nearest(json->key, type->field_names, n);
	return writ_json_error(json, err, "a value of type %s has no field '%s'%s%s%s", type->name,
			       json->key, nearest ? " (did you mean '" : "", nearest ? nearest : "",
			       nearest ? "'?)" : "");
}

static bool has_field(const struct writ_value_type *type, const char *name)
{
	for (const char *const *f = type->field_names; *f; f++)
		if (strcmp(*f, name) == 0)
			return true;
	return false;
}

static int read_one_field(struct writ_matcher_reading *r, const struct writ_json *json,
			  struct writ_field_matcher *ret, struct writ_error *err)
{
	/* What type a field has depends on the value (the source of a bind is a path): unknown
	 * here. */
	struct writ_matcher_target target = {.open = r->target->open};
	const struct writ_json *inner = json;

	ret->name = writ_arena_strdup(r->loader->arena, json->key);
	if (!ret->name)
		return no_memory(json, err);
	if (json->type == WRIT_JSON_OBJECT && json->length == 1 &&
	    strcmp(json->first->key, "optional") == 0) {
		ret->optional = true;
		inner = json->first;
	}
	ret->matcher = writ_matcher_load(r->loader, inner, &target, err);
	return ret->matcher ? 0 : -1;
}

static int read_fields(struct writ_matcher_reading *r, const struct writ_json *json,
		       struct writ_error *err)
{
	const struct writ_value_type *type = r->target->type;
	struct writ_field_matcher *items;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT || json->length == 0)
		return writ_json_error(json, err, "expected an object of fields");
	if (type && type->kind != WRIT_VALUE_STRUCTURED)
		return writ_json_error(json, err, "a value of type %s has no fields", type->name);
	items = writ_arena_alloc(r->loader->arena, json->length, sizeof(*items));
	if (!items)
		return no_memory(json, err);
	writ_each (member, json) {
		if (type && !has_field(type, member->key))
			return unknown_field(member, type, err);
		if (read_one_field(r, member, &items[n++], err) < 0)
			return -1;
	}
	r->matcher->kind = WRIT_MATCH_FIELDS;
	r->matcher->fields.items = items;
	r->matcher->fields.n = n;
	return 0;
}

static int read_list(struct writ_matcher_reading *r, const struct writ_json *json,
		     enum writ_matcher_kind kind, struct writ_error *err)
{
	const struct writ_matcher **items;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY || json->length == 0)
		return writ_json_error(json, err, "expected a list of at least one matcher");
	items = writ_arena_alloc(r->loader->arena, json->length, sizeof(*items));
	if (!items)
		return no_memory(json, err);
	writ_each (member, json) {
		items[n] = writ_matcher_load(r->loader, member, r->target, err);
		if (!items[n++])
			return -1;
	}
	r->matcher->kind = kind;
	r->matcher->list.items = items;
	r->matcher->list.n = n;
	return 0;
}

static int read_all(struct writ_matcher_reading *r, const struct writ_json *json,
		    struct writ_error *err)
{
	return read_list(r, json, WRIT_MATCH_ALL, err);
}

static int read_not(struct writ_matcher_reading *r, const struct writ_json *json,
		    struct writ_error *err)
{
	r->matcher->kind = WRIT_MATCH_NOT;
	r->matcher->inner = writ_matcher_load(r->loader, json, r->target, err);
	return r->matcher->inner ? 0 : -1;
}

static int read_argv(struct writ_matcher_reading *r, const struct writ_json *json,
		     struct writ_error *err)
{
	r->matcher->kind = WRIT_MATCH_ARGV;
	return writ_vectors_load(r->loader, json, &r->matcher->argv.vectors, &r->matcher->argv.n,
				 err);
}

static const struct kind {
	const char *key;
	int (*read)(struct writ_matcher_reading *r, const struct writ_json *json,
		    struct writ_error *err);
	bool for_command; /* may stand for a COMMAND... operand */
} kinds[] = {
	{"set", read_set, true},
	{"glob", writ_matcher_read_glob, false},
	{"regex", writ_matcher_read_regex, false},
	{"int", writ_matcher_read_int, false},
	{"size", writ_matcher_read_size, false},
	{"duration", writ_matcher_read_duration, false},
	{"path", writ_matcher_read_path, false},
	{"image", writ_matcher_read_image, false},
	{"fields", read_fields, false},
	{"argv", read_argv, true},
	{"not", read_not, false},
	{"all", read_all, false},
};

static const struct kind *find_kind(const char *key)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].key, key) == 0)
			return &kinds[i];
	return NULL;
}

static int unknown_kind(const struct writ_json *member, struct writ_error *err)
{
	const char *names[sizeof(kinds) / sizeof(kinds[0]) + 1];
	size_t n = 0;
	const char *nearest;

	for (; n < sizeof(kinds) / sizeof(kinds[0]); n++)
		names[n] = kinds[n].key;
	names[n++] = "command";
	nearest = writ_text_nearest(member->key, names, n);
	return writ_json_error(member, err, "unknown matcher '%s'%s%s%s", member->key,
			       nearest ? " (did you mean '" : "", nearest ? nearest : "",
			       nearest ? "'?)" : "");
}

/* { "command": …, "options": …, … }: a rule's body for the words of a COMMAND... operand. */
static int read_command(struct writ_matcher_reading *r, const struct writ_json *json,
			struct writ_error *err)
{
	struct writ_cover_json parts = {0};
	static const char *const known[] = {"command", "options", "operands", "require", "classes"};

	writ_each (member, json) {
		const struct writ_json **slot = NULL;

		if (strcmp(member->key, "options") == 0)
			slot = &parts.options;
		else if (strcmp(member->key, "operands") == 0)
			slot = &parts.operands;
		else if (strcmp(member->key, "require") == 0)
			slot = &parts.require;
		else if (strcmp(member->key, "classes") == 0)
			slot = &parts.classes;
		if (slot)
			*slot = member;
		else if (strcmp(member->key, "command") != 0 && strcmp(member->key, "note") != 0) {
			const char *nearest = writ_text_nearest(member->key, known, 5);

			return writ_json_error(member, err, "unknown key '%s'%s%s%s", member->key,
					       nearest ? " (did you mean '" : "",
					       nearest ? nearest : "", nearest ? "'?)" : "");
		}
	}
	if (r->target->type && !r->target->command)
		return writ_json_error(json, err, "only a COMMAND... operand takes a command");
	r->matcher->kind = WRIT_MATCH_COMMAND;
	if (writ_cover_load_commands(r->loader, writ_json_get(json, "command"), &r->matcher->cover,
				     err) < 0)
		return -1;
	return writ_cover_load(r->loader, &parts, r->target->open, &r->matcher->cover, err);
}

static int read_object(struct writ_matcher_reading *r, const struct writ_json *json,
		       struct writ_error *err)
{
	const struct writ_json *only = NULL;
	const struct kind *kind;

	if (writ_json_get(json, "command"))
		return read_command(r, json, err);
	writ_each (member, json) {
		if (strcmp(member->key, "note") == 0 && member->type == WRIT_JSON_STRING)
			continue;
		if (!find_kind(member->key))
			return unknown_kind(member, err);
		if (only)
			return writ_json_error(member, err,
					       "a matcher has one key, not '%s' and '%s'",
					       only->key, member->key);
		only = member;
	}
	if (!only)
		return writ_json_error(json, err, "an empty matcher");
	kind = find_kind(only->key);
	if (r->target->command && !kind->for_command)
		return writ_json_error(only, err,
				       "a COMMAND... operand takes true, a command, an argv, or a "
				       "list of these");
	if (r->target->flag)
		return writ_json_error(only, err, "a flag takes true or false");
	return kind->read(r, only, err);
}

/* The text as the value's type understands it, so that "sys_admin" means CAP_SYS_ADMIN here too. */
static int read_text(struct writ_matcher_reading *r, const struct writ_json *json,
		     struct writ_error *err)
{
	const struct writ_value_type *type = r->target->type;
	struct writ_value value;
	struct writ_error why = {0};
	struct writ_matcher *m = r->matcher;

	if (r->target->command)
		return writ_json_error(json, err,
				       "a COMMAND... operand takes true, a command, an argv, or a "
				       "list of these");
	if (r->target->flag)
		return writ_json_error(json, err, "a flag takes true or false");
	m->kind = WRIT_MATCH_TEXT;
	m->text.text = m->text.normal = writ_loader_copy(r->loader, json, err);
	if (!m->text.text)
		return -1;
	if (!type || type->kind == WRIT_VALUE_STRUCTURED || type->kind == WRIT_VALUE_PATH)
		return 0;
	if (writ_value_read(r->loader->arena, &value, type, m->text.text, &why) < 0)
		return writ_json_error(json, err, "this can never match: %s", why.message);
	m->text.normal = value.normal;
	return 0;
}

static int read_constant(struct writ_matcher_reading *r, const struct writ_json *json,
			 struct writ_error *err)
{
	if (json->type == WRIT_JSON_TRUE) {
		r->matcher->kind = WRIT_MATCH_TRUE;
		return 0;
	}
	if (json->type == WRIT_JSON_FALSE && (r->target->flag || !r->target->type)) {
		r->matcher->kind = WRIT_MATCH_FALSE;
		return 0;
	}
	if (json->type == WRIT_JSON_NULL && !r->target->flag && !r->target->command) {
		r->matcher->kind = WRIT_MATCH_NULL;
		return 0;
	}
	return writ_json_error(
		json, err, "expected a matcher, not %s%s", writ_json_type_name(json),
		json->type == WRIT_JSON_FALSE
			? " (only a flag takes false; an option that is not named is "
			  "not allowed)"
			: "");
}

const struct writ_matcher *writ_matcher_load(struct writ_loader *loader,
					     const struct writ_json *json,
					     const struct writ_matcher_target *target,
					     struct writ_error *err)
{
	struct writ_matcher_reading r = {.loader = loader, .target = target};
	int status;

	r.matcher = writ_arena_alloc(loader->arena, 1, sizeof(*r.matcher));
	if (!r.matcher) {
		no_memory(json, err);
		return NULL;
	}
	if (json->type == WRIT_JSON_OBJECT)
		status = read_object(&r, json, err);
	else if (json->type == WRIT_JSON_ARRAY)
		status = read_list(&r, json, WRIT_MATCH_ANY, err);
	else if (json->type == WRIT_JSON_STRING)
		status = read_text(&r, json, err);
	else
		status = read_constant(&r, json, err);
	return status < 0 ? NULL : r.matcher;
}
