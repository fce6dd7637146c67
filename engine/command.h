/* SPDX-License-Identifier: ISC */
/*
 * Command files: how a program reads its own arguments. One `struct writ_command` per command and
 * subcommand, linked into a tree; `same_as` is resolved when the file is loaded.
 * The format is described in writ_policy(5) and policies/schema/command.schema.json.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

struct writ_arena;
struct writ_error;
struct writ_json;
struct writ_regex;

enum writ_syntax {
	WRIT_SYNTAX_LITERAL = 0,
	WRIT_SYNTAX_PFLAG,
	WRIT_SYNTAX_GETOPT,
	WRIT_SYNTAX_GETOPT_LONG,
	WRIT_SYNTAX_GOFLAG,
	WRIT_SYNTAX_CLAP,
};

/* What an option can do to the host. Unjudged options are PRIVILEGE, hence 0. */
enum writ_class {
	WRIT_CLASS_PRIVILEGE = 0,
	WRIT_CLASS_DISPLAY,
	WRIT_CLASS_LIMIT,
	WRIT_CLASS_DETAIL,
	WRIT_CLASS_READ,
	WRIT_CLASS_WRITE,
	WRIT_CLASS_EXEC,
	WRIT_CLASS_REMOTE,
};

/* Modules of a program: a set of indices into its `modules`. */
#define WRIT_MODULES_MAX 128
struct writ_modules {
	uint64_t bits[WRIT_MODULES_MAX / 64];
};

struct writ_option {
	const char *name;  /* the long name, or the letter where it has no long one */
	bool long_form;    /* it can be given as a long option (--name; goflag: -name too) */
	char short_letter; /* 0: none */
	const char *const *aliases; /* further long names, n_aliases of them */
	size_t n_aliases;
	/* NULL: a flag, whose occurrences are of writ_type_bool */
	const struct writ_value_type *type;
	bool optional;           /* the value may be left out */
	struct writ_regex *next; /* with optional: the next word is the value if it matches whole */
	bool repeat;
	bool here; /* not inherited by subcommands */
	enum writ_class class;
	const struct writ_command *owner;
	/* What few programs have. */
	bool word; /* no name is typed for it: a word `behind` another option's value, or negated */
	bool loads;     /* its value names a module, whose options follow */
	bool of_module; /* it is read only behind one of `modules` */
	struct writ_modules modules;
	const struct writ_option *second;  /* the next word, behind this one's value */
	const struct writ_option *negated; /* what it is with the program's negation before it */
	const struct writ_operand *instead_of; /* given this option, that operand is not */
};

struct writ_operand {
	const char *name;                   /* "CONTAINER" */
	const struct writ_value_type *type; /* writ_type_string by default */
	bool optional;
	bool repeat;
	bool command; /* COMMAND...: everything that remains, as a command line of its own */
	bool dashes;  /* what stands behind "--", and nothing else */
};

/* One long name that an option can be typed by: its own or an alias. */
struct writ_option_name {
	const char *name;
	const struct writ_option *option;
};

struct writ_command {
	const char *name;                   /* "run" */
	const char *path;                   /* "docker container run" */
	const struct writ_command *parent;  /* NULL: the program itself */
	const struct writ_command *program; /* the root of this tree */
	enum writ_syntax syntax;
	bool interspersed; /* options may follow operands */
	bool complete;     /* every long option is listed: abbreviations can be judged */
	bool w_is_long;    /* getopt_long: "-W NAME" is "--NAME" ("W;" in its option string) */
	bool runnable; /* false: a group alone, such as `docker container`: it has subcommands and
			* its file gives it no `operands` (an empty list makes it runnable) */
	const struct writ_option *options; /* own ones, sorted by name */
	size_t n_options;
	const struct writ_option_name *names; /* long names and aliases of options, sorted */
	size_t n_names;
	const char *letters; /* their short letters, and in step with it the options */
	const struct writ_option *const *letter_options;
	size_t n_letters;
	const struct writ_operand *operands;
	size_t n_operands;
	/* Sorted by name; targets of same_as are shared. In step with them, the names typed. */
	const struct writ_command *const *subcommands;
	const char *const *subcommand_names;
	size_t n_subcommands;
	const struct writ_option *digits; /* `tail -50`: the option that -N stands for */
	/* root only */
	bool traverse;               /* pflag: options before a subcommand's name are its parent's
					(TraverseChildren) */
	const char *const *programs; /* absolute paths */
	size_t n_programs;
	const char *negation;       /* getopt_long: the word that negates the option behind it */
	const char *const *modules; /* getopt_long: what options can be `of`; what `loads` one */
	size_t n_modules;
	const char *checked_with;
};

/* Builds the tree of one command file from its JSON, which may go afterwards: everything in the
 * tree is the arena's. NULL with err (file, line, JSON path) on anything unknown, doubtful or
 * double. */
const struct writ_command *writ_command_parse(struct writ_arena *arena,
					      const struct writ_json *json, struct writ_error *err);

/* Subcommand of that name (or alias by same_as), or NULL. */
const struct writ_command *writ_command_sub(const struct writ_command *command, const char *name);

/* The index of that subcommand, its name being length bytes; n_subcommands if there is none. */
size_t writ_command_sub_index(const struct writ_command *command, const char *name, size_t length);

/* The command that people write as words ("docker container run", "docker run"), below root;
 * NULL if there is none. */
const struct writ_command *writ_command_find(const struct writ_command *root, const char *words);

/* An option that can be given to this command, by its plain name ("host": own first, then the
 * nearest parent's) or in full ("docker --host"); NULL if there is none. Aliases count. With
 * any_level, `here` options of parents count too (rules name those), otherwise not (arguments after
 * the subcommand). */
const struct writ_option *writ_command_option(const struct writ_command *command, const char *name,
					      bool any_level);

/* The same for reading arguments: the option by long name of length bytes, or by short letter,
 * as typed at this command. */
const struct writ_option *writ_command_long(const struct writ_command *command, const char *name,
					    size_t length);
const struct writ_option *writ_command_short(const struct writ_command *command, char letter);

/* For abbreviations: the index of the first of the command's own long names that is not before this
 * one of length bytes; those that it abbreviates follow from there. */
size_t writ_command_names_from(const struct writ_command *command, const char *name, size_t length);

/* Operand by name, or NULL. */
const struct writ_operand *writ_command_operand(const struct writ_command *command,
						const char *name);

/* What people write before the option's name: "--", "-", or nothing. */
const char *writ_option_dashes(const struct writ_option *option);

/* Adds the program's module of this name to the set; false if it has none. */
bool writ_command_add_module(const struct writ_command *command, const char *name,
			     struct writ_modules *modules);
bool writ_modules_meet(const struct writ_modules *a, const struct writ_modules *b);

const char *writ_class_to_string(enum writ_class class);
int writ_class_from_string(const char *name, enum writ_class *ret);
