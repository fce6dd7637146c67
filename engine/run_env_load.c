/* SPDX-License-Identifier: ISC */
/* `env` of a rule's settings: which variables survive, may be given, are set. */
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "matcher.h"
#include "run_load.h"
#include "string_list.h"

/* A variable's name; with globs also * and ?. */
static bool is_variable(const char *name, bool globs)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
				   "0123456789";

	if (*name >= '0' && *name <= '9')
		return false;
	for (const char *p = name; *p; p++)
		if (!strchr(safe, *p) && !(globs && (*p == '*' || *p == '?')))
			return false;
	return *name != '\0';
}

/* What writ itself says about the run; nobody else may, not even in its place. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {"SUDO_COMMAND", "SUDO_USER", "SUDO_UID",
					       "SUDO_GID",     "SUDO_HOME", "WRIT_SESSION",
					       "WRIT_EVENT",   "WRIT_RULE"};

	return writ_strings_have(reserved, ARRAY_SIZE(reserved), name);
}

static int check_name(const struct writ_json *member, struct writ_error *err)
{
	if (!is_variable(member->key, false))
		return writ_json_error(member, err, "'%s' is no variable's name", member->key);
	return is_reserved(member->key)
		       ? writ_json_error(member, err, "writ itself sets '%s'", member->key)
		       : 0;
}

static int read_keep(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	if (json->type == WRIT_JSON_ARRAY && json->length == 0) {
		run->n_env_keep = 0;
		return 0;
	}
	if (writ_json_strings(((struct writ_run_reading *)object)->loader->arena, json, false,
			      &run->env_keep, &run->n_env_keep, err) < 0)
		return -1;
	for (size_t i = 0; i < run->n_env_keep; i++)
		if (!is_variable(run->env_keep[i], true))
			return writ_json_error(json, err, "'%s' is no variable's name",
					       run->env_keep[i]);
	return 0;
}

static int read_env_allow(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_matcher_target target = {.type = &writ_type_string};
	struct writ_run_reading *r = object;
	struct writ_env_allow *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of variables and matchers");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json) {
		if (check_name(member, err) < 0)
			return -1;
		list[n].name = writ_arena_strdup(r->loader->arena, member->key);
		list[n].matcher = writ_matcher_load(r->loader, member, &target, err);
		if (!list[n].matcher)
			return -1;
		if (!list[n++].name)
			return writ_json_error(member, err, "out of memory");
	}
	r->run->env_allow = list;
	r->run->n_env_allow = n;
	return 0;
}

static int read_env_set(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run_reading *r = object;
	struct writ_env_set *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of variables and values");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json) {
		const char *value = NULL;

		if (check_name(member, err) < 0 || writ_json_string(member, &value, err) < 0)
			return -1;
		list[n].name = writ_arena_strdup(r->loader->arena, member->key);
		list[n].value = writ_arena_strdup(r->loader->arena, value);
		if (!list[n].name || !list[n].value)
			return writ_json_error(member, err, "out of memory");
		n++;
	}
	r->run->env_set = list;
	r->run->n_env_set = n;
	return 0;
}

int writ_run_read_env(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"keep", false, read_keep},
		{"allow", false, read_env_allow},
		{"set", false, read_env_set},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}
