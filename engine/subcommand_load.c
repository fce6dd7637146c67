/* SPDX-License-Identifier: ISC */
/* Subcommands of command files, and those that are another's second name (same_as). */
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command_load.h"
#include "error.h"
#include "json.h"

/* Deepest nesting of subcommands, those behind same_as included. */
#define DEPTH_MAX 16

static const struct writ_json_field same_as_fields[] = {
	{"same_as", true, NULL},
};

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

/* An alias is left NULL until the whole tree is there. */
static int load_alias(struct writ_load *load, const struct writ_json *json,
		      struct writ_command *command, size_t index)
{
	struct writ_load_alias *alias = writ_arena_alloc(load->arena, 1, sizeof(*alias));
	const struct writ_json *target = writ_json_get(json, "same_as");

	if (!alias)
		return no_memory(json, load->err);
	if (writ_json_fields(json, same_as_fields, ARRAY_SIZE(same_as_fields), NULL, load->err) <
		    0 ||
	    writ_json_string(target, &alias->words, load->err) < 0)
		return -1;
	alias->json = target;
	alias->command = command;
	alias->index = index;
	alias->next = load->aliases;
	load->aliases = alias;
	return 0;
}

static int load_sub(struct writ_load *load, const struct writ_json *json,
		    struct writ_command *command, size_t index)
{
	struct writ_command *sub = writ_load_new(load, command, json->key);
	const struct writ_command **subs = (const struct writ_command **)command->subcommands;

	if (!sub)
		return no_memory(json, load->err);
	if (writ_load_command(load, json, sub) < 0)
		return -1;
	subs[index] = sub;
	return 0;
}

int writ_load_subcommands(struct writ_load *load, const struct writ_json *json,
			  struct writ_command *command)
{
	const struct writ_json **members = writ_load_sorted(load, json);
	const char **names = writ_arena_alloc(load->arena, json->length, sizeof(*names));
	const struct writ_command **subs =
		writ_arena_alloc(load->arena, json->length, sizeof(*subs));

	if (!members)
		return -1;
	if (!names || !subs)
		return no_memory(json, load->err);
	command->subcommands = subs;
	command->subcommand_names = names;
	for (size_t i = 0; i < json->length; i++) {
		const struct writ_json *member = members[i];
		bool alias = writ_json_get(member, "same_as") != NULL;

		if (!writ_load_is_word(member->key) || member->key[0] == '-')
			return writ_json_error(member, load->err, "this is no name of a command");
		names[i] = writ_arena_strdup(load->arena, member->key);
		if (!names[i])
			return no_memory(member, load->err);
		command->n_subcommands = i + 1;
		if ((alias ? load_alias : load_sub)(load, member, command, i) < 0)
			return -1;
	}
	return 0;
}

static struct writ_load_alias *find_alias(const struct writ_load *load,
					  const struct writ_command *command, size_t index)
{
	for (struct writ_load_alias *alias = load->aliases; alias; alias = alias->next)
		if (alias->command == command && alias->index == index)
			return alias;
	return NULL;
}

static int resolve(struct writ_load *load, struct writ_load_alias *alias);

/* The subcommand of that name, an alias on the way being resolved first. NULL with err. */
static const struct writ_command *step(struct writ_load *load, const struct writ_load_alias *from,
				       const struct writ_command *command, const char *word,
				       size_t length)
{
	size_t i = writ_command_sub_index(command, word, length);

	if (i < command->n_subcommands) {
		if (!command->subcommands[i] && resolve(load, find_alias(load, command, i)) < 0)
			return NULL;
		return command->subcommands[i];
	}
	writ_json_error(from->json, load->err, "'%s' has no command '%.*s'", command->path,
			(int)length, word);
	return NULL;
}

static int resolve(struct writ_load *load, struct writ_load_alias *alias)
{
	const struct writ_command *target = load->root;
	const struct writ_command **subs =
		(const struct writ_command **)alias->command->subcommands;
	const char *words = alias->words;

	if (alias->visited)
		return writ_json_error(alias->json, load->err, "same_as leads back to itself");
	alias->visited = true;
	while (*words && target) {
		size_t length = strcspn(words, " ");

		target = step(load, alias, target, words, length);
		words += length;
		words += *words == ' ';
	}
	if (!target)
		return -1;
	if (target == load->root)
		return writ_json_error(alias->json, load->err, "same_as names no command");
	subs[alias->index] = target;
	return 0;
}

/* A command must not be reached from itself, or whoever walks the tree would never end. */
static int check_depth(struct writ_load *load, const struct writ_command *command, unsigned depth,
		       const struct writ_json *json)
{
	if (depth > DEPTH_MAX)
		return writ_json_error(json, load->err,
				       "the commands are nested too deeply, or in a circle");
	for (size_t i = 0; i < command->n_subcommands; i++) {
		const struct writ_command *sub = command->subcommands[i];
		const struct writ_load_alias *alias =
			sub->parent != command ? find_alias(load, command, i) : NULL;

		if (check_depth(load, sub, depth + 1, alias ? alias->json : json) < 0)
			return -1;
	}
	return 0;
}

int writ_load_aliases(struct writ_load *load, const struct writ_json *json)
{
	for (struct writ_load_alias *alias = load->aliases; alias; alias = alias->next)
		if (!alias->visited && resolve(load, alias) < 0)
			return -1;
	return check_depth(load, load->root, 0, json);
}
