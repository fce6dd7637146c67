/* SPDX-License-Identifier: ISC */
/* Path matchers whose file can be another one by the time that the program opens it. */
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "lint_check.h"

/* Whether a member "path" is such a matcher, and not an option or a field of that name. */
static bool is_path_matcher(const struct writ_json *json)
{
	static const char *const keys[] = {"under",   "not_under", "exact", "kind", "missing",
					   "trusted", "links",     "pin",   "note"};
	bool known = true;

	if (json->type != WRIT_JSON_OBJECT)
		return false;
	writ_each (member, json) {
		bool found = false;

		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			found = found || strcmp(member->key, keys[i]) == 0;
		known = known && found;
	}
	return known;
}

static bool is_given(const struct writ_json *json, const char *key)
{
	const struct writ_json *value = writ_json_get(json, key);

	return value && value->type != WRIT_JSON_FALSE;
}

static const struct writ_json *find_set(const struct writ_linting *lint, const char *name)
{
	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		const struct writ_json *sets = writ_json_get(f->json, "sets");
		const struct writ_json *set = sets ? writ_json_get(sets, name) : NULL;

		if (set)
			return set;
	}
	return NULL;
}

static void check_paths(struct writ_linting *lint, const struct writ_json *json,
			const struct writ_json *where);

/* One member of a matcher. What is found in a set is said where the set is used. */
static void check_member(struct writ_linting *lint, const struct writ_json *member,
			 const struct writ_json *where)
{
	const struct writ_json *set = NULL;

	if (member->key && strcmp(member->key, "set") == 0 && member->type == WRIT_JSON_STRING)
		set = find_set(lint, member->string);
	if (set)
		check_paths(lint, set, where ? where : member);
	else if (member->key && strcmp(member->key, "path") == 0 && is_path_matcher(member) &&
		 !is_given(member, "trusted") && !is_given(member, "pin"))
		writ_lint_warn(lint, where ? where : member, "path-race",
			       "the path is judged before the program opens it: without "
			       "\"trusted\" or \"pin\" whoever can change a folder or link on "
			       "the way can turn it in between");
	else
		check_paths(lint, member, where);
}

/* where: what to point at; NULL: the matcher itself. */
static void check_paths(struct writ_linting *lint, const struct writ_json *json,
			const struct writ_json *where)
{
	if (json->type == WRIT_JSON_OBJECT || json->type == WRIT_JSON_ARRAY)
		writ_each (member, json)
			check_member(lint, member, where);
}

void writ_lint_paths(struct writ_linting *lint, const struct writ_json *json)
{
	static const char *const parts[] = {"options", "operands", "argv"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct writ_json *part = writ_json_get(json, parts[i]);

		if (part)
			check_paths(lint, part, NULL);
	}
}
