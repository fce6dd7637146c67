/* SPDX-License-Identifier: ISC */
/*
 * What every subcommand of writ shares: its row in the table of subcommands, its options (the
 * parser and --help read the same rows), the exit status, and how errors are printed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_error;

/* Exit status: policy-language.md, "The command line that others rely on". */
enum cli_status {
	CLI_YES = 0,    /* allow; all tests hold */
	CLI_NO = 1,     /* deny; a test fails */
	CLI_FAILED = 2, /* usage, a policy that cannot be loaded, output that cannot be written */
};

/* The values of an option that takes several. items is the caller's to free, once they were read.
 */
struct cli_values {
	const char **items;
	size_t n;
};

/* One option: "--name", "--name VALUE". What --help calls the value ends with "..." if the option
 * takes every word up to the next option and may be given again. */
struct cli_option {
	const char *name;
	const char *value; /* NULL: a flag */
	size_t offset; /* in the subcommand's struct: a const char *, a struct cli_values, a bool */
	const char *doc;
};

struct cli_command {
	const char *name;
	const char *operands; /* as --help shows them: "-- ARGV..." */
	const char *doc;      /* one line */
	const struct cli_option *options;
	size_t n_options;
	const char *letters; /* their short forms, a letter each in the same order, a blank where
				there is none; NULL: none has one */
	bool mixed; /* options may follow operands; otherwise the first operand ends them */
	/* argv holds what follows the subcommand's name. Returns the exit status. */
	enum cli_status (*run)(const struct cli_command *self, int argc, char **argv);
};

extern const struct cli_command cli_check;
extern const struct cli_command cli_forward;
extern const struct cli_command cli_grammar;
extern const struct cli_command cli_lint;
extern const struct cli_command cli_log;
extern const struct cli_command cli_parse;
extern const struct cli_command cli_replay;
extern const struct cli_command cli_report;
extern const struct cli_command cli_show_command;
extern const struct cli_command cli_sessions;
extern const struct cli_command cli_test;

/* Reads the options of argv into the struct at args (zeroed, or with the defaults) and moves the
 * operands to the front of argv, a "--" between them left out. True with *ret_n operands; false if
 * the caller is to return *ret_status: a usage error was printed, or --help was asked for. */
bool cli_options_read(const struct cli_command *command, int argc, char **argv, void *args,
		      int *ret_n, enum cli_status *ret_status);

/* "usage: writ check [--policy FILE] … -- ARGV..." and a line for each option. */
void cli_usage(const struct cli_command *command, bool to_stderr);

/* Prints "writ check: MESSAGE" and where help is to be had, on standard error. Always CLI_FAILED.
 */
enum cli_status cli_usage_error(const struct cli_command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints "FILE:LINE: $.path: message" ("writ: message" where no file is named). Always CLI_FAILED.
 */
enum cli_status cli_error(const struct writ_error *err);
