/* SPDX-License-Identifier: ISC */
/* Reads { "path": { … } } of a policy. */
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "glob.h"
#include "json.h"
#include "path.h"

struct reading {
	struct writ_arena *arena;
	struct writ_path_rule rule;
};

/* Absolute, each name once between slashes. A final slash is dropped from the copy. */
static int settle_entry(const struct writ_json *json, char *entry, struct writ_error *err)
{
	struct writ_error glob = {0};
	size_t length = strlen(entry);

	if (entry[0] != '/')
		return writ_json_error(json, err, "'%s' is no absolute path", entry);
	if (length >= PATH_MAX)
		return writ_json_error(json, err, "this path is too long");
	if (length > 1 && entry[length - 1] == '/' && entry[length - 2] != '/')
		entry[length - 1] = '\0';
	for (const char *p = entry; *p && entry[1];) {
		size_t n = strcspn(++p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return writ_json_error(json, err, "write '%s' without '//', '.' and '..'",
					       entry);
		p += n;
	}
	if (writ_glob_is_pattern(entry) && writ_glob_check(entry, &glob) < 0)
		return writ_json_error(json, err, "'%s': %s", entry, glob.message);
	return 0;
}

static int read_entries(struct reading *r, const struct writ_json *json, const char *const **ret,
			size_t *ret_n, struct writ_error *err)
{
	const struct writ_json *member = json->first;
	const char *const *entries;
	size_t n;

	if (writ_json_strings(r->arena, json, false, &entries, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++, member = member->next)
		/* They are copies in our arena. */
		if (settle_entry(member, (char *)entries[i], err) < 0)
			return -1;
	*ret = entries;
	*ret_n = n;
	return 0;
}

static int read_under(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	return read_entries(r, json, &r->rule.under, &r->rule.n_under, err);
}

static int read_not_under(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	return read_entries(r, json, &r->rule.not_under, &r->rule.n_not_under, err);
}

static int read_exact(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	return read_entries(r, json, &r->rule.exact, &r->rule.n_exact, err);
}

static int read_kind(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	const char *word;

	if (writ_json_string(json, &word, err) < 0)
		return -1;
	if (strcmp(word, "file") == 0)
		r->rule.kind = WRIT_PATH_FILE;
	else if (strcmp(word, "dir") == 0)
		r->rule.kind = WRIT_PATH_DIR;
	else if (strcmp(word, "any") == 0)
		r->rule.kind = WRIT_PATH_ANY;
	else
		return writ_json_error(json, err, "expected \"file\", \"dir\" or \"any\"");
	return 0;
}

static int read_missing(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	const char *word;

	if (writ_json_string(json, &word, err) < 0)
		return -1;
	if (strcmp(word, "allow") != 0 && strcmp(word, "deny") != 0)
		return writ_json_error(json, err, "expected \"allow\" or \"deny\"");
	r->rule.missing_allowed = word[0] == 'a';
	return 0;
}

static int read_trusted(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	bool all;

	if (json->type == WRIT_JSON_STRING && strcmp(json->string, "directories") == 0) {
		r->rule.trusted = WRIT_TRUST_DIRECTORIES;
		return 0;
	}
	if (json->type == WRIT_JSON_STRING)
		return writ_json_error(json, err, "expected true, false or \"directories\"");
	if (writ_json_bool(json, &all, err) < 0)
		return -1;
	r->rule.trusted = all ? WRIT_TRUST_ALL : WRIT_TRUST_NONE;
	return 0;
}

static int read_links(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	int64_t links;

	if (writ_json_int(json, 1, INT_MAX, &links, err) < 0)
		return -1;
	r->rule.links = (unsigned)links;
	return 0;
}

static int read_pin(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	bool thing;

	if (json->type == WRIT_JSON_STRING && strcmp(json->string, "entry") == 0) {
		r->rule.pin = WRIT_PIN_ENTRY;
		return 0;
	}
	if (json->type == WRIT_JSON_STRING)
		return writ_json_error(json, err, "expected true, false or \"entry\"");
	if (writ_json_bool(json, &thing, err) < 0)
		return -1;
	r->rule.pin = thing ? WRIT_PIN_THING : WRIT_PIN_NONE;
	return 0;
}

static const struct writ_json_field fields[] = {
	{"under", false, read_under},     {"not_under", false, read_not_under},
	{"exact", false, read_exact},     {"kind", false, read_kind},
	{"missing", false, read_missing}, {"trusted", false, read_trusted},
	{"links", false, read_links},     {"pin", false, read_pin},
};

int writ_path_rule_parse(struct writ_arena *arena, const struct writ_json *json,
			 struct writ_path_rule *ret, struct writ_error *err)
{
	struct reading r = {.arena = arena};
	const struct writ_path_rule *rule = &r.rule;

	if (writ_json_fields(json, fields, ARRAY_SIZE(fields), &r, err) < 0)
		return -1;
	if (rule->n_under + rule->n_not_under + rule->n_exact == 0 &&
	    rule->trusted == WRIT_TRUST_NONE && rule->kind == WRIT_PATH_ANY)
		return writ_json_error(json, err,
				       "this matches every path: say under, not_under, exact, "
				       "trusted or kind");
	if (rule->pin && rule->n_under + rule->n_exact == 0)
		return writ_json_error(json, err, "pin needs under or exact");
	*ret = r.rule;
	return 0;
}
