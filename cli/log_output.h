/* SPDX-License-Identifier: ISC */
/*
 * Text in the output of the commands that events are about: what writ log --output-contains adds to
 * the filters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cli_table;
struct cli_log_output;
struct writ_entry;
struct writ_search_hit;

/* Places shown of one I/O log; there may be more. */
#define CLI_LOG_HITS_MAX 10

/* dir: the folder of the I/O logs. NULL after an error message. */
struct cli_log_output *cli_log_output_new(const char *text, const char *dir);
void cli_log_output_free(struct cli_log_output *output);

/* Looks through the I/O log of the entry, if it has one: how many places, at most
 * CLI_LOG_HITS_MAX. A log that cannot be read is reported on standard error, and counted. */
size_t cli_log_output_find(struct cli_log_output *output, const struct writ_entry *entry,
			   const struct writ_search_hit **ret_hits);
size_t cli_log_output_unread(const struct cli_log_output *output);

/* "    stdout at 1.234 s", a line each. */
void cli_log_output_print(struct cli_table *table, const struct writ_search_hit *hits, size_t n);
/* {"event":…,"hits":[{"stream":"stdout","offset":1.234000,"position":17}]} on one line; the event
 * as it stands in its file. */
void cli_log_output_print_json(const struct writ_entry *entry, const struct writ_search_hit *hits,
			       size_t n);
