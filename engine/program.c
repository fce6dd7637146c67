/* SPDX-License-Identifier: ISC */
#include "program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "command.h"
#include "policy_data.h"
#include "request.h"
#include "string_list.h"

static bool has_base(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, name) == 0;
}

static void identify(const struct writ_policy *policy, const char *path, struct writ_program *ret)
{
	ret->path = path;
	for (const struct writ_command_file *f = policy->commands; f; f = f->next)
		if (writ_strings_have(f->programs, f->n_programs, path)) {
			ret->file = f;
			ret->known = true;
			break;
		}
	for (size_t i = 0; i < policy->n_program_rules && !ret->known; i++)
		ret->known = writ_strings_have(policy->program_rules[i]->programs,
					       policy->program_rules[i]->n_programs, path);
}

static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & 0111;
}

/* The first executable of that name in the search path. */
static int look_up(const struct writ_policy *policy, struct writ_arena *arena, const char *name,
		   const char **ret)
{
	*ret = NULL;
	for (size_t i = 0; i < policy->defaults.n_path; i++) {
		const char *path =
			writ_arena_concat(arena, policy->defaults.path[i], "/", name, NULL);

		if (!path)
			return -1;
		if (is_executable(path)) {
			*ret = path;
			return 0;
		}
	}
	return 0;
}

/* Where the program would be on a machine that has it. */
static const char *first_listed(const struct writ_policy *policy, const char *name)
{
	for (const struct writ_command_file *f = policy->commands; f; f = f->next)
		for (size_t i = 0; i < f->n_programs; i++)
			if (has_base(f->programs[i], name))
				return f->programs[i];
	for (size_t i = 0; i < policy->n_program_rules; i++)
		for (size_t j = 0; j < policy->program_rules[i]->n_programs; j++)
			if (has_base(policy->program_rules[i]->programs[j], name))
				return policy->program_rules[i]->programs[j];
	return NULL;
}

/* Decisions without sudo come by the thousand (writ check --batch): what they look up is
 * remembered. Under sudo the file system is asked every time. */
static int look_up_once(const struct writ_policy *policy, struct writ_arena *arena,
			const char *name, const char **ret)
{
	struct writ_lookups *lookups = policy->lookups;
	struct writ_lookup *entry;

	for (size_t i = 0; i < lookups->n; i++) {
		if (strcmp(lookups->entries[i].name, name) == 0) {
			*ret = lookups->entries[i].path;
			return 0;
		}
	}
	if (look_up(policy, arena, name, ret) < 0)
		return -1;
	if (lookups->n == WRIT_LOOKUPS_MAX)
		return 0;
	entry = &lookups->entries[lookups->n];
	entry->name = writ_arena_strdup(policy->arena, name);
	entry->path = *ret ? writ_arena_strdup(policy->arena, *ret) : NULL;
	if (entry->name && !entry->path == !*ret)
		lookups->n++;
	return 0;
}

int writ_program_find(const struct writ_policy *policy, struct writ_arena *arena,
		      const struct writ_request *request, struct writ_program *ret)
{
	const char *name = request->argc ? request->argv[0] : "", *path;

	*ret = (struct writ_program) {0};
	if (!name[0] || strlen(name) > 1024)
		return 0;
	/* For execve(2), which children call, "cat" is a file of their own folder. */
	if (strchr(name, '/') || request->child) {
		if (name[0] != '/')
			return 0;
		path = writ_arena_strdup(arena, name);
		if (!path)
			return -1;
		identify(policy, path, ret);
		if (request->installed && !is_executable(path))
			ret->path = NULL;
		return 0;
	}
	if ((request->installed ? look_up(policy, arena, name, &path)
				: look_up_once(policy, arena, name, &path)) < 0)
		return -1;
	if (path)
		identify(policy, path, ret);
	if (!ret->known && !request->installed) {
		const char *listed = first_listed(policy, name);

		if (listed)
			identify(policy, listed, ret);
	}
	return 0;
}
