/* SPDX-License-Identifier: ISC */
#include "loader.h"

#include <nettle/base16.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "matcher.h"

/* A set as it was read for one kind of value. */
struct writ_set_use {
	struct writ_matcher_target target;
	const struct writ_matcher *matcher;
	struct writ_set_use *next;
};

/* The policy's digest is that of the digests of all files, in the order read, a line each: what
 * `sha256sum FILES | cut -d' ' -f1 | sha256sum` prints. */
static void add_digest(struct writ_loader *loader, const char *text, size_t length)
{
	struct sha256_ctx file;
	uint8_t digest[SHA256_DIGEST_SIZE];
	char line[2 * SHA256_DIGEST_SIZE + 1];

	sha256_init(&file);
	sha256_update(&file, length, (const uint8_t *)text);
	sha256_digest(&file, sizeof(digest), digest);
	base16_encode_update(line, sizeof(digest), digest);
	line[sizeof(line) - 1] = '\n';
	sha256_update(&loader->digest, sizeof(line), (const uint8_t *)line);
}

const struct writ_json *writ_loader_read(struct writ_loader *loader, const char *path,
					 struct writ_error *err)
{
	auto_free char *text = NULL;
	size_t length;

	if (writ_file_read(path, loader->options->trusted, &text, &length, err) < 0)
		return NULL;
	add_digest(loader, text, length);
	return writ_json_parse(loader->trees, path, text, length, err);
}

const char *writ_loader_copy(struct writ_loader *loader, const struct writ_json *json,
			     struct writ_error *err)
{
	const char *copy = writ_arena_strndup(loader->arena, json->string, json->length);

	if (!copy)
		writ_json_error(json, err, "out of memory");
	return copy;
}

static bool is_file_name(const char *name)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "._+-";

	return name[0] && name[0] != '.' && name[strspn(name, safe)] == '\0' && strlen(name) < 128;
}

/* "programs" of the policy replaces the command file's list. */
static int replace_programs(struct writ_loader *loader, struct writ_command_file *file,
			    struct writ_error *err)
{
	const struct writ_json *list =
		loader->programs ? writ_json_get(loader->programs, file->name) : NULL;

	file->programs = file->root->programs;
	file->n_programs = file->root->n_programs;
	if (!list)
		return 0;
	if (writ_json_strings(loader->arena, list, true, &file->programs, &file->n_programs, err) <
	    0)
		return -1;
	for (size_t i = 0; i < file->n_programs; i++)
		if (file->programs[i][0] != '/')
			return writ_json_error(list, err, "'%s' is no absolute path",
					       file->programs[i]);
	return 0;
}

static struct writ_command_file *load_command(struct writ_loader *loader, const char *name,
					      struct writ_error *err)
{
	struct writ_command_file *file = writ_arena_alloc(loader->arena, 1, sizeof(*file));
	char *path =
		writ_arena_printf(loader->trees, "%s/%s.json", loader->options->commands, name);
	const struct writ_json *json;

	if (!file || !path) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	json = writ_loader_read(loader, path, err);
	if (!json)
		return NULL;
	file->root = writ_command_parse(loader->arena, json, err);
	if (!file->root)
		return NULL;
	if (strcmp(file->root->name, name) != 0) {
		writ_json_error(json, err, "this file is about '%s', not '%s'", file->root->name,
				name);
		return NULL;
	}
	file->name = file->root->name;
	return replace_programs(loader, file, err) < 0 ? NULL : file;
}

const struct writ_command_file *writ_loader_command(struct writ_loader *loader, const char *name,
						    const struct writ_json *json,
						    struct writ_error *err)
{
	const struct writ_command_file *known = writ_policy_command(loader->policy, name);
	struct writ_command_file *file, **end;
	struct writ_error why = {0};

	if (known)
		return known;
	if (!is_file_name(name)) {
		writ_json_error(json, err, "'%s' is no command", name);
		return NULL;
	}
	file = load_command(loader, name, &why);
	if (!file && why.line) { /* the command file is there, and wrong: its own place says more */
		if (err)
			*err = why;
		return NULL;
	}
	if (!file) {
		writ_json_error(json, err, "the command file of '%s' cannot be used: %s%s%s", name,
				why.file, why.file[0] ? ": " : "", why.message);
		return NULL;
	}
	for (end = &loader->policy->commands; *end; end = &(*end)->next)
		;
	*end = file;
	return file;
}

static struct writ_set *find_set(struct writ_loader *loader, const char *name)
{
	for (struct writ_set *s = loader->sets; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static bool same_target(const struct writ_matcher_target *a, const struct writ_matcher_target *b)
{
	return a->type == b->type && a->flag == b->flag && a->command == b->command &&
	       a->open == b->open;
}

const struct writ_matcher *writ_loader_set(struct writ_loader *loader, const char *name,
					   const struct writ_json *json,
					   const struct writ_matcher_target *target,
					   struct writ_error *err)
{
	struct writ_set *set = find_set(loader, name);
	struct writ_set_use *use;

	if (!set) {
		writ_json_error(json, err, "there is no set '%s'", name);
		return NULL;
	}
	for (use = set->uses; use; use = use->next)
		if (same_target(&use->target, target))
			return use->matcher;
	if (set->loading) {
		writ_json_error(json, err, "the set '%s' contains itself", name);
		return NULL;
	}
	use = writ_arena_alloc(loader->trees, 1, sizeof(*use));
	if (!use) {
		writ_json_error(json, err, "out of memory");
		return NULL;
	}
	set->loading = true;
	use->matcher = writ_matcher_load(loader, set->json, target, err);
	set->loading = false;
	if (!use->matcher)
		return NULL;
	use->target = *target;
	use->next = set->uses;
	set->uses = use;
	return use->matcher;
}
