/* SPDX-License-Identifier: ISC */
/* What the readers of command files share while a tree is being built. Only command_*.c include
 * this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "command.h"

/* A `same_as` that waits for the rest of the tree. */
struct writ_load_alias {
	const struct writ_json *json; /* the value of same_as */
	const char *words;            /* its text, the path below the program */
	const struct writ_command *command;
	size_t index; /* of the subcommand in command */
	bool visited;
	struct writ_load_alias *next;
};

struct writ_load {
	struct writ_arena *arena;
	struct writ_error *err;
	struct writ_command *root;
	struct writ_load_alias *aliases;
	bool has_links; /* whether an option of the command names another one, or an operand */
};

/* A command without content below its parent (NULL: the program), or NULL without memory. */
struct writ_command *writ_load_new(struct writ_load *load, const struct writ_command *parent,
				   const char *name);

/* Everything in a command's object. 0 or -1 with load->err. */
int writ_load_command(struct writ_load *load, const struct writ_json *json,
		      struct writ_command *command);

/* Puts the commands in place that aliases stand for, when all are there. json: the file's object.
 */
int writ_load_aliases(struct writ_load *load, const struct writ_json *json);

/* The values under the keys of these names, into the command. Each 0 or -1 with load->err. */
int writ_load_options(struct writ_load *load, const struct writ_json *json,
		      struct writ_command *command);
/* How the command's options are found; json: the object that they are read from. */
int writ_load_index_options(struct writ_load *load, const struct writ_json *json,
			    struct writ_command *command);

/* The program's word that negates, and the names of its modules: before the options that refer to
 * them; and whether its syntax has them. */
int writ_load_words(struct writ_load *load, const struct writ_json *json,
		    struct writ_command *root);
int writ_load_check_words(const struct writ_json *json, const struct writ_command *root,
			  struct writ_error *err);

/* Links options to what their keys name, when the command's options and operands are all there. */
int writ_load_links(struct writ_load *load, const struct writ_json *options,
		    struct writ_command *command);
int writ_load_operands(struct writ_load *load, const struct writ_json *json,
		       struct writ_command *command);
int writ_load_subcommands(struct writ_load *load, const struct writ_json *json,
			  struct writ_command *command);

/* The members of an object by key. NULL with load->err. */
const struct writ_json **writ_load_sorted(struct writ_load *load, const struct writ_json *json);

/* "unknown WHAT 'name' (did you mean 'nearest'?)". Always -1. */
int writ_load_unknown(const struct writ_json *json, const char *name, const char *what,
		      const char *const *known, size_t n, struct writ_error *err);

/* A type by name. NULL with err at json. */
const struct writ_value_type *writ_load_type(const struct writ_json *json, const char *name,
					     struct writ_error *err);

/* Printable, not empty, and without blanks. */
bool writ_load_is_word(const char *s);
