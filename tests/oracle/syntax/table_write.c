/* SPDX-License-Identifier: ISC */
/* A table as writ reads it, and as a peer does. */
#include "table.h"

#include <string.h>

#include "wire.h"

static void put_json(FILE *out, const char *text)
{
	putc('"', out);
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			putc('\\', out);
		putc(*p, out);
	}
	putc('"', out);
}

static void put_aliases(FILE *out, const struct table_option *option)
{
	const char *before = ", \"aliases\": [";

	for (size_t i = 1; i < option->n_names; i++) {
		fputs(before, out);
		put_json(out, option->names[i]);
		before = ", ";
	}
	if (option->n_names > 1)
		putc(']', out);
}

static const char *json_type(const char *type)
{
	switch (type[0]) {
	case 'd':
		return "duration.go";
	case 'l':
		return "string"; /* which of its parts a list has is no matter of syntax */
	default:
		return type;
	}
}

static void put_json_option(FILE *out, const struct table_option *option)
{
	const char letter[] = {option->letter, '\0'};

	put_json(out, option->own);
	fputs(": {\"class\": \"detail\"", out);
	if (option->letter && option->own[1]) {
		fputs(", \"short\": ", out);
		put_json(out, letter);
	}
	if (option->kind != TABLE_FLAG)
		fprintf(out, ", \"value\": \"%s\"", json_type(option->type));
	if (option->kind == TABLE_OPTIONAL)
		fputs(", \"optional\": true", out);
	if (option->next[0]) {
		fputs(", \"next\": ", out);
		put_json(out, option->next);
	}
	if (option->here)
		fputs(", \"here\": true", out);
	if (option->repeat)
		fputs(", \"repeat\": true", out);
	put_aliases(out, option);
	putc('}', out);
	if (option->second)
		fprintf(out, ", \"%s/2\": {\"value\": \"string\", \"behind\": \"%s\"}", option->own,
			option->own);
}

/* The words that lead to a command, without the program's. */
static void put_path(FILE *out, const struct table_command *command)
{
	if (command->parent && command->parent->parent) {
		put_path(out, command->parent);
		putc(' ', out);
	}
	fputs(command->name, out);
}

static void put_alias(FILE *out, const struct table_command *command)
{
	fputs(", ", out);
	put_json(out, command->alias);
	fputs(": {\"same_as\": \"", out);
	put_path(out, command);
	fputs("\"}", out);
}

/* What is inside the braces of a command. */
static void put_json_command(FILE *out, const struct table_command *command)
{
	const char *before = "";

	fprintf(out, "\"interspersed\": %s, \"options\": {",
		command->interspersed ? "true" : "false");
	for (size_t i = 0; i < command->n_options; i++) {
		if (!command->options[i].listed)
			continue;
		fputs(before, out);
		put_json_option(out, &command->options[i]);
		before = ", ";
	}
	putc('}', out);
	if (command->operands->json)
		fprintf(out, ", \"operands\": %s", command->operands->json);
	before = ", \"subcommands\": {";
	for (size_t i = 0; i < command->n_subs; i++) {
		const struct table_command *sub = command->subs[i];

		fputs(before, out);
		put_json(out, sub->name);
		fputs(": {", out);
		put_json_command(out, sub);
		putc('}', out);
		if (sub->alias[0])
			put_alias(out, sub);
		before = ", ";
	}
	if (command->n_subs > 0)
		putc('}', out);
}

void table_write_json(const struct table *table, FILE *out)
{
	fprintf(out, "{\"command\": \"%s\", \"programs\": [\"/p\"], \"syntax\": \"%s\"",
		table->root->name, table->mode->syntax);
	if (!table->mode->partial)
		fputs(", \"complete\": true", out);
	if (table->root->n_subs > 0 && strcmp(table->mode->syntax, "pflag") == 0)
		fprintf(out, ", \"traverse\": %s", table->mode->traverse ? "true" : "false");
	if (table->mode->w_is_long)
		fputs(", \"w_is_long\": true", out);
	if (table->digits[0])
		fprintf(out, ", \"digits\": \"%s\"", table->digits);
	fputs(", ", out);
	put_json_command(out, table->root);
	putc('}', out);
}

static void put_option(FILE *out, const struct mode *mode, const struct table_option *option)
{
	static const char *const kinds[] = {"flag", "required", "optional"};
	const char letter[] = {option->letter, '\0'};

	wire_put(out, option->own);
	wire_put_number(out, (long)option->n_names);
	for (size_t i = 0; i < option->n_names; i++)
		wire_put(out, option->names[i]);
	wire_put(out, letter);
	wire_put(out, kinds[option->kind]);
	wire_put(out, option->type);
	wire_put(out, option->next);
	wire_put_number(out, option->here);
	wire_put_number(out, option->listed);
	if (mode->clap) {
		wire_put_number(out, option->repeat);
		wire_put_number(out, option->second);
	}
}

static void put_command(FILE *out, const struct mode *mode, const struct table_command *command)
{
	wire_put(out, command->name);
	wire_put(out, command->alias);
	wire_put_number(out, command->interspersed);
	wire_put_number(out, command->operands->json || command->n_subs == 0);
	wire_put_number(out, command->operands->min);
	wire_put_number(out, command->operands->max);
	if (mode->clap)
		wire_put_number(out, command->operands->dashes);
	wire_put_number(out, (long)command->n_options);
	for (size_t i = 0; i < command->n_options; i++)
		put_option(out, mode, &command->options[i]);
	wire_put_number(out, (long)command->n_subs);
	for (size_t i = 0; i < command->n_subs; i++)
		put_command(out, mode, command->subs[i]);
}

void table_write_record(const struct table *table, FILE *out)
{
	wire_put(out, "table");
	wire_put(out, table->mode->reader);
	wire_put(out, table->root->interspersed ? table->mode->prefix : "+");
	wire_put_number(out, !table->mode->partial);
	wire_put_number(out, table->mode->w_is_long);
	wire_put(out, table->digits);
	put_command(out, table->mode, table->root);
	wire_end(out);
}
