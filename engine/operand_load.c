/* SPDX-License-Identifier: ISC */
/* Operands of command files. */
#include <string.h>

#include "arena.h"
#include "command_load.h"
#include "error.h"
#include "json.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

/* What marks an operand's form is taken off both ends: [NAME], NAME..., [NAME...], [-- NAME...].
 * NULL: malformed. */
static char *strip_form(char *text, struct writ_operand *operand)
{
	size_t length = strlen(text);

	if (text[0] == '[') {
		if (length < 2 || text[length - 1] != ']')
			return NULL;
		operand->optional = true;
		text[length - 1] = '\0';
		text++;
		length -= 2;
	}
	if (operand->optional && strncmp(text, "-- ", 3) == 0) {
		operand->dashes = true;
		text += 3;
		length -= 3;
	}
	if (length > 3 && strcmp(text + length - 3, "...") == 0) {
		operand->repeat = true;
		text[length - 3] = '\0';
	}
	if (operand->dashes && !operand->repeat)
		return NULL;
	return text;
}

/* "NAME", "[NAME]", "NAME...", "[NAME...]", "[-- NAME...]", each with ":type" behind the name where
 * it has one. */
static int load_operand(struct writ_load *load, const struct writ_json *json,
			struct writ_operand *operand)
{
	const char *text = NULL;
	char *name, *type;

	if (writ_json_string(json, &text, load->err) < 0)
		return -1;
	name = writ_arena_strdup(load->arena, text);
	if (!name)
		return no_memory(json, load->err);
	name = strip_form(name, operand);
	type = name ? strchr(name, ':') : NULL;
	if (type)
		*type++ = '\0';
	if (!name || !writ_load_is_word(name) || strpbrk(name, "[].") || name[0] == '-')
		return writ_json_error(json, load->err,
				       "'%s' is no operand (NAME, [NAME], NAME..., [NAME...], "
				       "[-- NAME...])",
				       text);
	operand->name = name;
	operand->command = operand->repeat && strcmp(name, "COMMAND") == 0;
	operand->type = type ? writ_load_type(json, type, load->err) : &writ_type_string;
	if (!operand->type)
		return -1;
	if (operand->command && type)
		return writ_json_error(json, load->err, "COMMAND... has no type");
	return 0;
}

/* Whether the operand can follow those before it. NULL, or what is wrong. */
static const char *judge_operand(const struct writ_command *command, size_t n,
				 const struct writ_operand *operand)
{
	for (size_t i = 0; i < n; i++) {
		const struct writ_operand *before = &command->operands[i];

		if (strcmp(before->name, operand->name) == 0)
			return "two operands have this name";
		if (before->dashes)
			return "nothing can follow what stands behind --";
		if (operand->dashes)
			continue;
		if (before->command)
			return "COMMAND... takes all that remains: nothing can follow it";
		if (before->repeat && operand->repeat)
			return "only one operand can be repeated";
		if (before->repeat && operand->optional)
			return "an optional operand behind a repeated one cannot be told from it";
	}
	if (operand->dashes && command->syntax != WRIT_SYNTAX_PFLAG &&
	    command->syntax != WRIT_SYNTAX_CLAP)
		return "in this syntax nothing is known of where -- stood";
	if (operand->command && command->interspersed && !operand->dashes)
		return "with COMMAND... options end at the first operand: \"interspersed\": false";
	return NULL;
}

int writ_load_operands(struct writ_load *load, const struct writ_json *json,
		       struct writ_command *command)
{
	struct writ_operand *operands;
	size_t n = 0;

	if (json->type != WRIT_JSON_ARRAY)
		return writ_json_error(json, load->err, "expected a list of operands");
	operands = writ_arena_alloc(load->arena, json->length, sizeof(*operands));
	if (!operands)
		return no_memory(json, load->err);
	command->operands = operands;
	writ_each (member, json) {
		const char *wrong;

		if (load_operand(load, member, &operands[n]) < 0)
			return -1;
		wrong = judge_operand(command, n, &operands[n]);
		if (wrong)
			return writ_json_error(member, load->err, "%s", wrong);
		n++;
	}
	command->n_operands = n;
	return 0;
}
