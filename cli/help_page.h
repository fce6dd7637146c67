/* SPDX-License-Identifier: ISC */
/* A program's help text, taken apart: cobra's and GNU's forms. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;

enum help_kind { HELP_FLAG, HELP_VALUE, HELP_OPTIONAL };

struct help_option {
	const char *name; /* the long name; NULL: it has none */
	char letter;      /* 0: none */
	enum help_kind kind;
	const char *word; /* what help calls the value; NULL for a flag */
	struct help_option *next;
};

struct help_word {
	const char *text;
	struct help_word *next;
};

struct help_page {
	bool cobra;        /* its form: cobra's (docker, kubectl, …); otherwise GNU's */
	const char *usage; /* NULL: none found */
	struct help_option *options;
	struct help_word *commands; /* not those that end in "*": docker's plugins */
	struct help_word *aliases;
	struct help_word *unread; /* lines that look like options and cannot be read */
};

/* cobra: the form is known to be cobra's; otherwise it is told from the text. From the arena; NULL
 * without memory. */
const struct help_page *help_page_parse(struct writ_arena *arena, const char *text, bool cobra);
