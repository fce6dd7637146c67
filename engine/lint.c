/* SPDX-License-Identifier: ISC */
#include "lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "file.h"
#include "json.h"
#include "lint_check.h"
#include "policy_data.h"

static void add(struct writ_linting *lint, const struct writ_json *node, const char *check,
		bool error, const char *format, va_list args) __attribute__((format(printf, 5, 0)));

static void add(struct writ_linting *lint, const struct writ_json *node, const char *check,
		bool error, const char *format, va_list args)
{
	struct writ_lint_finding *finding = writ_arena_alloc(lint->arena, 1, sizeof(*finding));
	char message[sizeof(finding->at.message)];

	if (!finding) {
		lint->no_memory = true;
		return;
	}
	vsnprintf(message, sizeof(message), format, args);
	writ_json_error(node, &finding->at, "%s", message);
	finding->error = error;
	finding->check = check;
	*lint->end = finding;
	lint->end = &finding->next;
}

void writ_lint_warn(struct writ_linting *lint, const struct writ_json *node, const char *check,
		    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lint, node, check, false, format, args);
	va_end(args);
}

void writ_lint_fail(struct writ_linting *lint, const struct writ_json *node, const char *check,
		    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lint, node, check, true, format, args);
	va_end(args);
}

static bool is_note(const struct writ_json *member)
{
	return strcmp(member->key, "note") == 0 && member->type == WRIT_JSON_STRING;
}

static size_t count_members(const struct writ_json *json)
{
	size_t n = 0;

	writ_each (member, json)
		n += !is_note(member);
	return n;
}

static bool same_objects(const struct writ_json *a, const struct writ_json *b)
{
	if (count_members(a) != count_members(b))
		return false;
	writ_each (member, a) {
		const struct writ_json *other = writ_json_get(b, member->key);

		if (!is_note(member) && (!other || !writ_lint_same_json(member, other)))
			return false;
	}
	return true;
}

bool writ_lint_same_json(const struct writ_json *a, const struct writ_json *b)
{
	const struct writ_json *other;

	if (!a || !b)
		return a == b;
	if (a->type != b->type)
		return false;
	if (a->type == WRIT_JSON_STRING)
		return strcmp(a->string, b->string) == 0;
	if (a->type == WRIT_JSON_INTEGER)
		return a->integer == b->integer;
	if (a->type == WRIT_JSON_REAL)
		return false;
	if (a->type == WRIT_JSON_OBJECT)
		return same_objects(a, b);
	if (a->type != WRIT_JSON_ARRAY)
		return true;
	if (a->length != b->length)
		return false;
	other = b->first;
	writ_each (member, a) {
		if (!writ_lint_same_json(member, other))
			return false;
		other = other->next;
	}
	return true;
}

/* Where the next file is to be hung. */
struct reading {
	struct writ_arena *arena;
	const struct writ_lint_file **end;
};

static int read_file(struct reading *r, const char *path, unsigned depth, struct writ_error *err);

static int read_includes(struct reading *r, const struct writ_json *include, const char *path,
			 unsigned depth, struct writ_error *err)
{
	const char *slash = strrchr(path, '/');

	writ_each (member, include) {
		const char *name = member->type == WRIT_JSON_STRING ? member->string : "";
		int folder = name[0] == '/' || !slash ? 0 : (int)(slash - path) + 1;
		const char *full = writ_arena_printf(r->arena, "%.*s%s", folder, path, name);

		if (!full)
			return writ_error_set(err, "out of memory");
		if (read_file(r, full, depth + 1, err) < 0)
			return -1;
	}
	return 0;
}

/* In the order in which the policy was loaded. It was right then; if it is not now, it was changed
 * meanwhile. */
static int read_file(struct reading *r, const char *path, unsigned depth, struct writ_error *err)
{
	struct writ_lint_file *file = writ_arena_alloc(r->arena, 1, sizeof(*file));
	auto_free char *text = NULL;
	const struct writ_json *include;
	size_t length;

	if (!file)
		return writ_error_set(err, "out of memory");
	if (depth > WRIT_JSON_DEPTH_MAX)
		return writ_error_set(err, "files include each other, or too deeply");
	if (writ_file_read(path, false, &text, &length, err) < 0)
		return -1;
	file->json = writ_json_parse(r->arena, path, text, length, err);
	if (!file->json)
		return -1;
	*r->end = file;
	r->end = &file->next;
	include = writ_json_get(file->json, "include");
	return include ? read_includes(r, include, path, depth, err) : 0;
}

/* Puts the JSON of every rule beside it. */
static int find_rules(struct writ_linting *lint, struct writ_error *err)
{
	const struct writ_policy *policy = lint->policy;
	size_t n = 0;

	lint->rules = writ_arena_alloc(lint->arena, policy->n_rules, sizeof(*lint->rules));
	if (!lint->rules)
		return writ_error_set(err, "out of memory");
	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		const struct writ_json *rules = writ_json_get(f->json, "rules");

		for (const struct writ_json *m = rules ? rules->first : NULL; m; m = m->next) {
			const struct writ_json *id = writ_json_get(m, "id");

			if (n == policy->n_rules || !id || id->type != WRIT_JSON_STRING ||
			    strcmp(id->string, policy->rules[n]->id) != 0)
				return writ_error_set(err, "the policy changed while it was read");
			lint->rules[n++] = m;
		}
	}
	return n == policy->n_rules ? 0
				    : writ_error_set(err, "the policy changed while it was read");
}

static bool uses_set(const struct writ_json *json, const char *name)
{
	const struct writ_json *set;

	if (json->type != WRIT_JSON_OBJECT && json->type != WRIT_JSON_ARRAY)
		return false;
	set = writ_json_get(json, "set");
	if (set && set->type == WRIT_JSON_STRING && strcmp(set->string, name) == 0)
		return true;
	writ_each (member, json)
		if (uses_set(member, name))
			return true;
	return false;
}

/* A set may be used by another file's rules, and by a set. */
static bool is_used(const struct writ_linting *lint, const struct writ_json *set)
{
	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		const struct writ_json *sets = writ_json_get(f->json, "sets");

		writ_each (part, f->json)
			if (part != sets && uses_set(part, set->key))
				return true;
		for (const struct writ_json *m = sets ? sets->first : NULL; m; m = m->next)
			if (m != set && uses_set(m, set->key))
				return true;
	}
	return false;
}

static void check_sets(struct writ_linting *lint)
{
	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		const struct writ_json *sets = writ_json_get(f->json, "sets");

		for (const struct writ_json *set = sets ? sets->first : NULL; set;
		     set = set->next) {
			if (!is_used(lint, set))
				writ_lint_warn(lint, set, "unused-set",
					       "the set '%s' is never used", set->key);
			writ_lint_regexes(lint, set);
		}
	}
}

/* A test that no decision can satisfy says nothing about the policy. */
static void check_test(struct writ_linting *lint, const struct writ_json *test)
{
	const struct writ_json *id = writ_json_get(test, "rule"),
			       *code = writ_json_get(test, "code");
	const struct writ_json *expect = writ_json_get(test, "expect");
	bool allow = strcmp(expect->string, "allow") == 0;
	size_t i = id ? writ_policy_rule_index(lint->policy, id->string) : 0;

	if (id && i == lint->policy->n_rules)
		writ_lint_fail(lint, id, "test", "there is no rule '%s': this can never hold",
			       id->string);
	else if (id && lint->policy->rules[i]->deny == allow)
		writ_lint_fail(lint, id, "test", "the rule '%s' never %s: this can never hold",
			       id->string, allow ? "allows" : "denies");
	if (code && (allow || id) && strcmp(code->string, "rule") != 0)
		writ_lint_fail(lint, code, "test", "%s has the code 'rule': this can never hold",
			       allow ? "what is allowed" : "a decision by a rule");
}

static void check_tests(struct writ_linting *lint)
{
	bool any = false;

	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		const struct writ_json *tests = writ_json_get(f->json, "tests");

		for (const struct writ_json *t = tests ? tests->first : NULL; t; t = t->next) {
			any = true;
			check_test(lint, t);
		}
	}
	if (!any)
		writ_lint_warn(lint, lint->files->json, "no-tests",
			       "the policy has no tests: nothing tells whether it does what was "
			       "meant");
}

static void check_rule(struct writ_linting *lint, size_t i, const bool *exercised)
{
	const struct writ_rule *rule = lint->policy->rules[i];
	const struct writ_json *json = lint->rules[i];

	writ_lint_effect(lint, rule, json);
	if (!rule->deny) {
		writ_lint_shadows(lint, rule, json);
		writ_lint_choices(lint, rule, json);
		writ_lint_regexes(lint, json);
		writ_lint_paths(lint, json);
	}
	if (exercised && lint->policy->n_tests && !exercised[i])
		writ_lint_warn(lint, json, "untested", "no test is decided by the rule '%s'",
			       rule->id);
}

int writ_lint(const struct writ_policy *policy, const bool *exercised, struct writ_arena *arena,
	      const struct writ_lint_finding **ret, struct writ_error *err)
{
	const struct writ_lint_finding *findings = NULL;
	struct writ_linting lint = {.policy = policy, .arena = arena, .end = &findings};
	struct reading r = {.arena = arena, .end = &lint.files};

	if (read_file(&r, policy->path, 0, err) < 0 || find_rules(&lint, err) < 0)
		return -1;
	for (size_t i = 0; i < policy->n_rules; i++)
		check_rule(&lint, i, exercised);
	writ_lint_logs(&lint);
	check_sets(&lint);
	check_tests(&lint);
	if (lint.no_memory)
		return writ_error_set(err, "out of memory");
	*ret = findings;
	return 0;
}

size_t writ_policy_n_rules(const struct writ_policy *policy)
{
	return policy->n_rules;
}

size_t writ_policy_rule_index(const struct writ_policy *policy, const char *id)
{
	size_t i = 0;

	while (i < policy->n_rules && strcmp(policy->rules[i]->id, id) != 0)
		i++;
	return i;
}
