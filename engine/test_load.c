/* SPDX-License-Identifier: ISC */
/* Reading a policy's `tests`. */
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "decision.h"
#include "json.h"
#include "loader.h"
#include "path.h"
#include "policy.h"

struct reading {
	struct writ_loader *loader;
	struct writ_policy_test *test;
};

/* One string is split at single blanks: "a  b" has an empty argument in the middle. */
static int split(struct reading *r, const struct writ_json *json, struct writ_error *err)
{
	char *copy = writ_arena_strdup(r->loader->arena, json->string), **argv;
	size_t n = 1, i = 0;

	for (const char *p = json->string; *p; p++)
		n += *p == ' ';
	argv = writ_arena_alloc(r->loader->arena, n + 1, sizeof(*argv));
	if (!copy || !argv)
		return writ_json_error(json, err, "out of memory");
	for (char *word = copy; word; i++) {
		char *blank = strchr(word, ' ');

		if (blank)
			*blank++ = '\0';
		argv[i] = word;
		word = blank;
	}
	r->test->argv = argv;
	r->test->argc = n;
	return 0;
}

static int read_run(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	const char *const *argv = NULL;
	size_t n = 0;

	if (json->type == WRIT_JSON_STRING)
		return split(r, json, err);
	if (writ_json_strings(r->loader->arena, json, false, &argv, &n, err) < 0)
		return -1;
	r->test->argv = (char *const *)argv;
	r->test->argc = n;
	return 0;
}

static int read_expect(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	const char *expect = NULL;

	if (writ_json_string(json, &expect, err) < 0)
		return -1;
	r->test->allow = strcmp(expect, "allow") == 0;
	if (!r->test->allow && strcmp(expect, "deny") != 0)
		return writ_json_error(json, err, "expected \"allow\" or \"deny\"");
	return 0;
}

static int copy(struct reading *r, const struct writ_json *json, const char **ret,
		struct writ_error *err)
{
	const char *text = NULL;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	*ret = writ_loader_copy(r->loader, json, err);
	return *ret ? 0 : -1;
}

static int read_code(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	enum writ_code code;

	if (copy(r, json, &r->test->code, err) < 0)
		return -1;
	if (writ_code_from_string(r->test->code, &code) < 0)
		return writ_json_error(json, err, "unknown code '%s'", r->test->code);
	return 0;
}

static int read_files(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	r->test->files = writ_files_parse(r->loader->arena, json, err);
	return r->test->files ? 0 : -1;
}

#define TEXT(name, member)                                                                         \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		struct reading *r = object;                                                        \
		return copy(r, json, &r->test->member, err);                                       \
	}
TEXT(rule, rule)
TEXT(as, as)
TEXT(runas, runas)
TEXT(cwd, cwd)
TEXT(service, session.service)
TEXT(key, session.key)
TEXT(from, session.from)

static int read_tagged(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct reading *)object)->test->session.tagged, err);
}

static int read_session(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"tagged", false, read_tagged},
		{"service", false, read_service},
		{"key", false, read_key},
		{"from", false, read_from},
	};
	struct reading *r = object;

	r->test->session.given = r->test->session.tagged = true;
	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static const struct writ_json_field fields[] = {
	{"run", true, read_run},    {"expect", true, read_expect}, {"rule", false, read_rule},
	{"code", false, read_code}, {"as", false, read_as},        {"runas", false, read_runas},
	{"cwd", false, read_cwd},   {"files", false, read_files},  {"session", false, read_session},
};

int writ_loader_tests(struct writ_loader *loader, const struct writ_json *json,
		      struct writ_error *err)
{
	struct writ_policy *policy = loader->policy;
	struct writ_policy_test *tests;
	struct reading r = {.loader = loader};

	if (json->type != WRIT_JSON_ARRAY)
		return writ_json_error(json, err, "expected a list of tests");
	tests = writ_arena_alloc(loader->arena, policy->n_tests + json->length, sizeof(*tests));
	if (!tests)
		return writ_json_error(json, err, "out of memory");
	if (policy->n_tests)
		memcpy(tests, policy->tests, policy->n_tests * sizeof(*tests));
	policy->tests = tests;
	writ_each (member, json) {
		r.test = &tests[policy->n_tests++];
		r.test->file = writ_arena_strdup(loader->arena, member->source->file);
		r.test->line = (int)writ_json_line(member);
		if (!r.test->file)
			return writ_json_error(member, err, "out of memory");
		if (writ_json_fields(member, fields, ARRAY_SIZE(fields), &r, err) < 0)
			return -1;
	}
	return 0;
}
