/* SPDX-License-Identifier: ISC */
/* A name in a rule → the options and operands that it means, over all of the rule's commands. */
#include <string.h>

#include "arena.h"
#include "command.h"
#include "cover.h"
#include "json.h"
#include "loader.h"
#include "parsed.h"
#include "pointer_list.h"
#include "text.h"

/* Names that are looked through for a suggestion; nothing else depends on it. */
#define NAMES_MAX 512

static bool is_group(const struct writ_cover *cover)
{
	for (size_t i = 0; i < cover->n_command_names; i++) {
		size_t length = strlen(cover->command_names[i]);

		if (length > 2 && cover->command_names[i][length - 1] == '*')
			return true;
	}
	return false;
}

static int unknown_part(const struct writ_json *json, const struct writ_command *command,
			const char *name, bool options, struct writ_error *err)
{
	const char *names[NAMES_MAX], *nearest;
	size_t n = 0;

	for (const struct writ_command *c = command; options && c; c = c->parent)
		for (size_t i = 0; i < c->n_options && n < NAMES_MAX; i++)
			names[n++] = c->options[i].name;
	for (size_t i = 0; i < command->n_operands && n < NAMES_MAX; i++)
		names[n++] = command->operands[i].name;
	nearest = writ_text_nearest(name, names, n);
	return writ_json_error(json, err, "%s has no %s '%s'%s%s%s", command->path,
			       options ? "option" : "operand", name,
			       nearest ? " (did you mean '" : "", nearest ? nearest : "",
			       nearest ? "'?)" : "");
}

int writ_part_load(struct writ_loader *loader, const struct writ_json *json, const char *name,
		   const struct writ_cover *cover, bool options, bool operands,
		   struct writ_part *ret, struct writ_error *err)
{
	struct writ_pointer_list found_options = {0}, found_operands = {0};
	bool group = is_group(cover), any = false;

	for (size_t i = 0; i < cover->n_commands; i++) {
		const struct writ_command *command = cover->commands[i];
		const struct writ_option *option =
			options ? writ_command_option(command, name, true) : NULL;
		const struct writ_operand *operand =
			operands && !option ? writ_command_operand(command, name) : NULL;

		if (!option && !operand && !group)
			return unknown_part(json, command, name, options, err);
		if ((option &&
		     writ_pointer_list_add_once(loader->arena, &found_options, option) < 0) ||
		    (operand &&
		     writ_pointer_list_add_once(loader->arena, &found_operands, operand) < 0))
			return writ_json_error(json, err, "out of memory");
		ret->bits |= option ? writ_option_bit(option) : 0;
		any = any || option || operand;
	}
	if (!any)
		return unknown_part(json, cover->commands[0], name, options, err);
	ret->name = writ_arena_strdup(loader->arena, name);
	if (!ret->name)
		return writ_json_error(json, err, "out of memory");
	ret->options = (const struct writ_option *const *)found_options.items;
	ret->n_options = found_options.n;
	ret->operands = (const struct writ_operand *const *)found_operands.items;
	ret->n_operands = found_operands.n;
	return 0;
}
