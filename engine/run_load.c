/* SPDX-License-Identifier: ISC */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "path.h"
#include "run_load.h"
#include "string_list.h"
#include "text.h"
#include "value.h"

int writ_run_read_text(void *object, const struct writ_json *json, const char **ret,
		       struct writ_error *err)
{
	const char *text = NULL;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (!text[0] || writ_text_scan(text, strlen(text)))
		return writ_json_error(json, err, "expected a word without control characters");
	*ret = writ_loader_copy(((struct writ_run_reading *)object)->loader, json, err);
	return *ret ? 0 : -1;
}

int writ_run_read_absolute(void *object, const struct writ_json *json, const char **ret,
			   struct writ_error *err)
{
	if (writ_run_read_text(object, json, ret, err) < 0)
		return -1;
	return (*ret)[0] == '/' ? 0 : writ_json_error(json, err, "expected an absolute path");
}

static int read_number(const struct writ_json *json, int64_t high, unsigned *ret,
		       struct writ_error *err)
{
	int64_t number;

	if (writ_json_int(json, 0, high, &number, err) < 0)
		return -1;
	*ret = (unsigned)number;
	return 0;
}

/* Seconds, or a duration such as "10m". */
int writ_run_read_seconds(const struct writ_json *json, unsigned *ret, struct writ_error *err)
{
	const struct writ_value_type *type = writ_value_type_find("duration.go");
	int64_t ns = 0;

	if (json->type == WRIT_JSON_INTEGER)
		return read_number(json, 1 << 30, ret, err);
	if (json->type != WRIT_JSON_STRING || !type || type->bound(json->string, &ns) < 0 ||
	    ns < 0 || ns % 1000000000 || ns / 1000000000 > 1 << 30)
		return writ_json_error(json, err, "expected whole seconds, such as \"10m\" or 600");
	*ret = (unsigned)(ns / 1000000000);
	return 0;
}

static int read_runas_user(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	return writ_json_strings(((struct writ_run_reading *)object)->loader->arena, json, true,
				 &run->runas_users, &run->n_runas_users, err);
}

static int read_runas_group(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	return writ_json_strings(((struct writ_run_reading *)object)->loader->arena, json, true,
				 &run->runas_groups, &run->n_runas_groups, err);
}

static int read_runas(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"user", false, read_runas_user},
		{"group", false, read_runas_group},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static int read_search_path(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	if (writ_json_strings(((struct writ_run_reading *)object)->loader->arena, json, false,
			      &run->path, &run->n_path, err) < 0)
		return -1;
	for (size_t i = 0; i < run->n_path; i++)
		if (run->path[i][0] != '/' || strchr(run->path[i], ':'))
			return writ_json_error(json, err, "'%s' is no absolute path", run->path[i]);
	return 0;
}

static int read_chdir(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run_reading *r = object;
	struct writ_path_rule *rule = writ_arena_alloc(r->loader->arena, 1, sizeof(*rule));

	if (!rule)
		return writ_json_error(json, err, "out of memory");
	r->run->chdir = rule;
	if (writ_path_rule_parse(r->loader->arena, json, rule, err) < 0)
		return -1;
	return rule->pin ? writ_json_error(json, err, "pin is for arguments of the program") : 0;
}

static int read_cwd(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {{"path", true, read_chdir}};
	struct writ_run_reading *r = object;

	r->run->cwd = NULL; /* a rule's cwd replaces the defaults', whichever form they have */
	r->run->chdir = NULL;
	if (json->type == WRIT_JSON_OBJECT)
		return writ_json_fields(json, fields, 1, object, err);
	if (json->type == WRIT_JSON_STRING && strcmp(json->string, "caller") == 0)
		return 0;
	return writ_run_read_absolute(object, json, &r->run->cwd, err);
}

/* Octal, written as a string "022"; a number would be read as decimal. */
static int read_umask(const struct writ_json *json, void *object, struct writ_error *err)
{
	const char *text = NULL;
	char *end;
	unsigned long mask;

	if (writ_json_string(json, &text, err) < 0)
		return writ_json_error(json, err, "expected an octal string such as \"022\"");
	mask = strtoul(text, &end, 8);
	if (text[0] < '0' || text[0] > '7' || *end || mask > 0777)
		return writ_json_error(json, err, "expected an octal string such as \"022\"");
	((struct writ_run_reading *)object)->run->umask = (unsigned)mask;
	return 0;
}

static int read_timeout(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_run_read_seconds(json, &((struct writ_run_reading *)object)->run->timeout, err);
}

static int read_nice(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;
	int64_t nice;

	if (writ_json_int(json, -20, 19, &nice, err) < 0)
		return -1;
	run->nice = (int)nice;
	run->nice_set = true;
	return 0;
}

static int read_closefrom(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	if (read_number(json, 65536, &run->closefrom, err) < 0)
		return -1;
	return run->closefrom >= 3 ? 0 : writ_json_error(json, err, "closefrom is at least 3");
}

static int read_children(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;
	const char *word = NULL;

	if (writ_json_string(json, &word, err) < 0)
		return -1;
	if (strcmp(word, "allow") != 0 && strcmp(word, "policy") != 0)
		return writ_json_error(json, err, "expected \"allow\" or \"policy\"");
	run->children = strcmp(word, "policy") == 0 ? WRIT_CHILDREN_POLICY : WRIT_CHILDREN_ALLOW;
	return 0;
}

static int read_sha256(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	if (writ_run_read_text(object, json, &run->sha256, err) < 0)
		return -1;
	if (strlen(run->sha256) != 64 || strspn(run->sha256, "0123456789abcdef") != 64)
		return writ_json_error(json, err, "expected 64 lower-case hexadecimal digits");
	return 0;
}

/* Plain members: a row each. */
#define RUN_BOOL(name, member)                                                                     \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return writ_json_bool(json, &((struct writ_run_reading *)object)->run->member,     \
				      err);                                                        \
	}
#define RUN_TEXT(name, member)                                                                     \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return writ_run_read_text(object, json,                                            \
					  &((struct writ_run_reading *)object)->run->member, err); \
	}
RUN_BOOL(use_pty, use_pty)
RUN_BOOL(noexec, noexec)
RUN_BOOL(intercept, intercept)
RUN_BOOL(authenticate, authenticate)
RUN_TEXT(apparmor_profile, apparmor_profile)
static const struct writ_json_field run_fields[] = {
	{"runas", false, read_runas},
	{"path", false, read_search_path},
	{"env", false, writ_run_read_env},
	{"cwd", false, read_cwd},
	{"umask", false, read_umask},
	{"timeout", false, read_timeout},
	{"nice", false, read_nice},
	{"rlimits", false, writ_run_read_rlimits},
	{"closefrom", false, read_closefrom},
	{"use_pty", false, read_use_pty},
	{"noexec", false, read_noexec},
	{"intercept", false, read_intercept},
	{"children", false, read_children},
	{"apparmor_profile", false, read_apparmor_profile},
	{"authenticate", false, read_authenticate},
	{"sha256", false, read_sha256},
	{"iolog", false, writ_run_read_iolog},
};

static const struct writ_run built_in = {
	.runas_users = (const char *const[]) {"root"},
	.n_runas_users = 1,
	.path = (const char *const[]) {"/usr/sbin", "/usr/bin", "/sbin", "/bin"},
	.n_path = 4,
	.umask = 022,
	.closefrom = 3,
	.use_pty = true,
	.children = WRIT_CHILDREN_POLICY,
	.iolog = {.stdin_ = true,
		  .stdout_ = true,
		  .stderr_ = true,
		  .tty = true,
		  .server_verify = true,
		  .required = true},
};

/* What sudo would leave out without a word must not be asked of it. */
static int check_lacking(const struct writ_loader *loader, const struct writ_json *json,
			 struct writ_error *err)
{
	const struct writ_policy_options *options = loader->options;

	if (!json || json->type != WRIT_JSON_OBJECT || !options->n_lacking)
		return 0;
	writ_each (member, json)
		if (member->type != WRIT_JSON_FALSE &&
		    writ_strings_have(options->lacking, options->n_lacking, member->key))
			return writ_json_error(member, err, "this sudo cannot do '%s'",
					       member->key);
	return 0;
}

int writ_run_load(struct writ_loader *loader, const struct writ_json *defaults,
		  const struct writ_json *run, struct writ_run *ret, struct writ_error *err)
{
	struct writ_run_reading r = {.loader = loader, .run = ret};
	struct writ_run under;

	*ret = built_in;
	if (check_lacking(loader, defaults, err) < 0 || check_lacking(loader, run, err) < 0)
		return -1;
	if (defaults && writ_json_fields(defaults, run_fields, ARRAY_SIZE(run_fields), &r, err) < 0)
		return -1;
	under = *ret;
	if (!run)
		return 0;
	if (writ_json_fields(run, run_fields, ARRAY_SIZE(run_fields), &r, err) < 0)
		return -1;
	if (writ_run_join(loader->arena, ret, &under) < 0)
		return writ_json_error(run, err, "out of memory");
	return 0;
}
