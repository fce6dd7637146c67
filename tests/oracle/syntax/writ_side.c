/* SPDX-License-Identifier: ISC */
/* The same reading by writ's engine: the command file is loaded and the vector parsed, as for a
 * request. */
#include "arena.h"
#include "command.h"
#include "error.h"
#include "json.h"
#include "parsed.h"
#include "reading.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct writ_side {
	struct writ_arena *arena;   /* the command file's */
	struct writ_arena *scratch; /* one vector's */
	const struct writ_command *root;
	bool sorted; /* a peer that does not tell in what order options were given */
};

static const struct writ_command *load(struct writ_arena *arena, const struct table *table,
				       struct writ_error *err)
{
	const struct writ_json *json;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const struct writ_command *root;

	if (!out)
		abort();
	table_write_json(table, out);
	fclose(out);
	json = writ_json_parse(arena, "table", text, size, err);
	root = json ? writ_command_parse(arena, json, err) : NULL;
	free(text);
	return root;
}

struct writ_side *writ_side_new(const struct table *table, char *error, size_t size)
{
	struct writ_side *side = calloc(1, sizeof(*side));
	struct writ_error err = {0};

	if (!side)
		abort();
	side->arena = writ_arena_new();
	side->scratch = writ_arena_new();
	if (!side->arena || !side->scratch)
		abort();
	side->root = load(side->arena, table, &err);
	side->sorted = table->mode->clap;
	if (side->root)
		return side;
	writ_error_string(&err, error, size);
	writ_side_free(side);
	return NULL;
}

void writ_side_free(struct writ_side *side)
{
	if (!side)
		return;
	writ_arena_free(side->arena);
	writ_arena_free(side->scratch);
	free(side);
}

/* What the engine made of an option's text. */
static const char *plain(const struct writ_occurrence *occurrence, char number[24])
{
	const struct writ_value *value = &occurrence->value;

	if (!occurrence->option->type)
		return value->number.boolean ? "true" : "false";
	if (value->type->kind != WRIT_VALUE_DURATION || occurrence->absent)
		return value->normal;
	snprintf(number, 24, "%" PRId64, value->number.integer);
	return number;
}

/* By owner and name; those of one name stay in order. */
static void sort_options(struct writ_parsed *parsed)
{
	for (size_t i = 1; i < parsed->n_options; i++) {
		struct writ_occurrence moved = parsed->options[i];
		size_t k = i;

		for (; k > 0; k--) {
			const struct writ_option *before = parsed->options[k - 1].option;
			int order = strcmp(before->owner->path, moved.option->owner->path);

			if (order < 0 ||
			    (order == 0 && strcmp(before->name, moved.option->name) <= 0))
				break;
			parsed->options[k] = parsed->options[k - 1];
		}
		parsed->options[k] = moved;
	}
}

static void add_parsed(const struct writ_parsed *parsed, struct reading *ret)
{
	char number[24];

	reading_add(ret, parsed->command->path);
	snprintf(number, sizeof(number), "%zu", parsed->n_options);
	reading_add(ret, number);
	for (size_t i = 0; i < parsed->n_options; i++) {
		const struct writ_occurrence *occurrence = &parsed->options[i];

		reading_add(ret, occurrence->option->owner->path);
		reading_add(ret, occurrence->option->name);
		reading_add(ret, occurrence->absent ? "absent" : "value");
		reading_add(ret, occurrence->value.text);
		reading_add(ret, plain(occurrence, number));
	}
	for (size_t i = 0; i < parsed->n_operands; i++) {
		const struct writ_parsed_operand *operand = &parsed->operands[i];

		if (!operand->operand->command)
			reading_add(ret, operand->value.text);
		for (size_t k = 0; k < operand->n_rest; k++)
			reading_add(ret, operand->rest[k]);
	}
}

void writ_side_read(struct writ_side *side, const struct vector *vector, struct reading *ret)
{
	struct writ_error err = {0};
	struct writ_parsed parsed;
	char name[] = "p", *argv[VECTOR_WORDS + 2] = {name};

	memset(ret, 0, sizeof(*ret));
	/* Each word in memory of its own: a sanitizer sees a reader that goes beyond its end. */
	for (size_t i = 0; i < vector->n; i++) {
		argv[i + 1] = strdup(vector->words[i]);
		if (!argv[i + 1])
			abort();
	}
	ret->read = writ_parse(side->scratch, side->root, argv, vector->n + 1, &parsed, &err) == 0;
	if (ret->read && side->sorted)
		sort_options(&parsed);
	if (ret->read)
		add_parsed(&parsed, ret);
	else
		reading_add(ret, err.message);
	for (size_t i = 0; i < vector->n; i++)
		free(argv[i + 1]);
	writ_arena_reset(side->scratch);
}
