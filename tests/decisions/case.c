/* SPDX-License-Identifier: ISC */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "decision.h"
#include "error.h"
#include "json.h"
#include "path.h"

struct reader {
	struct writ_arena *arena;
	struct decision_case *c;
};

/* { "hex": "ff0a" }: bytes that JSON cannot write. */
static const char *read_hex(struct writ_arena *arena, const char *hex)
{
	size_t n = strlen(hex) / 2;
	char *bytes = writ_arena_alloc(arena, n + 1, 1);

	for (size_t i = 0; bytes && i < n; i++) {
		const char digits[3] = {hex[2 * i], hex[2 * i + 1]};

		bytes[i] = (char)strtoul(digits, NULL, 16);
	}
	return bytes;
}

/* A word: a string, { "hex": … }, or { "repeat": "a", "times": 70000 } for long ones. */
static int read_word(struct writ_arena *arena, const struct writ_json *json, const char **ret,
		     struct writ_error *err)
{
	const struct writ_json *hex = writ_json_get(json, "hex"),
			       *repeat = writ_json_get(json, "repeat"),
			       *times = writ_json_get(json, "times");
	const char *unit;
	int64_t n;
	char *text;

	if (hex) {
		if (writ_json_string(hex, &unit, err) < 0)
			return -1;
		*ret = read_hex(arena, unit);
		return *ret ? 0 : -1;
	}
	if (!repeat || !times)
		return writ_json_string(json, ret, err);
	if (writ_json_string(repeat, &unit, err) < 0 ||
	    writ_json_int(times, 0, 10000000, &n, err) < 0)
		return -1;
	text = writ_arena_alloc(arena, strlen(unit) * (size_t)n + 1, 1);
	*ret = text;
	for (char *p = text; p && n > 0; n--)
		p = stpcpy(p, unit);
	return text ? 0 : writ_json_error(json, err, "out of memory");
}

static int read_vector(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	const char **words = writ_arena_alloc(r->arena, json->length + 1, sizeof(*words));

	if (!words)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json)
		if (read_word(r->arena, member, &words[r->c->request.argc++], err) < 0)
			return -1;
	r->c->request.argv = (char *const *)words;
	return 0;
}

/* "run": an array of words, or one string split at single spaces. */
static int read_run(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	char *text, *word;
	char **words;

	if (json->type == WRIT_JSON_ARRAY)
		return read_vector(json, object, err);
	if (json->type != WRIT_JSON_STRING)
		return writ_json_error(json, err, "expected a string or an array");
	text = writ_arena_strdup(r->arena, json->string);
	words = writ_arena_alloc(r->arena, json->length + 1, sizeof(*words));
	if (!text || !words)
		return writ_json_error(json, err, "out of memory");
	while ((word = strsep(&text, " ")))
		words[r->c->request.argc++] = word;
	r->c->request.argv = words;
	return 0;
}

static int read_groups(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	return writ_json_strings(r->arena, json, true, &r->c->request.groups,
				 &r->c->request.n_groups, err);
}

static int read_files(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	r->c->request.files = writ_files_parse(r->arena, json, err);
	return r->c->request.files ? 0 : -1;
}

static int read_session(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	struct writ_session *s = &r->c->session;

	writ_each (member, json) {
		int failed;

		if (strcmp(member->key, "tagged") == 0)
			failed = writ_json_bool(member, &s->tagged, err);
		else if (strcmp(member->key, "service") == 0)
			failed = writ_json_string(member, &s->service, err);
		else if (strcmp(member->key, "key") == 0)
			failed = writ_json_string(member, &s->key, err);
		else if (strcmp(member->key, "from") == 0)
			failed = writ_json_string(member, &s->from, err);
		else
			failed = writ_json_error(member, err, "unknown key");
		if (failed < 0)
			return -1;
	}
	r->c->request.session = s;
	return 0;
}

static int read_expect(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	const char *word;

	if (writ_json_string(json, &word, err) < 0)
		return -1;
	r->c->allow = strcmp(word, "allow") == 0;
	if (!r->c->allow && strcmp(word, "deny") != 0)
		return writ_json_error(json, err, "expected allow or deny");
	return 0;
}

/* The request's own strings and flags, by name. */
static int read_plain(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;
	struct writ_request *q = &r->c->request;
	const struct {
		const char *key, **text;
		bool *flag;
	} rows[] = {
		{"name", &r->c->name, NULL},
		{"user", &q->user, NULL},
		{"runas", &q->runas_user, NULL},
		{"runas_group", &q->runas_group, NULL},
		{"cwd", &q->cwd, NULL},
		{"chdir", &q->chdir, NULL},
		{"timeout", &q->timeout, NULL},
		{"option", &q->option, NULL},
		{"installed", NULL, &q->installed},
		{"child", NULL, &q->child},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].key, json->key) != 0)
			continue;
		return rows[i].flag ? writ_json_bool(json, rows[i].flag, err)
				    : writ_json_string(json, rows[i].text, err);
	}
	return writ_json_error(json, err, "unknown key");
}

static int read_env(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reader *r = object;

	return writ_json_strings(r->arena, json, false, &r->c->request.env, &r->c->request.n_env,
				 err);
}

static int read_expectation(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)object;
	if (json->type != WRIT_JSON_STRING && json->type != WRIT_JSON_NULL)
		return writ_json_error(json, err, "expected a string or null");
	return 0;
}

int case_parse(struct writ_arena *arena, const struct writ_json *json, struct decision_case *ret,
	       struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"run", true, read_run},
		{"expect", true, read_expect},
		{"name", false, read_plain},
		{"user", false, read_plain},
		{"groups", false, read_groups},
		{"runas", false, read_plain},
		{"runas_group", false, read_plain},
		{"cwd", false, read_plain},
		{"chdir", false, read_plain},
		{"timeout", false, read_plain},
		{"option", false, read_plain},
		{"env", false, read_env},
		{"installed", false, read_plain},
		{"child", false, read_plain},
		{"session", false, read_session},
		{"files", false, read_files},
		{"code", false, read_expectation},
		{"rule", false, read_expectation},
		{"command", false, read_expectation},
		{"program", false, read_expectation},
		{"as", false, read_expectation},
		{"as_group", false, read_expectation},
		{"in", false, read_expectation},
		{"within", false, read_expectation},
		{"reason", false, read_expectation},
		{"told", false, read_expectation},
		{"hint", false, read_expectation},
		{"nearest", false, read_expectation},
		{"failed", false, read_expectation},
		{"pins", false, read_expectation},
	};
	struct reader reader = {.arena = arena, .c = ret};

	*ret = (struct decision_case) {.line = writ_json_line(json), .json = json};
	ret->request.user = "agent";
	ret->request.cwd = "/";
	return writ_json_fields(json, fields, ARRAY_SIZE(fields), &reader, err);
}

static const char *get_code(const struct writ_decision *d)
{
	return writ_code_to_string(d->code);
}

static const char *get_rule(const struct writ_decision *d)
{
	return d->rule;
}

static const char *get_command(const struct writ_decision *d)
{
	return d->command;
}

static const char *get_program(const struct writ_decision *d)
{
	return d->program;
}

static const char *get_runas(const struct writ_decision *d)
{
	return d->runas;
}

static const char *get_runas_group(const struct writ_decision *d)
{
	return d->runas_group;
}

static const char *get_cwd(const struct writ_decision *d)
{
	return d->cwd;
}

static const char *get_timeout(const struct writ_decision *d)
{
	static char text[16];

	snprintf(text, sizeof(text), "%u", d->timeout);
	return text;
}

static const char *get_reason(const struct writ_decision *d)
{
	return d->reason;
}

static const char *get_told(const struct writ_decision *d)
{
	return d->told;
}

static const char *get_hint(const struct writ_decision *d)
{
	return d->hint;
}

static const char *get_nearest(const struct writ_decision *d)
{
	return d->nearest_rule;
}

static const char *get_failed(const struct writ_decision *d)
{
	return d->nearest_failed;
}

/* The element, what it becomes (a star for the descriptor), and what the path led to:
 * "3 --file=* /var/log/x". */
static const char *get_pins(const struct writ_decision *d)
{
	static char text[1024];
	size_t used = 0;

	for (size_t i = 0; i < d->n_pins && used < sizeof(text); i++) {
		const struct writ_pin *pin = &d->pins[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%zu %s*%s%s %s",
					 i ? "; " : "", pin->index, pin->prefix,
					 pin->directory || pin->name ? "/" : "",
					 pin->name ? pin->name : "", pin->path);
	}
	return d->n_pins ? text : NULL;
}

/* What can be expected beside the verdict. */
static const struct expectation {
	const char *key;
	bool fragment; /* the text is to be found in it; otherwise it is all of it */
	const char *(*get)(const struct writ_decision *decision);
} expectations[] = {
	{"code", false, get_code},       {"rule", false, get_rule},
	{"command", false, get_command}, {"program", false, get_program},
	{"as", false, get_runas},        {"as_group", false, get_runas_group},
	{"in", false, get_cwd},          {"within", false, get_timeout},
	{"reason", true, get_reason},    {"told", true, get_told},
	{"hint", true, get_hint},        {"nearest", false, get_nearest},
	{"failed", true, get_failed},    {"pins", false, get_pins},
};

static bool meets(const struct expectation *e, const struct writ_json *want, const char *got)
{
	if (want->type == WRIT_JSON_NULL || !got)
		return want->type == WRIT_JSON_NULL && !got;
	return e->fragment ? strstr(got, want->string) != NULL : strcmp(got, want->string) == 0;
}

const char *case_compare(struct writ_arena *arena, const struct decision_case *c,
			 const struct writ_decision *d)
{
	const char *all = "";

	if (c->allow != (d->verdict == WRIT_VERDICT_ALLOW))
		all = writ_arena_printf(arena, "got %s, wanted %s\n",
					writ_verdict_to_string(d->verdict),
					c->allow ? "allow" : "deny");
	for (size_t i = 0; i < ARRAY_SIZE(expectations); i++) {
		const struct expectation *e = &expectations[i];
		const struct writ_json *want = writ_json_get(c->json, e->key);
		const char *got = e->get(d);

		if (!want || meets(e, want, got))
			continue;
		all = writ_arena_printf(arena, "%s%s: got %s, wanted %s\n", all, e->key,
					got ? got : "null", want->string ? want->string : "null");
	}
	return all;
}
