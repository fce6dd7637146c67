/* SPDX-License-Identifier: ISC */
/* A table as the peer in C reads it from its record (table.h). Strings are its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "wire.h"

struct peer_command;

struct peer_option {
	char *own;
	char **names;
	size_t n_names;
	char letter; /* 0: none */
	char kind;   /* 'f'lag, 'r'equired, 'o'ptional */
	char *next;
	bool here, listed;
	const struct peer_command *owner;
};

struct peer_command {
	char *name, *alias;
	char *path; /* the names that lead here */
	bool interspersed, runnable;
	long min, max;
	struct peer_option *options;
	size_t n_options;
	struct peer_command *subs;
	size_t n_subs;
	const struct peer_command *parent;
};

struct peer_table {
	char *reader, *prefix, *digits;
	bool complete, w_is_long;
	struct peer_command root;
};

void peer_table_init(struct peer_table *table, const struct wire_record *record);
void peer_table_done(struct peer_table *table);
