/* SPDX-License-Identifier: ISC */
/* Command files: JSON → tree. Loaded at every request of a subject, so no work is done twice. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command_load.h"
#include "error.h"
#include "json.h"
#include "text.h"

static int no_memory(const struct writ_json *json, struct writ_error *err)
{
	return writ_json_error(json, err, "out of memory");
}

/* The keys of a command's object. */
#define COMMON_FIELDS                                                                              \
	{"interspersed", false, NULL}, {"complete", false, NULL}, {"options", false, NULL},        \
		{"operands", false, NULL}, {"subcommands", false, NULL}, {"digits", false, NULL},  \
	{                                                                                          \
		"w_is_long", false, NULL                                                           \
	}
static const struct writ_json_field root_fields[] = {
	{"command", true, NULL},
	{"programs", true, NULL},
	{"syntax", true, NULL},
	{"checked_with", false, NULL},
	COMMON_FIELDS,
	{"traverse", false, NULL},
	{"negation", false, NULL},
	{"modules", false, NULL},
};
static const struct writ_json_field sub_fields[] = {
	{"syntax", false, NULL},
	COMMON_FIELDS,
};

static int load_syntax(const struct writ_json *json, enum writ_syntax *ret, struct writ_error *err)
{
	static const char *const names[] = {
		[WRIT_SYNTAX_LITERAL] = "literal", [WRIT_SYNTAX_PFLAG] = "pflag",
		[WRIT_SYNTAX_GETOPT] = "getopt",   [WRIT_SYNTAX_GETOPT_LONG] = "getopt_long",
		[WRIT_SYNTAX_GOFLAG] = "goflag",   [WRIT_SYNTAX_CLAP] = "clap",
	};
	const char *name = NULL;

	if (writ_json_string(json, &name, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*ret = (enum writ_syntax)i;
			return 0;
		}
	}
	return writ_load_unknown(json, name, "syntax", names, ARRAY_SIZE(names), err);
}

int writ_load_unknown(const struct writ_json *json, const char *name, const char *what,
		      const char *const *known, size_t n, struct writ_error *err)
{
	const char *nearest = writ_text_nearest(name, known, n);

	return writ_json_error(json, err, "unknown %s '%s'%s%s%s", what, name,
			       nearest ? " (did you mean '" : "", nearest ? nearest : "",
			       nearest ? "'?)" : "");
}

/* A word that is typed, or part of one that rules name: printable, without blanks. */
bool writ_load_is_word(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s == 0x7f)
			return false;
	return true;
}

static int compare_members(const void *a, const void *b)
{
	return strcmp((*(const struct writ_json *const *)a)->key,
		      (*(const struct writ_json *const *)b)->key);
}

const struct writ_json **writ_load_sorted(struct writ_load *load, const struct writ_json *json)
{
	const struct writ_json **members =
		writ_arena_alloc(load->arena, json->length, sizeof(*members));
	bool sorted = true;
	size_t n = 0;

	if (json->type != WRIT_JSON_OBJECT) {
		writ_json_error(json, load->err, "expected an object, not %s",
				writ_json_type_name(json));
		return NULL;
	}
	if (!members) {
		no_memory(json, load->err);
		return NULL;
	}
	writ_each (member, json) {
		if (n > 0 && strcmp(members[n - 1]->key, member->key) >= 0)
			sorted = false;
		members[n++] = member;
	}
	if (!sorted)
		qsort(members, n, sizeof(*members), compare_members);
	return members;
}

static bool permutes(enum writ_syntax syntax)
{
	return syntax == WRIT_SYNTAX_PFLAG || syntax == WRIT_SYNTAX_GETOPT_LONG ||
	       syntax == WRIT_SYNTAX_CLAP;
}

/* Whether options may follow operands: by the file, or as the syntax has it. */
static int load_interspersed(const struct writ_json *json, struct writ_command *command,
			     struct writ_error *err)
{
	command->interspersed = permutes(command->syntax);
	if (!json)
		return 0;
	if (writ_json_bool(json, &command->interspersed, err) < 0)
		return -1;
	if (command->interspersed && command->syntax != WRIT_SYNTAX_GETOPT &&
	    !permutes(command->syntax))
		return writ_json_error(json, err, "in this syntax no option can follow an operand");
	if (!command->interspersed && command->syntax == WRIT_SYNTAX_CLAP)
		return writ_json_error(json, err, "in this syntax options may always do so");
	return 0;
}

/* Whether -W stands before the name of a long option; handed down. */
static int load_w_is_long(const struct writ_json *json, struct writ_command *command,
			  struct writ_error *err)
{
	const struct writ_json *member = writ_json_get(json, "w_is_long");

	if (member && writ_json_bool(member, &command->w_is_long, err) < 0)
		return -1;
	if (member && command->w_is_long && command->syntax != WRIT_SYNTAX_GETOPT_LONG)
		return writ_json_error(member, err, "only getopt_long programs have it");
	command->w_is_long = command->w_is_long && command->syntax == WRIT_SYNTAX_GETOPT_LONG;
	if (command->w_is_long && writ_command_short(command, 'W'))
		return writ_json_error(json, err, "with w_is_long no option has the letter W");
	return 0;
}

/* What is read in the order of dependence, not of the file: options need the syntax. */
static int load_body(struct writ_load *load, const struct writ_json *json,
		     struct writ_command *command)
{
	const struct writ_json *syntax = writ_json_get(json, "syntax");
	const struct writ_json *complete = writ_json_get(json, "complete");
	const struct writ_json *options = writ_json_get(json, "options");
	const struct writ_json *operands = writ_json_get(json, "operands");
	const struct writ_json *subcommands = writ_json_get(json, "subcommands");

	if (syntax && load_syntax(syntax, &command->syntax, load->err) < 0)
		return -1;
	if (load_interspersed(writ_json_get(json, "interspersed"), command, load->err) < 0)
		return -1;
	if (complete && writ_json_bool(complete, &command->complete, load->err) < 0)
		return -1;
	if (options && writ_load_options(load, options, command) < 0)
		return -1;
	if (load_w_is_long(json, command, load->err) < 0)
		return -1;
	if (operands && writ_load_operands(load, operands, command) < 0)
		return -1;
	if (options && writ_load_links(load, options, command) < 0)
		return -1;
	if (subcommands && writ_load_subcommands(load, subcommands, command) < 0)
		return -1;
	command->runnable = operands || command->n_subcommands == 0;
	return 0;
}

/* `tail -50`: the option that -N stands for. */
static int load_digits(struct writ_load *load, const struct writ_json *json,
		       struct writ_command *command)
{
	const char *name = NULL;

	if (!json)
		return 0;
	if (writ_json_string(json, &name, load->err) < 0)
		return -1;
	command->digits = writ_command_option(command, name, false);
	if (!command->digits)
		return writ_json_error(json, load->err, "there is no option '%s'", name);
	if (!command->digits->type)
		return writ_json_error(json, load->err, "the option '%s' takes no value", name);
	if (command->syntax != WRIT_SYNTAX_GETOPT && command->syntax != WRIT_SYNTAX_GETOPT_LONG)
		return writ_json_error(json, load->err, "only getopt programs have -N");
	return 0;
}

struct writ_command *writ_load_new(struct writ_load *load, const struct writ_command *parent,
				   const char *name)
{
	struct writ_command *command = writ_arena_alloc(load->arena, 1, sizeof(*command));
	size_t above = parent ? strlen(parent->path) + 1 : 0, length = strlen(name);
	char *path = writ_arena_alloc(load->arena, above + length + 1, 1);

	if (!command || !path)
		return NULL;
	if (parent) {
		memcpy(path, parent->path, above - 1);
		path[above - 1] = ' ';
		command->syntax = parent->syntax;
		command->complete = parent->complete;
		command->w_is_long = parent->w_is_long;
	}
	memcpy(path + above, name, length + 1);
	command->name = path + above;
	command->path = path;
	command->parent = parent;
	command->program = parent ? parent->program : command;
	return command;
}

static int load_programs(struct writ_load *load, const struct writ_json *json,
			 struct writ_command *root)
{
	if (writ_json_strings(load->arena, json, false, &root->programs, &root->n_programs,
			      load->err) < 0)
		return -1;
	for (size_t i = 0; i < root->n_programs; i++)
		if (root->programs[i][0] != '/')
			return writ_json_error(json, load->err, "'%s' is no absolute path",
					       root->programs[i]);
	return 0;
}

/* Cobra's TraverseChildren; true where the file does not say. */
static int load_traverse(const struct writ_json *json, struct writ_command *root,
			 struct writ_error *err)
{
	root->traverse = true;
	if (!json)
		return 0;
	if (root->syntax != WRIT_SYNTAX_PFLAG)
		return writ_json_error(json, err, "only pflag programs have it");
	return writ_json_bool(json, &root->traverse, err);
}

int writ_load_command(struct writ_load *load, const struct writ_json *json,
		      struct writ_command *command)
{
	if (command->parent &&
	    writ_json_fields(json, sub_fields, ARRAY_SIZE(sub_fields), NULL, load->err) < 0)
		return -1;
	if (load_body(load, json, command) < 0)
		return -1;
	return load_digits(load, writ_json_get(json, "digits"), command);
}

static int load_root(struct writ_load *load, const struct writ_json *json)
{
	const struct writ_json *checked_with;
	const char *name = NULL, *version = NULL;

	if (writ_json_fields(json, root_fields, ARRAY_SIZE(root_fields), NULL, load->err) < 0 ||
	    writ_json_string(writ_json_get(json, "command"), &name, load->err) < 0)
		return -1;
	if (!writ_load_is_word(name) || strchr(name, '/'))
		return writ_json_error(writ_json_get(json, "command"), load->err,
				       "this is no name of a program");
	load->root = writ_load_new(load, NULL, name);
	if (!load->root)
		return no_memory(json, load->err);
	checked_with = writ_json_get(json, "checked_with");
	if (checked_with && writ_json_string(checked_with, &version, load->err) < 0)
		return -1;
	load->root->checked_with = version ? writ_arena_strdup(load->arena, version) : NULL;
	if (version && !load->root->checked_with)
		return no_memory(json, load->err);
	if (load_programs(load, writ_json_get(json, "programs"), load->root) < 0 ||
	    writ_load_words(load, json, load->root) < 0 ||
	    writ_load_command(load, json, load->root) < 0 ||
	    writ_load_check_words(json, load->root, load->err) < 0)
		return -1;
	if (load_traverse(writ_json_get(json, "traverse"), load->root, load->err) < 0)
		return -1;
	return writ_load_aliases(load, json);
}

const struct writ_command *writ_command_parse(struct writ_arena *arena,
					      const struct writ_json *json, struct writ_error *err)
{
	struct writ_load load = {.arena = arena, .err = err};

	return load_root(&load, json) < 0 ? NULL : load.root;
}
