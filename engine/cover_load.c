/* SPDX-License-Identifier: ISC */
#include "cover.h"

#include <string.h>

#include "arena.h"
#include "command.h"
#include "json.h"
#include "loader.h"
#include "matcher.h"
#include "pointer_list.h"
#include "text.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

static int add_all_below(struct writ_loader *loader, const struct writ_command *command,
			 struct writ_pointer_list *list)
{
	if (command->runnable && writ_pointer_list_add_once(loader->arena, list, command) < 0)
		return -1;
	for (size_t i = 0; i < command->n_subcommands; i++)
		if (add_all_below(loader, command->subcommands[i], list) < 0)
			return -1;
	return 0;
}

static int unknown_command(const struct writ_json *json, const struct writ_command *root,
			   const char *words, struct writ_error *err)
{
	const char *last = strrchr(words, ' '), *nearest = NULL;

	if (last)
		nearest = writ_text_nearest(last + 1, root->subcommand_names, root->n_subcommands);
	return writ_json_error(json, err, "%s has no command '%s'%s%s%s", root->name, words,
			       nearest ? " (did you mean '" : "", nearest ? nearest : "",
			       nearest ? "'?)" : "");
}

/* "docker run", "docker *" → commands. */
static int add_command(struct writ_loader *loader, const struct writ_json *json, const char *words,
		       struct writ_pointer_list *list, struct writ_error *err)
{
	size_t length = strlen(words), first = strcspn(words, " ");
	bool below = length > 2 && strcmp(words + length - 2, " *") == 0;
	char *name = writ_arena_strndup(loader->arena, words, first);
	char *path = writ_arena_strndup(loader->arena, words, below ? length - 2 : length);
	const struct writ_command_file *file;
	const struct writ_command *command;

	if (!name || !path)
		return no_memory(json, err);
	file = writ_loader_command(loader, name, json, err);
	if (!file)
		return -1;
	command = writ_command_find(file->root, path);
	if (!command)
		return unknown_command(json, file->root, path, err);
	if (below)
		return add_all_below(loader, command, list) < 0 ? no_memory(json, err) : 0;
	if (!command->runnable)
		return writ_json_error(json, err,
				       "'%s' is a group of commands: name one, or all by '%s *'",
				       words, words);
	return writ_pointer_list_add_once(loader->arena, list, command) < 0 ? no_memory(json, err)
									    : 0;
}

int writ_cover_load_commands(struct writ_loader *loader, const struct writ_json *json,
			     struct writ_cover *cover, struct writ_error *err)
{
	struct writ_pointer_list list = {0};

	if (writ_json_strings(loader->arena, json, true, &cover->command_names,
			      &cover->n_command_names, err) < 0)
		return -1;
	for (size_t i = 0; i < cover->n_command_names; i++)
		if (add_command(loader, json, cover->command_names[i], &list, err) < 0)
			return -1;
	cover->commands = (const struct writ_command *const *)list.items;
	cover->n_commands = list.n;
	return 0;
}

bool writ_cover_has_command(const struct writ_cover *cover, const struct writ_command *command)
{
	for (size_t i = 0; i < cover->n_commands; i++)
		if (cover->commands[i] == command)
			return true;
	return false;
}

static int load_option(struct writ_loader *loader, const struct writ_json *json, bool open,
		       const struct writ_cover *cover, struct writ_pointer_list *list,
		       struct writ_error *err)
{
	struct writ_matcher_target target = {.open = open};
	const struct writ_matcher *matcher = NULL;
	struct writ_part part = {0};

	if (writ_part_load(loader, json, json->key, cover, true, false, &part, err) < 0)
		return -1;
	for (size_t i = 0; i < part.n_options; i++) {
		const struct writ_option *option = part.options[i];
		const struct writ_value_type *type = option->type ? option->type : &writ_type_bool;
		struct writ_option_rule *rule;

		if (!matcher || target.type != type || target.flag != !option->type) {
			target.type = type;
			target.flag = !option->type;
			matcher = writ_matcher_load(loader, json, &target, err);
			if (!matcher)
				return -1;
		}
		rule = writ_arena_alloc(loader->arena, 1, sizeof(*rule));
		if (!rule || writ_pointer_list_add(loader->arena, list, rule) < 0)
			return no_memory(json, err);
		*rule = (struct writ_option_rule) {option, matcher};
	}
	return 0;
}

static int load_operand(struct writ_loader *loader, const struct writ_json *json, bool open,
			const struct writ_cover *cover, struct writ_pointer_list *list,
			struct writ_error *err)
{
	struct writ_part part = {0};

	if (writ_part_load(loader, json, json->key, cover, false, true, &part, err) < 0)
		return -1;
	for (size_t i = 0; i < part.n_operands; i++) {
		const struct writ_operand *operand = part.operands[i];
		const struct writ_matcher_target target = {
			.type = operand->type, .command = operand->command, .open = open};
		const struct writ_matcher *matcher = writ_matcher_load(loader, json, &target, err);
		struct writ_operand_rule *rule;

		if (!matcher)
			return -1;
		rule = writ_arena_alloc(loader->arena, 1, sizeof(*rule));
		if (!rule || writ_pointer_list_add(loader->arena, list, rule) < 0)
			return no_memory(json, err);
		*rule = (struct writ_operand_rule) {operand, matcher};
	}
	return 0;
}

/* Lays the found rules out in one array, for the loop that every decision runs. */
static void *flatten(struct writ_arena *arena, const struct writ_pointer_list *list, size_t size)
{
	char *flat = writ_arena_alloc(arena, list->n, size);

	for (size_t i = 0; flat && i < list->n; i++)
		memcpy(flat + i * size, list->items[i], size);
	return flat;
}

static int load_parts(struct writ_loader *loader, const struct writ_cover_json *json, bool open,
		      struct writ_cover *cover, struct writ_error *err)
{
	struct writ_pointer_list options = {0}, operands = {0};

	if ((json->options && json->options->type != WRIT_JSON_OBJECT) ||
	    (json->operands && json->operands->type != WRIT_JSON_OBJECT))
		return writ_json_error(json->options && json->options->type != WRIT_JSON_OBJECT
					       ? json->options
					       : json->operands,
				       err, "expected an object of names and matchers");
	if (json->options)
		writ_each (member, json->options)
			if (load_option(loader, member, open, cover, &options, err) < 0)
				return -1;
	if (json->operands)
		writ_each (member, json->operands)
			if (load_operand(loader, member, open, cover, &operands, err) < 0)
				return -1;
	cover->options = flatten(loader->arena, &options, sizeof(*cover->options));
	cover->operands = flatten(loader->arena, &operands, sizeof(*cover->operands));
	cover->n_options = options.n;
	cover->n_operands = operands.n;
	return cover->options && cover->operands
		       ? 0
		       : no_memory(json->options ? json->options : json->operands, err);
}

static int load_required(struct writ_loader *loader, const struct writ_json *json,
			 const struct writ_cover *cover, struct writ_required *ret,
			 struct writ_error *err)
{
	const char *const *names = NULL;
	struct writ_part *parts;
	size_t n = 0;

	if (writ_json_strings(loader->trees, json, true, &names, &n, err) < 0)
		return -1;
	parts = writ_arena_alloc(loader->arena, n, sizeof(*parts));
	if (!parts)
		return no_memory(json, err);
	for (size_t i = 0; i < n; i++)
		if (writ_part_load(loader, json, names[i], cover, true, true, &parts[i], err) < 0)
			return -1;
	ret->parts = parts;
	ret->n = n;
	return 0;
}

static int load_require(struct writ_loader *loader, const struct writ_json *json,
			struct writ_cover *cover, struct writ_error *err)
{
	struct writ_required *required;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY)
		return writ_json_error(json, err, "expected a list, not %s",
				       writ_json_type_name(json));
	required = writ_arena_alloc(loader->arena, json->length, sizeof(*required));
	if (!required)
		return no_memory(json, err);
	writ_each (member, json)
		if (load_required(loader, member, cover, &required[n++], err) < 0)
			return -1;
	cover->required = required;
	cover->n_required = n;
	return 0;
}

static int load_classes(struct writ_loader *loader, const struct writ_json *json,
			struct writ_cover *cover, struct writ_error *err)
{
	const unsigned harmless =
		1u << WRIT_CLASS_DISPLAY | 1u << WRIT_CLASS_LIMIT | 1u << WRIT_CLASS_DETAIL;
	const char *const *names = NULL;
	size_t n = 0;

	if (writ_json_strings(loader->trees, json, false, &names, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		enum writ_class class;

		if (writ_class_from_string(names[i], &class) < 0)
			return writ_json_error(json, err, "unknown class '%s'", names[i]);
		if (!(harmless & 1u << class))
			return writ_json_error(json, err,
					       "options of class '%s' are named one by one; only "
					       "display, limit and detail may stand here",
					       names[i]);
		cover->classes |= 1u << class;
	}
	return 0;
}

int writ_cover_load(struct writ_loader *loader, const struct writ_cover_json *json, bool open,
		    struct writ_cover *cover, struct writ_error *err)
{
	if (load_parts(loader, json, open, cover, err) < 0)
		return -1;
	if (json->require && load_require(loader, json->require, cover, err) < 0)
		return -1;
	if (json->classes && load_classes(loader, json->classes, cover, err) < 0)
		return -1;
	return 0;
}
