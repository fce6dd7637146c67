/* SPDX-License-Identifier: ISC */
#include "command.h"

#include <string.h>

static const char *const class_names[] = {
	[WRIT_CLASS_PRIVILEGE] = "privilege", [WRIT_CLASS_DISPLAY] = "display",
	[WRIT_CLASS_LIMIT] = "limit",         [WRIT_CLASS_DETAIL] = "detail",
	[WRIT_CLASS_READ] = "read",           [WRIT_CLASS_WRITE] = "write",
	[WRIT_CLASS_EXEC] = "exec",           [WRIT_CLASS_REMOTE] = "remote",
};

const char *writ_class_to_string(enum writ_class class)
{
	return class_names[class];
}

int writ_class_from_string(const char *name, enum writ_class *ret)
{
	for (size_t i = 0; i < sizeof(class_names) / sizeof(class_names[0]); i++) {
		if (class_names[i][0] == name[0] && strcmp(class_names[i], name) == 0) {
			*ret = (enum writ_class)i;
			return 0;
		}
	}
	return -1;
}

/* As strcmp of the terminated name with the word, which ends after length bytes. */
static int compare(const char *word, size_t length, const char *name)
{
	int order;

	/* Most comparisons of a search are over at the first byte. */
	if (length > 0 && word[0] != name[0])
		return (unsigned char)word[0] < (unsigned char)name[0] ? -1 : 1;
	order = strncmp(word, name, length);
	return order != 0 ? order : name[length] ? -1 : 0;
}

size_t writ_command_sub_index(const struct writ_command *command, const char *name, size_t length)
{
	size_t low = 0, high = command->n_subcommands;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(name, length, command->subcommand_names[middle]);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return command->n_subcommands;
}

static const struct writ_command *find_sub(const struct writ_command *command, const char *name,
					   size_t length)
{
	size_t i = writ_command_sub_index(command, name, length);

	return i < command->n_subcommands ? command->subcommands[i] : NULL;
}

const struct writ_command *writ_command_sub(const struct writ_command *command, const char *name)
{
	return find_sub(command, name, strlen(name));
}

/* Follows words separated by single blanks, of length bytes in all. */
static const struct writ_command *follow(const struct writ_command *root, const char *words,
					 size_t length)
{
	const char *end = words + length;
	const char *blank = memchr(words, ' ', length);
	const struct writ_command *command = root;

	if (compare(words, blank ? (size_t)(blank - words) : length, root->name) != 0)
		return NULL;
	while (blank && command) {
		words = blank + 1;
		blank = memchr(words, ' ', (size_t)(end - words));
		command = find_sub(command, words, (size_t)((blank ? blank : end) - words));
	}
	return command;
}

const struct writ_command *writ_command_find(const struct writ_command *root, const char *words)
{
	return follow(root, words, strlen(words));
}

size_t writ_command_names_from(const struct writ_command *command, const char *name, size_t length)
{
	size_t low = 0, high = command->n_names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(name, length, command->names[middle].name) <= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static const struct writ_option *own_long(const struct writ_command *command, const char *name,
					  size_t length)
{
	size_t i = writ_command_names_from(command, name, length);

	if (i < command->n_names && compare(name, length, command->names[i].name) == 0)
		return command->names[i].option;
	return NULL;
}

static const struct writ_option *own_short(const struct writ_command *command, char letter)
{
	const char *p = command->n_letters > 0
				? memchr(command->letters, letter, command->n_letters)
				: NULL;

	return p ? command->letter_options[p - command->letters] : NULL;
}

const struct writ_option *writ_command_long(const struct writ_command *command, const char *name,
					    size_t length)
{
	for (const struct writ_command *c = command; c; c = c->parent) {
		const struct writ_option *option = own_long(c, name, length);

		if (option && option->long_form && (c == command || !option->here))
			return option;
	}
	return NULL;
}

/* Whether a nearer command has an option of the name that this one's owner gave it: then none of
 * its spellings but aliases is left (pflag adds to a set only names that are not there yet). */
static bool is_hidden(const struct writ_command *command, const struct writ_option *option)
{
	for (const struct writ_command *c = command; c != option->owner; c = c->parent) {
		const struct writ_option *nearer = own_long(c, option->name, strlen(option->name));

		if (nearer && (c == command || !nearer->here))
			return true;
	}
	return false;
}

const struct writ_option *writ_command_short(const struct writ_command *command, char letter)
{
	for (const struct writ_command *c = command; c; c = c->parent) {
		const struct writ_option *option = own_short(c, letter);

		if (option && (c == command || (!option->here && !is_hidden(command, option))))
			return option;
	}
	return NULL;
}

/* An option of this very command by the name that rules use: long name, alias, or the letter of one
 * that has no long name. */
static const struct writ_option *own_option(const struct writ_command *command, const char *name)
{
	const struct writ_option *option = own_long(command, name, strlen(name));

	if (!option && name[0] && !name[1]) {
		option = own_short(command, name[0]);
		if (option && strcmp(option->name, name) != 0)
			option = NULL;
	}
	return option;
}

/* Whether people write the option with so many dashes. */
static bool is_written(const struct writ_option *option, size_t dashes)
{
	if (option->owner->syntax == WRIT_SYNTAX_GOFLAG)
		return true;
	return dashes == (option->name[1] ? 2 : 1);
}

/* "docker --host", "docker container run -v": an option of that command, if it is this or a parent.
 */
static const struct writ_option *full_option(const struct writ_command *command, const char *name,
					     const char *blank, bool any_level)
{
	const struct writ_command *named = follow(command->program, name, (size_t)(blank - name));
	const char *plain = blank + 1;
	size_t dashes = plain[0] != '-' ? 0 : plain[1] != '-' ? 1 : 2;

	for (const struct writ_command *c = command; dashes > 0 && c; c = c->parent) {
		const struct writ_option *option =
			c == named ? own_option(c, plain + dashes) : NULL;

		if (option && is_written(option, dashes) &&
		    (any_level || c == command || !option->here))
			return option;
	}
	return NULL;
}

const struct writ_option *writ_command_option(const struct writ_command *command, const char *name,
					      bool any_level)
{
	const char *blank = strrchr(name, ' ');

	if (blank)
		return full_option(command, name, blank, any_level);
	for (const struct writ_command *c = command; c; c = c->parent) {
		const struct writ_option *option = own_option(c, name);

		if (option && (any_level || c == command || !option->here))
			return option;
	}
	return NULL;
}

const struct writ_operand *writ_command_operand(const struct writ_command *command,
						const char *name)
{
	for (size_t i = 0; i < command->n_operands; i++)
		if (strcmp(command->operands[i].name, name) == 0)
			return &command->operands[i];
	return NULL;
}

bool writ_command_add_module(const struct writ_command *command, const char *name,
			     struct writ_modules *modules)
{
	const struct writ_command *program = command->program;

	for (size_t i = 0; i < program->n_modules; i++) {
		if (strcmp(program->modules[i], name) == 0) {
			modules->bits[i / 64] |= UINT64_C(1) << i % 64;
			return true;
		}
	}
	return false;
}

bool writ_modules_meet(const struct writ_modules *a, const struct writ_modules *b)
{
	return a->bits[0] & b->bits[0] || a->bits[1] & b->bits[1];
}

const char *writ_option_dashes(const struct writ_option *option)
{
	return option->word ? "" : option->long_form ? "--" : "-";
}
