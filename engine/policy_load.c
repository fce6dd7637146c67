/* SPDX-License-Identifier: ISC */
/* Reading a policy file and what it includes, from the top. */
#include <nettle/base16.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command.h"
#include "error.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"

#define INCLUDE_DEPTH_MAX 16

/* One policy file's members: rules need the sets, and sets of all includes, to be there first. */
struct file_parts {
	const struct writ_json *json, *rules, *tests, *sets, *include;
	struct file_parts *next;
};

struct reading {
	struct writ_loader *loader;
	struct file_parts *part;
	struct file_parts **end; /* of the list of files */
};

static int read_version(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)object;
	if (json->type == WRIT_JSON_INTEGER && json->integer == 1)
		return 0;
	return writ_json_error(json, err, "only version 1 is known");
}

static int take_rules(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)err;
	((struct reading *)object)->part->rules = json;
	return 0;
}

static int take_tests(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)err;
	((struct reading *)object)->part->tests = json;
	return 0;
}

static int take_sets(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)err;
	((struct reading *)object)->part->sets = json;
	return 0;
}

static int take_include(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)err;
	((struct reading *)object)->part->include = json;
	return 0;
}

static int take_defaults(const struct writ_json *json, void *object, struct writ_error *err)
{
	(void)err;
	((struct reading *)object)->loader->defaults = json;
	return 0;
}

static int take_programs(const struct writ_json *json, void *object, struct writ_error *err)
{
	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of commands and paths");
	((struct reading *)object)->loader->programs = json;
	return 0;
}

struct group_reading {
	struct writ_loader *loader;
	struct writ_subject_group *group;
};

static int read_names(const struct writ_json *json, struct writ_loader *loader,
		      const char *const **ret, size_t *ret_n, struct writ_error *err)
{
	if (json->type == WRIT_JSON_ARRAY && json->length == 0)
		return 0;
	return writ_json_strings(loader->arena, json, false, ret, ret_n, err);
}

static int read_users(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct group_reading *r = object;

	return read_names(json, r->loader, &r->group->users, &r->group->n_users, err);
}

static int read_groups(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct group_reading *r = object;

	return read_names(json, r->loader, &r->group->groups, &r->group->n_groups, err);
}

static int read_subjects(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {{"users", false, read_users},
							{"groups", false, read_groups}};
	struct group_reading r = {.loader = ((struct reading *)object)->loader};

	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "expected an object of groups of subjects");
	writ_each (member, json) {
		r.group = writ_arena_alloc(r.loader->arena, 1, sizeof(*r.group));
		if (!r.group)
			return writ_json_error(member, err, "out of memory");
		r.group->name = writ_arena_strdup(r.loader->arena, member->key);
		r.group->next = r.loader->policy->subjects;
		r.loader->policy->subjects = r.group;
		if (!r.group->name)
			return writ_json_error(member, err, "out of memory");
		if (writ_json_fields(member, fields, ARRAY_SIZE(fields), &r, err) < 0)
			return -1;
	}
	return 0;
}

static const struct writ_json_field main_fields[] = {
	{"version", true, read_version},    {"subjects", false, read_subjects},
	{"sets", false, take_sets},         {"programs", false, take_programs},
	{"defaults", false, take_defaults}, {"rules", false, take_rules},
	{"tests", false, take_tests},       {"include", false, take_include},
	{"$schema", false, NULL},
};

/* What an included file may add. */
static const struct writ_json_field included_fields[] = {
	{"version", true, read_version},  {"sets", false, take_sets},
	{"rules", false, take_rules},     {"tests", false, take_tests},
	{"include", false, take_include}, {"$schema", false, NULL},
};

static int add_sets(struct writ_loader *loader, const struct writ_json *sets,
		    struct writ_error *err)
{
	if (sets->type != WRIT_JSON_OBJECT)
		return writ_json_error(sets, err, "expected an object of sets");
	writ_each (member, sets) {
		struct writ_set *set;

		for (set = loader->sets; set; set = set->next)
			if (strcmp(set->name, member->key) == 0)
				return writ_json_error(member, err, "the set '%s' is defined twice",
						       member->key);
		if (member->type != WRIT_JSON_ARRAY)
			return writ_json_error(member, err, "a set is a list of matchers");
		set = writ_arena_alloc(loader->trees, 1, sizeof(*set));
		if (!set)
			return writ_json_error(member, err, "out of memory");
		set->name = member->key;
		set->json = member;
		set->next = loader->sets;
		loader->sets = set;
	}
	return 0;
}

static int read_file(struct reading *r, const char *path, unsigned depth, struct writ_error *err);

static int read_includes(struct reading *r, const struct file_parts *part, const char *path,
			 unsigned depth, struct writ_error *err)
{
	const char *const *names = NULL, *slash = strrchr(path, '/');
	size_t n = 0;

	if (writ_json_strings(r->loader->trees, part->include, false, &names, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int folder = names[i][0] == '/' || !slash ? 0 : (int)(slash - path) + 1;
		const char *full =
			writ_arena_printf(r->loader->trees, "%.*s%s", folder, path, names[i]);
		struct writ_error why = {0};

		if (!full)
			return writ_json_error(part->include, err, "out of memory");
		if (depth >= INCLUDE_DEPTH_MAX)
			return writ_json_error(part->include, err,
					       "files include each other, or too deeply");
		if (read_file(r, full, depth + 1, &why) == 0)
			continue;
		if (why.line) { /* read, and wrong: its own place says more */
			if (err)
				*err = why;
			return -1;
		}
		return writ_json_error(part->include, err, "cannot include '%s': %s", names[i],
				       why.message);
	}
	return 0;
}

static int read_file(struct reading *r, const char *path, unsigned depth, struct writ_error *err)
{
	struct file_parts *part = writ_arena_alloc(r->loader->trees, 1, sizeof(*part));
	bool included = depth > 0;

	if (!part)
		return writ_error_set(err, "out of memory");
	part->json = writ_loader_read(r->loader, path, err);
	if (!part->json)
		return -1;
	*r->end = part;
	r->end = &part->next;
	r->part = part;
	if (writ_json_fields(part->json, included ? included_fields : main_fields,
			     included ? ARRAY_SIZE(included_fields) : ARRAY_SIZE(main_fields), r,
			     err) < 0)
		return -1;
	if (part->sets && add_sets(r->loader, part->sets, err) < 0)
		return -1;
	return part->include ? read_includes(r, part, path, depth, err) : 0;
}

/* Every set is read once by itself, so that a mistake in one that no rule uses is found too. */
static int check_sets(struct writ_loader *loader, struct writ_error *err)
{
	static const struct writ_matcher_target any = {0};

	for (struct writ_set *set = loader->sets; set; set = set->next)
		if (!writ_loader_set(loader, set->name, set->json, &any, err))
			return -1;
	return 0;
}

static int check_programs(struct writ_loader *loader, struct writ_error *err)
{
	if (loader->programs)
		writ_each (member, loader->programs)
			if (!writ_loader_command(loader, member->key, member, err))
				return -1;
	return 0;
}

static int load_parts(struct writ_loader *loader, struct file_parts *files, struct writ_error *err)
{
	if (writ_run_load(loader, loader->defaults, NULL, &loader->policy->defaults, err) < 0 ||
	    check_programs(loader, err) < 0)
		return -1;
	for (struct file_parts *f = files; f; f = f->next)
		if (f->rules && writ_loader_rules(loader, f->rules, err) < 0)
			return -1;
	if (check_sets(loader, err) < 0)
		return -1;
	for (struct file_parts *f = files; f && loader->options->tests; f = f->next)
		if (f->tests && writ_loader_tests(loader, f->tests, err) < 0)
			return -1;
	return writ_loader_index(loader, err);
}

static int load(struct writ_loader *loader, struct writ_error *err)
{
	struct file_parts *files = NULL;
	struct reading r = {.loader = loader, .end = &files};
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&loader->digest);
	if (read_file(&r, loader->options->path, 0, err) < 0 || load_parts(loader, files, err) < 0)
		return -1;
	sha256_digest(&loader->digest, sizeof(digest), digest);
	base16_encode_update(loader->policy->sha256, sizeof(digest), digest);
	return 0;
}

struct writ_policy *writ_policy_load(const struct writ_policy_options *options,
				     struct writ_error *err)
{
	struct writ_loader loader = {.options = options};
	struct writ_policy *policy = calloc(1, sizeof(*policy));

	loader.policy = policy;
	loader.trees = writ_arena_new();
	loader.arena = writ_arena_new();
	if (!policy || !loader.trees || !loader.arena) {
		writ_error_set(err, "out of memory");
		writ_arena_free(loader.arena);
		writ_arena_free(loader.trees);
		free(policy);
		return NULL;
	}
	policy->arena = loader.arena;
	policy->trusted = options->trusted;
	policy->path = writ_arena_strdup(loader.arena, options->path);
	policy->commands_dir = writ_arena_strdup(loader.arena, options->commands);
	policy->lookups = writ_arena_alloc(loader.arena, 1, sizeof(*policy->lookups));
	if (!policy->path || !policy->commands_dir || !policy->lookups || load(&loader, err) < 0) {
		writ_policy_free(policy);
		policy = NULL;
	}
	writ_arena_free(loader.trees);
	return policy;
}
