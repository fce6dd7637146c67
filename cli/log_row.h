/* SPDX-License-Identifier: ISC */
/* An entry of the trail as a row for people. */
#pragma once

#include <stdbool.h>

struct cli_table;
struct writ_entry;

/* Which columns there are, and their widths; 0: not there. */
struct cli_log_columns {
	unsigned host, session, user, event, rule;
};

/* As the terminal has room. With hosts: events may be of several. */
void cli_log_columns_init(struct cli_log_columns *columns, const struct cli_table *table,
			  bool hosts);

/* The names of the columns, if standard output is a terminal. */
void cli_log_head(struct cli_table *table, const struct cli_log_columns *columns);

/* One row; below it on a terminal, behind it elsewhere, why something was refused. */
void cli_log_row(struct cli_table *table, const struct cli_log_columns *columns,
		 const struct writ_entry *entry);
