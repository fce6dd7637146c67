/* SPDX-License-Identifier: ISC */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"
#include "path.h"
#include "text.h"
#include "value.h"

struct reading {
	struct writ_loader *loader;
	struct writ_run *run;
};

static struct writ_arena *arena_of(void *object)
{
	return ((struct reading *)object)->loader->arena;
}

static int read_text(void *object, const struct writ_json *json, const char **ret,
		     struct writ_error *err)
{
	const char *text = NULL;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (!text[0] || writ_text_scan(text, strlen(text)))
		return writ_json_error(json, err, "expected a word without control characters");
	*ret = writ_loader_copy(((struct reading *)object)->loader, json, err);
	return *ret ? 0 : -1;
}

static int read_absolute(void *object, const struct writ_json *json, const char **ret,
			 struct writ_error *err)
{
	if (read_text(object, json, ret, err) < 0)
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

static int read_runas_user(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;

	return writ_json_strings(arena_of(object), json, true, &run->runas_users,
				 &run->n_runas_users, err);
}

static int read_runas_group(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;

	return writ_json_strings(arena_of(object), json, true, &run->runas_groups,
				 &run->n_runas_groups, err);
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
	struct writ_run *run = ((struct reading *)object)->run;

	if (writ_json_strings(arena_of(object), json, false, &run->path, &run->n_path, err) < 0)
		return -1;
	for (size_t i = 0; i < run->n_path; i++)
		if (run->path[i][0] != '/' || strchr(run->path[i], ':'))
			return writ_json_error(json, err, "'%s' is no absolute path", run->path[i]);
	return 0;
}

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

static int read_keep(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;

	if (json->type == WRIT_JSON_ARRAY && json->length == 0) {
		run->n_env_keep = 0;
		return 0;
	}
	if (writ_json_strings(arena_of(object), json, false, &run->env_keep, &run->n_env_keep,
			      err) < 0)
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
	struct reading *r = object;
	struct writ_env_allow *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of variables and matchers");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json) {
		if (!is_variable(member->key, false))
			return writ_json_error(member, err, "'%s' is no variable's name",
					       member->key);
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
	struct reading *r = object;
	struct writ_env_set *list;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of variables and values");
	list = writ_arena_alloc(r->loader->arena, json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	writ_each (member, json) {
		const char *value = NULL;

		if (!is_variable(member->key, false))
			return writ_json_error(member, err, "'%s' is no variable's name",
					       member->key);
		if (writ_json_string(member, &value, err) < 0)
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

static int read_env(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"keep", false, read_keep},
		{"allow", false, read_env_allow},
		{"set", false, read_env_set},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static int read_chdir(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	struct writ_path_rule *rule = writ_arena_alloc(r->loader->arena, 1, sizeof(*rule));

	if (!rule)
		return writ_json_error(json, err, "out of memory");
	r->run->chdir = rule;
	return writ_path_rule_parse(r->loader->arena, json, rule, err);
}

static int read_cwd(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {{"path", true, read_chdir}};
	struct reading *r = object;

	if (json->type == WRIT_JSON_OBJECT)
		return writ_json_fields(json, fields, 1, object, err);
	if (json->type == WRIT_JSON_STRING && strcmp(json->string, "caller") == 0) {
		r->run->cwd = NULL;
		return 0;
	}
	return read_absolute(object, json, &r->run->cwd, err);
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
	((struct reading *)object)->run->umask = (unsigned)mask;
	return 0;
}

/* Seconds, or a duration such as "10m". */
static int read_seconds(const struct writ_json *json, unsigned *ret, struct writ_error *err)
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

static int read_timeout(const struct writ_json *json, void *object, struct writ_error *err)
{
	return read_seconds(json, &((struct reading *)object)->run->timeout, err);
}

static int read_nice(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;
	int64_t nice;

	if (writ_json_int(json, -20, 19, &nice, err) < 0)
		return -1;
	run->nice = (int)nice;
	run->nice_set = true;
	return 0;
}

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
static int read_one_limit(struct reading *r, const struct writ_json *json,
			  struct writ_rlimit *ret, struct writ_error *err)
{
	static const char *const known[] = {"as",     "core",    "cpu",   "data", "fsize",
					    "locks",  "memlock", "nofile", "nproc", "rss",
					    "stack"};
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

static int read_rlimits(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
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

static int read_closefrom(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;

	if (read_number(json, 65536, &run->closefrom, err) < 0)
		return -1;
	return run->closefrom >= 3 ? 0 : writ_json_error(json, err, "closefrom is at least 3");
}

static int read_children(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;
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
	struct writ_run *run = ((struct reading *)object)->run;

	if (read_text(object, json, &run->sha256, err) < 0)
		return -1;
	if (strlen(run->sha256) != 64 || strspn(run->sha256, "0123456789abcdef") != 64)
		return writ_json_error(json, err, "expected 64 lower-case hexadecimal digits");
	return 0;
}

/* Plain members: a row each. */
#define RUN_BOOL(name, member)                                                                     \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return writ_json_bool(json, &((struct reading *)object)->run->member, err);        \
	}
#define RUN_TEXT(name, member)                                                                     \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return read_text(object, json, &((struct reading *)object)->run->member, err);     \
	}
#define RUN_PATH(name, member)                                                                     \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return read_absolute(object, json, &((struct reading *)object)->run->member, err); \
	}

RUN_BOOL(use_pty, use_pty)
RUN_BOOL(noexec, noexec)
RUN_BOOL(intercept, intercept)
RUN_BOOL(authenticate, authenticate)
RUN_TEXT(apparmor_profile, apparmor_profile)
RUN_BOOL(log_stdin, iolog.stdin_)
RUN_BOOL(log_stdout, iolog.stdout_)
RUN_BOOL(log_stderr, iolog.stderr_)
RUN_BOOL(log_tty, iolog.tty)
RUN_BOOL(log_required, iolog.required)
RUN_PATH(log_dir, iolog.dir)
RUN_TEXT(log_group, iolog.group)
RUN_PATH(log_cabundle, iolog.server_cabundle)
RUN_PATH(log_cert, iolog.server_cert)
RUN_PATH(log_key, iolog.server_key)
RUN_BOOL(log_verify, iolog.server_verify)

static int read_log_servers(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct reading *)object)->run;

	return writ_json_strings(arena_of(object), json, true, &run->iolog.log_servers,
				 &run->iolog.n_log_servers, err);
}

static int read_log_timeout(const struct writ_json *json, void *object, struct writ_error *err)
{
	return read_seconds(json, &((struct reading *)object)->run->iolog.server_timeout, err);
}

static int read_iolog(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"stdin", false, read_log_stdin},
		{"stdout", false, read_log_stdout},
		{"stderr", false, read_log_stderr},
		{"tty", false, read_log_tty},
		{"dir", false, read_log_dir},
		{"group", false, read_log_group},
		{"required", false, read_log_required},
		{"log_servers", false, read_log_servers},
		{"log_server_timeout", false, read_log_timeout},
		{"log_server_cabundle", false, read_log_cabundle},
		{"log_server_peer_cert", false, read_log_cert},
		{"log_server_peer_key", false, read_log_key},
		{"log_server_verify", false, read_log_verify},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static const struct writ_json_field run_fields[] = {
	{"runas", false, read_runas},
	{"path", false, read_search_path},
	{"env", false, read_env},
	{"cwd", false, read_cwd},
	{"umask", false, read_umask},
	{"timeout", false, read_timeout},
	{"nice", false, read_nice},
	{"rlimits", false, read_rlimits},
	{"closefrom", false, read_closefrom},
	{"use_pty", false, read_use_pty},
	{"noexec", false, read_noexec},
	{"intercept", false, read_intercept},
	{"children", false, read_children},
	{"apparmor_profile", false, read_apparmor_profile},
	{"authenticate", false, read_authenticate},
	{"sha256", false, read_sha256},
	{"iolog", false, read_iolog},
};

static const struct writ_run built_in = {
	.runas_users = (const char *const[]){"root"},
	.n_runas_users = 1,
	.path = (const char *const[]){"/usr/sbin", "/usr/bin", "/sbin", "/bin"},
	.n_path = 4,
	.umask = 022,
	.closefrom = 3,
	.use_pty = true,
	.iolog = {.stdin_ = true,
		  .stdout_ = true,
		  .stderr_ = true,
		  .tty = true,
		  .server_verify = true,
		  .required = true},
};

/*
 * Laying one object over another needs no merging: every reader writes only the members that its object
 * has, so the defaults are read first and the rule's own settings over them. Lists and maps such as
 * `env.set` are replaced whole by these readers but for the maps, which are joined below.
 */
static int join_sets(struct reading *r, const struct writ_run *under, struct writ_error *err,
		     const struct writ_json *json)
{
	struct writ_run *run = r->run;
	size_t n = run->n_env_set;
	struct writ_env_set *list;

	if (run->env_set == under->env_set || under->n_env_set == 0)
		return 0;
	list = writ_arena_alloc(r->loader->arena, n + under->n_env_set, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	if (n)
		memcpy(list, run->env_set, n * sizeof(*list));
	for (size_t i = 0; i < under->n_env_set; i++) {
		bool replaced = false;

		for (size_t j = 0; j < run->n_env_set; j++)
			replaced = replaced ||
				   strcmp(run->env_set[j].name, under->env_set[i].name) == 0;
		if (!replaced)
			list[n++] = under->env_set[i];
	}
	run->env_set = list;
	run->n_env_set = n;
	return 0;
}

static int join_allows(struct reading *r, const struct writ_run *under, struct writ_error *err,
		       const struct writ_json *json)
{
	struct writ_run *run = r->run;
	size_t n = run->n_env_allow;
	struct writ_env_allow *list;

	if (run->env_allow == under->env_allow || under->n_env_allow == 0)
		return 0;
	list = writ_arena_alloc(r->loader->arena, n + under->n_env_allow, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	if (n)
		memcpy(list, run->env_allow, n * sizeof(*list));
	for (size_t i = 0; i < under->n_env_allow; i++) {
		bool replaced = false;

		for (size_t j = 0; j < run->n_env_allow; j++)
			replaced = replaced ||
				   strcmp(run->env_allow[j].name, under->env_allow[i].name) == 0;
		if (!replaced)
			list[n++] = under->env_allow[i];
	}
	run->env_allow = list;
	run->n_env_allow = n;
	return 0;
}

int writ_run_load(struct writ_loader *loader, const struct writ_json *defaults,
		  const struct writ_json *run, struct writ_run *ret, struct writ_error *err)
{
	struct reading r = {.loader = loader, .run = ret};
	struct writ_run under;

	*ret = built_in;
	if (defaults &&
	    writ_json_fields(defaults, run_fields, ARRAY_SIZE(run_fields), &r, err) < 0)
		return -1;
	under = *ret;
	if (!run)
		return 0;
	if (writ_json_fields(run, run_fields, ARRAY_SIZE(run_fields), &r, err) < 0)
		return -1;
	return join_sets(&r, &under, err, run) < 0 || join_allows(&r, &under, err, run) < 0 ? -1
											     : 0;
}
