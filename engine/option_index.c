/* SPDX-License-Identifier: ISC */
/* How a command's options are found: by name, and by letter. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "command_load.h"
#include "error.h"
#include "json.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct writ_option_name *)a)->name,
		      ((const struct writ_option_name *)b)->name);
}

static int twice(struct writ_load *load, const struct writ_json *json,
		 const struct writ_option_name *name)
{
	const struct writ_json *member = writ_json_get(json, name->option->name);

	return writ_json_error(member ? member : json, load->err, "two options are called '%s'",
			       name->name);
}

/* All names of more than a letter, sorted; none twice. */
static int index_names(struct writ_load *load, const struct writ_json *json,
		       struct writ_command *command)
{
	struct writ_option_name *names;
	size_t n = command->n_options, used = 0;
	bool sorted = true;

	for (size_t i = 0; i < command->n_options; i++)
		n += command->options[i].n_aliases + (command->options[i].negated != NULL);
	names = writ_arena_alloc(load->arena, n, sizeof(*names));
	if (!names)
		return no_memory(json, load->err);
	for (size_t i = 0; i < command->n_options; i++) {
		const struct writ_option *option = &command->options[i];

		if (option->long_form || option->name[1])
			names[used++] = (struct writ_option_name) {option->name, option};
		for (size_t k = 0; k < option->n_aliases; k++) {
			names[used++] = (struct writ_option_name) {option->aliases[k], option};
			sorted = false;
		}
		if (option->negated) {
			names[used++] =
				(struct writ_option_name) {option->negated->name, option->negated};
			sorted = false;
		}
	}
	if (!sorted)
		qsort(names, used, sizeof(*names), compare_names);
	for (size_t i = 1; i < used && !sorted; i++) /* only an alias can be a second one */
		if (strcmp(names[i - 1].name, names[i].name) == 0)
			return twice(load, json, &names[i]);
	command->names = names;
	command->n_names = used;
	return 0;
}

static int index_letters(struct writ_load *load, const struct writ_json *json,
			 struct writ_command *command)
{
	const struct writ_option **options;
	char letters[128];
	size_t n = 0;

	for (size_t i = 0; i < command->n_options; i++) {
		char letter = command->options[i].short_letter;

		if (letter && memchr(letters, letter, n))
			return writ_json_error(writ_json_get(json, command->options[i].name),
					       load->err, "two options have the letter '%c'",
					       letter);
		if (letter)
			letters[n++] = letter;
	}
	options = writ_arena_alloc(load->arena, n, sizeof(*options));
	command->letters = writ_arena_strndup(load->arena, letters, n);
	command->letter_options = options;
	if (!options || !command->letters)
		return no_memory(json, load->err);
	for (size_t i = 0; i < command->n_options; i++)
		if (command->options[i].short_letter)
			options[command->n_letters++] = &command->options[i];
	return 0;
}

int writ_load_index_options(struct writ_load *load, const struct writ_json *json,
			    struct writ_command *command)
{
	if (index_names(load, json, command) < 0)
		return -1;
	return index_letters(load, json, command);
}
