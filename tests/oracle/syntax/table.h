/* SPDX-License-Identifier: ISC */
/*
 * How one imagined program reads its arguments: made at random, told to writ as a command file and
 *to a peer as a record. The record's fields behind "table", numbers in decimal, truths as 0 or 1:
 *
 *	READER PREFIX COMPLETE W DIGITS COMMAND
 *	(PREFIX and, if W, "W;" are for getopt's option string; DIGITS: an option's name, or empty)
 *	COMMAND: NAME ALIAS INTERSPERSED RUNNABLE MIN MAX  N OPTION×N  N COMMAND×N
 *	OPTION:  OWN  N NAME×N LETTER KIND TYPE NEXT HERE LISTED
 *	(for clap DASHES stands behind MAX, and REPEAT and SECOND stand behind LISTED)
 *
 * MIN and MAX bound the operands (MAX -1: any number); OWN is what rules call the option, NAMEs are
 *the long names that it can be given by; KIND is flag, required or optional; TYPE is string, list,
 *int or duration. LISTED is 0 for what the command file does not have. DASHES: any number of words
 *behind "--" are operands of their own. SECOND: a second word behind the value is OWN/2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dice.h"
#include "mode.h"

#define TABLE_NAMES 3
#define TABLE_NAME_SIZE 24
#define TABLE_OPTIONS 12
#define TABLE_SUBS 4

enum table_kind {
	TABLE_FLAG,
	TABLE_REQUIRED,
	TABLE_OPTIONAL,
};

struct table_option {
	char own[TABLE_NAME_SIZE];                /* its name in rules */
	char names[TABLE_NAMES][TABLE_NAME_SIZE]; /* the long names that it can be given by */
	size_t n_names;
	char letter; /* 0: none */
	enum table_kind kind;
	const char *type;
	const char *next; /* "": the next word never is the value */
	bool here;
	bool listed;
	bool repeat;
	bool second; /* two words are its values */
};

struct table_operands {
	const char *json; /* the value of `operands`; NULL: there is none */
	int min, max;
	bool dashes; /* what stands behind "--" counts by itself */
};

struct table_command {
	char name[TABLE_NAME_SIZE];
	char alias[TABLE_NAME_SIZE]; /* a second name beside it; "": none */
	bool interspersed;
	const struct table_operands *operands;
	struct table_option options[TABLE_OPTIONS];
	size_t n_options;
	struct table_command *subs[TABLE_SUBS];
	size_t n_subs;
	const struct table_command *parent;
};

struct table {
	const struct mode *mode;
	struct table_command *root;
	char digits[TABLE_NAME_SIZE]; /* the option that -N stands for, or "" */
	bool lists;                   /* some option is of type list: its values are CSV */
};

struct table *table_new(struct dice *dice, const struct mode *mode);
void table_free(struct table *table);
void table_command_free(struct table_command *command);

/* The options that can be given to the command: its own, and those of commands above it that are
 * not `here`, an own name hiding theirs. At most max of them; how many. */
size_t table_visible(const struct table_command *command, const struct table_option **ret,
		     size_t max);

/* Of these, the ones that a subcommand without options would know. */
size_t table_inherited(const struct table_command *command, const struct table_option **ret,
		       size_t max);

bool table_has_name(const struct table_option *option, const char *name);

/* Whether an option of this command or of one above it has the name. */
bool table_is_taken(const struct table_command *command, const char *name);

/* As the command file, in JSON on one line; as a record for a peer. */
void table_write_json(const struct table *table, FILE *out);
void table_write_record(const struct table *table, FILE *out);
