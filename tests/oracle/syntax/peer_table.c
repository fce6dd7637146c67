/* SPDX-License-Identifier: ISC */
#include "peer_table.h"

#include <stdlib.h>
#include <string.h>

/* The fields not yet read. */
struct cursor {
	char *const *field;
	size_t left;
};

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static const char *take(struct cursor *c)
{
	if (c->left-- == 0)
		abort(); /* the oracle wrote something else than this reads */
	return *c->field++;
}

static char *take_text(struct cursor *c)
{
	return must(strdup(take(c)));
}

static long take_number(struct cursor *c)
{
	return strtol(take(c), NULL, 10);
}

static void take_option(struct cursor *c, struct peer_option *option,
			const struct peer_command *owner)
{
	option->own = take_text(c);
	option->n_names = (size_t)take_number(c);
	option->names = must(calloc(option->n_names + 1, sizeof(char *)));
	for (size_t i = 0; i < option->n_names; i++)
		option->names[i] = take_text(c);
	option->letter = take(c)[0];
	option->kind = take(c)[0];
	take(c); /* the type: to getopt a value is a value */
	option->next = take_text(c);
	option->here = take_number(c);
	option->listed = take_number(c);
	option->owner = owner;
}

static void take_command(struct cursor *c, struct peer_command *command,
			 const struct peer_command *parent)
{
	command->parent = parent;
	command->name = take_text(c);
	command->alias = take_text(c);
	if (!parent)
		command->path = must(strdup(command->name));
	else if (asprintf(&command->path, "%s %s", parent->path, command->name) < 0)
		abort();
	command->interspersed = take_number(c);
	command->runnable = take_number(c);
	command->min = take_number(c);
	command->max = take_number(c);
	command->n_options = (size_t)take_number(c);
	command->options = must(calloc(command->n_options + 1, sizeof(*command->options)));
	for (size_t i = 0; i < command->n_options; i++)
		take_option(c, &command->options[i], command);
	command->n_subs = (size_t)take_number(c);
	command->subs = must(calloc(command->n_subs + 1, sizeof(*command->subs)));
	for (size_t i = 0; i < command->n_subs; i++)
		take_command(c, &command->subs[i], command);
}

void peer_table_init(struct peer_table *table, const struct wire_record *record)
{
	struct cursor c = {record->fields + 1, record->n - 1};

	memset(table, 0, sizeof(*table));
	table->reader = take_text(&c);
	table->prefix = take_text(&c);
	table->complete = take_number(&c);
	table->w_is_long = take_number(&c);
	table->digits = take_text(&c);
	take_command(&c, &table->root, NULL);
	if (c.left != 0)
		abort();
}

static void command_done(struct peer_command *command)
{
	for (size_t i = 0; i < command->n_options; i++) {
		struct peer_option *option = &command->options[i];

		for (size_t k = 0; k < option->n_names; k++)
			free(option->names[k]);
		free(option->names);
		free(option->own);
		free(option->next);
	}
	for (size_t i = 0; i < command->n_subs; i++)
		command_done(&command->subs[i]);
	free(command->options);
	free(command->subs);
	free(command->name);
	free(command->alias);
	free(command->path);
}

void peer_table_done(struct peer_table *table)
{
	if (!table->reader)
		return;
	command_done(&table->root);
	free(table->reader);
	free(table->prefix);
	free(table->digits);
	table->reader = NULL;
}
