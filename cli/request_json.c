/* SPDX-License-Identifier: ISC */
#include "request_json.h"

#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "json.h"
#include "request.h"

struct reader {
	struct writ_arena *arena;
	struct writ_request *request;
};

int cli_argv_parse(struct writ_arena *arena, const struct writ_json *json,
		   struct writ_request *request, struct writ_error *err)
{
	const char *const *words;
	size_t n;

	if (writ_json_strings(arena, json, false, &words, &n, err) < 0)
		return -1;
	request->argv = (char *const *)words;
	request->argc = n;
	return 0;
}

static int read_argv(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	return cli_argv_parse(r->arena, json, r->request, err);
}

static int read_name(const struct writ_json *json, const char **ret, struct writ_error *err)
{
	if (writ_json_string(json, ret, err) < 0)
		return -1;
	return **ret ? 0 : writ_json_error(json, err, "the name is empty");
}

static int read_user(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	return read_name(json, &r->request->user, err);
}

static int read_runas(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	return read_name(json, &r->request->runas_user, err);
}

static int read_cwd(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	if (writ_json_string(json, &r->request->cwd, err) < 0)
		return -1;
	if (r->request->cwd[0] != '/')
		return writ_json_error(json, err, "the folder is no absolute path");
	return 0;
}

/* { "NAME": "value" } → "NAME=value", as sudo is given it before the program's name. */
static int read_env(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	const char **words, *value;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object, not %s",
				       writ_json_type_name(json));
	words = writ_arena_alloc(r->arena, json->length, sizeof(*words));
	if (!words)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json) {
		if (writ_json_string(member, &value, err) < 0)
			return -1;
		if (!member->key[0] || strchr(member->key, '='))
			return writ_json_error(member, err, "this is no name of a variable");
		words[n] = writ_arena_printf(r->arena, "%s=%s", member->key, value);
		if (!words[n++])
			return writ_json_error(member, err, "out of memory");
	}
	r->request->env = words;
	r->request->n_env = n;
	return 0;
}

int cli_request_parse(struct writ_arena *arena, const struct writ_json *json,
		      struct writ_request *request, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"argv", true, read_argv}, {"user", false, read_user}, {"runas", false, read_runas},
		{"cwd", false, read_cwd},  {"env", false, read_env},
	};
	struct reader reader = {.arena = arena, .request = request};

	if (json->type == WRIT_JSON_ARRAY)
		return cli_argv_parse(arena, json, request, err);
	return writ_json_fields(json, fields, ARRAY_SIZE(fields), &reader, err);
}
