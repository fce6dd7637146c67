/* SPDX-License-Identifier: ISC */
/* writ parse: an argument vector as the program will read it, by its command file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "batch.h"
#include "cleanup.h"
#include "cli.h"
#include "command.h"
#include "config.h"
#include "error.h"
#include "json.h"
#include "json_write.h"
#include "parsed.h"
#include "policy.h"
#include "prose.h"
#include "request.h"
#include "request_json.h"

struct args {
	const char *commands;
	bool json, batch;
};

static const struct cli_option options[] = {
	{"commands", "DIR", offsetof(struct args, commands),
	 "the command files (" WRIT_COMMANDS_DIR ")"},
	{"json", NULL, offsetof(struct args, json), "print a JSON object"},
	{"batch", NULL, offsetof(struct args, batch),
	 "read a JSON argument vector a line, print an object a line"},
};

/* One command file that a batch has used; they are few. */
struct known {
	const char *program; /* as typed */
	const struct writ_command *command;
	struct known *next;
};

struct parser {
	const char *dir;
	struct writ_arena *files; /* command trees: as long as the parser */
	struct writ_arena *arena; /* one argument vector */
	struct known *known;
};

static const struct writ_command *find_command(struct parser *p, const char *program,
					       struct writ_error *err)
{
	const struct writ_command *command;
	struct known *k;

	for (k = p->known; k; k = k->next)
		if (strcmp(k->program, program) == 0)
			return k->command;
	command = writ_commands_find(p->files, p->dir, program, err);
	k = command ? writ_arena_alloc(p->files, 1, sizeof(*k)) : NULL;
	if (!k)
		return command;
	*k = (struct known) {.program = writ_arena_strdup(p->files, program),
			     .command = command,
			     .next = p->known};
	if (k->program)
		p->known = k;
	return command;
}

/* The path that would be run: as typed where the command file lists it, otherwise the first listed.
 */
static const char *program_path(const struct writ_command *program, const char *typed)
{
	for (size_t i = 0; i < program->n_programs; i++)
		if (strcmp(program->programs[i], typed) == 0)
			return program->programs[i];
	return program->n_programs ? program->programs[0] : NULL;
}

/* 0, or -1 with err: it has a line where the command file itself is wrong. */
static int parse(struct parser *p, char *const *argv, size_t argc, struct writ_parsed *ret,
		 struct writ_error *err)
{
	struct writ_error why = {0};
	const struct writ_command *command = find_command(p, argv[0], &why);

	if (command)
		return writ_parse(p->arena, command, argv, argc, ret, err);
	if (!why.line)
		return writ_error_set(err, "no command file can be used for this program: %s",
				      why.message);
	*err = why;
	return -1;
}

static void write_fields(const struct writ_value *value, struct writ_json_writer *out)
{
	if (value->type->kind != WRIT_VALUE_STRUCTURED)
		return;
	writ_json_object_begin(out, "fields");
	for (size_t i = 0; i < value->n_fields; i++) {
		const struct writ_field *field = &value->fields[i];

		if (!field->repeat) {
			writ_json_add_string(out, field->name, field->values[0]);
			continue;
		}
		writ_json_array_begin(out, field->name);
		for (size_t j = 0; j < field->n; j++)
			writ_json_add_string(out, NULL, field->values[j]);
		writ_json_array_end(out);
	}
	writ_json_object_end(out);
}

static void write_occurrence(const struct writ_parsed *parsed, const struct writ_occurrence *o,
			     struct writ_json_writer *out)
{
	const struct writ_option *option = o->option;

	writ_json_object_begin(out, NULL);
	writ_json_add_string(out, "name", option->name);
	if (option->owner != parsed->command)
		writ_json_add_string(out, "of", option->owner->path);
	if (!option->type) {
		writ_json_add_bool(out, "value", o->value.number.boolean);
	} else if (o->absent) {
		writ_json_add_null(out, "value");
	} else {
		writ_json_add_string(out, "value", o->value.text);
		if (strcmp(o->value.normal, o->value.text) != 0)
			writ_json_add_string(out, "normal", o->value.normal);
		write_fields(&o->value, out);
	}
	writ_json_object_end(out);
}

/* Each operand that is there under its name, with all its words. */
static void write_operands(const struct writ_parsed *parsed, struct writ_json_writer *out)
{
	const struct writ_parsed_operand *all = parsed->operands;

	writ_json_object_begin(out, "operands");
	for (size_t i = 0; i < parsed->n_operands; i++) {
		bool first = true;

		for (size_t j = 0; j < i; j++)
			first = first && all[j].operand != all[i].operand;
		if (!first)
			continue;
		writ_json_array_begin(out, all[i].operand->name);
		for (size_t j = i; j < parsed->n_operands; j++) {
			if (all[j].operand != all[i].operand)
				continue;
			for (size_t k = 0; k < all[j].n_rest; k++)
				writ_json_add_string(out, NULL, all[j].rest[k]);
			if (!all[j].operand->command)
				writ_json_add_string(out, NULL, all[j].value.text);
		}
		writ_json_array_end(out);
	}
	writ_json_object_end(out);
}

static void write_parsed(const struct writ_parsed *parsed, const char *typed,
			 struct writ_json_writer *out)
{
	writ_json_object_begin(out, NULL);
	writ_json_add_string(out, "command", parsed->command->path);
	writ_json_add_string(out, "program", program_path(parsed->command->program, typed));
	writ_json_array_begin(out, "options");
	for (size_t i = 0; i < parsed->n_options; i++)
		write_occurrence(parsed, &parsed->options[i], out);
	writ_json_array_end(out);
	write_operands(parsed, out);
	writ_json_object_end(out);
}

static void write_error(const struct writ_error *err, struct writ_json_writer *out)
{
	char text[sizeof(*err) + 64];

	writ_json_object_begin(out, NULL);
	writ_json_add_string(out, "error", writ_error_string(err, text, sizeof(text)));
	writ_json_object_end(out);
}

static void answer(void *context, const char *line, size_t length, struct writ_json_writer *out)
{
	struct parser *p = context;
	struct writ_request request = {0};
	struct writ_parsed parsed = {0};
	struct writ_error err = {0};
	const struct writ_json *json = NULL;

	writ_arena_reset(p->arena);
	if (line)
		json = writ_json_parse(p->arena, "standard input", line, length, &err);
	else
		writ_error_set(&err, "the line is longer than any argument vector may be");
	if (json && cli_argv_parse(p->arena, json, &request, &err) == 0 &&
	    parse(p, request.argv, request.argc, &parsed, &err) == 0)
		write_parsed(&parsed, request.argv[0], out);
	else
		write_error(&err, out);
}

static enum cli_status parse_one(struct parser *p, bool json, int argc, char **argv)
{
	struct writ_json_writer *out;
	struct writ_parsed parsed = {0};
	struct writ_error err = {0};
	enum cli_status status = CLI_YES;
	const char *text;

	if (parse(p, argv, (size_t)argc, &parsed, &err) < 0)
		status = CLI_NO;
	/* A command file that cannot be read is no answer about the arguments. */
	if (status == CLI_NO && err.line)
		return cli_error(&err);
	if (!json && status == CLI_NO) {
		cli_error(&err);
		return status;
	}
	if (!json) {
		cli_parsed_print(p->arena, &parsed, program_path(parsed.command->program, argv[0]));
		return status;
	}
	out = writ_json_writer_new();
	if (out && status == CLI_YES)
		write_parsed(&parsed, argv[0], out);
	else if (out)
		write_error(&err, out);
	text = out ? writ_json_writer_text(out, NULL) : NULL;
	if (text)
		puts(text);
	else
		fputs("writ: out of memory\n", stderr);
	writ_json_writer_free(out);
	return text ? status : CLI_FAILED;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.commands = WRIT_COMMANDS_DIR};
	struct parser p = {0};
	enum cli_status status;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	if (args.batch && argc > 0)
		return cli_usage_error(self, "--batch takes its lines from standard input");
	if (!args.batch && argc == 0)
		return cli_usage_error(self, "no command is given");
	p.dir = args.commands;
	p.files = writ_arena_new();
	p.arena = writ_arena_new();
	if (p.files && p.arena)
		status = args.batch ? cli_batch(answer, &p) : parse_one(&p, args.json, argc, argv);
	else
		status = cli_error(&(struct writ_error) {.message = "out of memory"});
	writ_arena_free(p.files);
	writ_arena_free(p.arena);
	return status;
}

const struct cli_command cli_parse = {
	.name = "parse",
	.operands = "-- ARGV...",
	.doc = "a command's arguments as its program reads them",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
