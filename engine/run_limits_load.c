/* SPDX-License-Identifier: ISC */
/* `rlimits` of a rule's settings. */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "run_load.h"

static int read_limit_value(const struct writ_json *json, char *out, size_t size,
			    struct writ_error *err)
{
	int64_t number = 0;

	if (json->type == WRIT_JSON_STRING && strcmp(json->string, "infinity") == 0) {
		snprintf(out, size, "infinity");
		return 0;
	}
	if (json->type != WRIT_JSON_INTEGER || writ_json_int(json, 0, INT64_MAX, &number, err) < 0)
		return writ_json_error(json, err, "expected a number or \"infinity\"");
	snprintf(out, size, "%lld", (long long)number);
	return 0;
}

/* "nofile": 1024, or [soft, hard]. */
static int read_one_limit(struct writ_run_reading *r, const struct writ_json *json,
			  struct writ_rlimit *ret, struct writ_error *err)
{
	static const char *const known[] = {"as",      "core",   "cpu",   "data", "fsize", "locks",
					    "memlock", "nofile", "nproc", "rss",  "stack"};
	bool pair = json->type == WRIT_JSON_ARRAY && json->length == 2;
	char soft[32], hard[32];

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i], json->key) == 0)
			ret->name = known[i];
	if (!ret->name)
		return writ_json_error(json, err, "unknown limit '%s'", json->key);
	if (read_limit_value(pair ? json->first : json, soft, sizeof(soft), err) < 0 ||
	    read_limit_value(pair ? json->first->next : json, hard, sizeof(hard), err) < 0)
		return -1;
	ret->value = writ_arena_printf(r->loader->arena, "%s,%s", soft, hard);
	return ret->value ? 0 : writ_json_error(json, err, "out of memory");
}

int writ_run_read_rlimits(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run_reading *r = object;
	struct writ_rlimit *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of limits");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json)
		if (read_one_limit(r, member, &list[n++], err) < 0)
			return -1;
	r->run->rlimits = list;
	r->run->n_rlimits = n;
	return 0;
}
