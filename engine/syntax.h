/* SPDX-License-Identifier: ISC */
/*
 * The inside of writ_parse: one scan walks an argument vector from the program's name down through
 * its subcommands, each level read by the syntax of its command. Only parse.c and syntax_*.c
 * include this.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parsed.h"
#include "truth.h"

/* Deepest nesting that a command file can have, the program included, and one more. */
#define WRIT_SCAN_DEPTH 18

struct writ_scan {
	struct writ_arena *arena;
	struct writ_error *err;
	struct writ_parsed *parsed;
	size_t room; /* occurrences that parsed->options has place for */
	char *const *argv;
	size_t argc;
	size_t at;                          /* the next word to read */
	const struct writ_command *command; /* whose options are being read */
	const char *typed[WRIT_SCAN_DEPTH]; /* the words that led there, as typed */
	size_t n_typed;
	char *const *words; /* operands: a part of argv, or collected */
	char **collected;   /* NULL: words is a part of argv */
	size_t n_words;
	bool verbatim; /* getopt: all that follows is operands, "--" too */
	size_t first;  /* cobra: the first word that it is given */
	bool dashed;   /* pflag, clap: "--" was given, behind n_before words */
	size_t n_before;
	/* getopt_long */
	bool negated;                /* the program's negation stands before the next option */
	struct writ_modules modules; /* of the program's, those that options have loaded */
	bool unknown_module;         /* one was loaded that the file does not know */
	bool loaded; /* any was, which may have options that the file does not list */
};

/* Reads from scan->at as scan->command does. 1: the next level is to be read, scan->command being
 * the subcommand now; 0: everything is read; -1 with an error. */
typedef int writ_syntax_reader(struct writ_scan *scan);
writ_syntax_reader writ_syntax_pflag, writ_syntax_getopt, writ_syntax_goflag, writ_syntax_literal,
	writ_syntax_clap;

/* Whether the next operand may be the name of a subcommand. */
bool writ_scan_may_descend(const struct writ_scan *scan);

/* What follows is no command of scan->command, which takes nothing else. Always -1. */
int writ_scan_no_command(struct writ_scan *scan, const char *word);

/* Goes down to the subcommand of that name: 1. If there is none: 0 where the command also takes
 * operands, else -1 with an error. */
int writ_scan_descend(struct writ_scan *scan, const char *word);

/* An option was given, with this text; NULL: alone (a flag), or without its optional value. */
int writ_scan_option(struct writ_scan *scan, const struct writ_option *option, const char *text);

/* An option was given whose value is the next word, whatever that is. */
int writ_scan_option_next(struct writ_scan *scan, const struct writ_option *option);

/* Whether the next word is one that the option's `next` describes; WRIT_UNSURE with an error. */
enum writ_truth writ_scan_is_next(struct writ_scan *scan, const struct writ_option *option);

/* The words become the command's operands. 0, or -1 with an error. */
int writ_scan_assign(struct writ_scan *scan);

/* One operand; all remaining words as operands. */
int writ_scan_operand(struct writ_scan *scan, char *word);
int writ_scan_rest(struct writ_scan *scan);

/* pflag: reads options from scan->at on. What ended them, scan->at being behind it, or at the
 * operand; -1 with an error. */
enum writ_pflag_stop {
	WRIT_PFLAG_END = 0,
	WRIT_PFLAG_OPERAND,
	WRIT_PFLAG_DASHES,
};
int writ_pflag_options(struct writ_scan *scan);

/* pflag: reads all that remains as scan->command's options and operands. 0, or -1 with an error. */
int writ_pflag_rest(struct writ_scan *scan);

/* Refusals. The message begins with the command as typed; the format goes on with ": …" or " has
 * …". Always -1. */
int writ_scan_fail(struct writ_scan *scan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int writ_scan_unknown_long(struct writ_scan *scan, const char *dashes, const char *name,
			   size_t length);
int writ_scan_unknown_short(struct writ_scan *scan, char letter);
int writ_scan_no_value(struct writ_scan *scan, const struct writ_option *option);

int writ_scan_no_memory(struct writ_scan *scan);

/* The error at hand says what a type would not read: the option's or operand's name goes before it.
 */
int writ_scan_fail_value(struct writ_scan *scan, const char *name);

/* Text from the command line, made fit for a message; never NULL. */
const char *writ_scan_show(const struct writ_scan *scan, const char *text);

/* "--name" or "-n", as people write the option. */
const char *writ_scan_spell(const struct writ_scan *scan, const struct writ_option *option);
