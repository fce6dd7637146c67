/* SPDX-License-Identifier: ISC */
/*
 * For tests of reading: a command file written in the test (with ' for "), and what an argument
 *vector is read as, on one line:
 *
 *	docker container run --volume=/:/h{kind=bind,source=/,target=/h} -t IMAGE=alpine
 *COMMAND=[sh,-c]
 *
 * An option without its optional value is "--lines()", a flag "--rm" or "--rm=false", a refusal
 * "error: MESSAGE".
 */
#pragma once

#include "table.h"

#include "arena.h"
#include "command.h"
#include "error.h"
#include "json.h"
#include "parsed.h"

struct reading {
	struct writ_arena *arena;
	const struct writ_command *root;
	struct writ_error err;
	char out[2048];
};

/* A row's argument vector, of at most READING_WORDS words. */
#define WORDS(...)                                                                                 \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define READING_WORDS 19

static inline void reading_open(struct reading *r, const char *text)
{
	const struct writ_json *json;
	char *copy;

	memset(r, 0, sizeof(*r));
	r->arena = writ_arena_new();
	assert_non_null(r->arena);
	copy = writ_arena_strdup(r->arena, text);
	assert_non_null(copy);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	json = writ_json_parse(r->arena, "test.json", copy, strlen(copy), &r->err);
	if (json)
		r->root = writ_command_parse(r->arena, json, &r->err);
}

static inline void reading_close(struct reading *r)
{
	writ_arena_free(r->arena);
}

static inline void __attribute__((format(printf, 2, 3)))
reading_add(struct reading *r, const char *format, ...)
{
	size_t used = strlen(r->out);
	va_list args;

	va_start(args, format);
	vsnprintf(r->out + used, sizeof(r->out) - used, format, args);
	va_end(args);
}

static inline void reading_add_fields(struct reading *r, const struct writ_value *value)
{
	for (size_t i = 0; i < value->n_fields; i++)
		for (size_t k = 0; k < value->fields[i].n; k++)
			reading_add(r, "%s%s=%s", i + k > 0 ? "," : "{", value->fields[i].name,
				    value->fields[i].values[k]);
	if (value->n_fields > 0)
		reading_add(r, "}");
}

static inline void reading_add_option(struct reading *r, const struct writ_occurrence *o)
{
	const char *dashes = o->option->word ? "" : o->option->name[1] ? "--" : "-";

	reading_add(r, " %s%s", dashes, o->option->name);
	if (o->absent)
		reading_add(r, "()");
	else if (o->option->type)
		reading_add(r, "=%s", o->value.normal);
	else if (!o->value.number.boolean)
		reading_add(r, "=false");
	reading_add_fields(r, &o->value);
}

static inline void reading_add_operand(struct reading *r, const struct writ_parsed_operand *o)
{
	if (!o->operand->command) {
		reading_add(r, " %s=%s", o->operand->name, o->value.normal);
		reading_add_fields(r, &o->value);
		return;
	}
	reading_add(r, " %s=[", o->operand->name);
	for (size_t i = 0; i < o->n_rest; i++)
		reading_add(r, "%s%s", i > 0 ? "," : "", o->rest[i]);
	reading_add(r, "]");
}

/* The line for one vector. Every string is copied to its own piece of memory first, so that a
 * sanitizer sees a reader that goes beyond its end. */
static inline const char *reading_of(struct reading *r, const char *const *words)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_parsed parsed;
	char *argv[64];
	size_t argc = 0;

	assert_non_null(arena);
	assert_non_null(r->root);
	for (; words[argc]; argc++) {
		assert_true(argc < ARRAY_SIZE(argv) - 1);
		argv[argc] = strdup(words[argc]);
	}
	argv[argc] = NULL;
	r->out[0] = '\0';
	memset(&r->err, 0, sizeof(r->err));
	if (writ_parse(arena, r->root, argv, argc, &parsed, &r->err) < 0) {
		reading_add(r, "error: %s", r->err.message);
	} else {
		reading_add(r, "%s", parsed.command->path);
		for (size_t i = 0; i < parsed.n_options; i++)
			reading_add_option(r, &parsed.options[i]);
		for (size_t i = 0; i < parsed.n_operands; i++)
			reading_add_operand(r, &parsed.operands[i]);
	}
	while (argc > 0)
		free(argv[--argc]);
	writ_arena_free(arena);
	return r->out;
}

struct reading_row {
	const char *name;
	const char *words[READING_WORDS + 1];
	const char *want; /* the whole line */
};

static inline void reading_check(const char *file, const struct reading_row *rows, size_t n)
{
	struct table t = {0};
	struct reading r;

	reading_open(&r, file);
	if (!r.root)
		fail_msg("the command file does not load: %s: %s", r.err.path, r.err.message);
	for (size_t i = 0; i < n; i++)
		table_string(&t, rows[i].name, "reading", reading_of(&r, rows[i].words),
			     rows[i].want);
	reading_close(&r);
	table_done(&t);
}
