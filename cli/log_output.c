/* SPDX-License-Identifier: ISC */
#include "log_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cli.h"
#include "entry.h"
#include "error.h"
#include "iolog.h"
#include "iolog_entry.h"
#include "iolog_tree.h"
#include "search.h"
#include "table.h"

/* Messages about logs that cannot be read; the rest are only counted. */
#define MESSAGES_MAX 20

struct cli_log_output {
	struct writ_search *search;
	struct writ_iolog_tree *tree;
	struct writ_arena *arena; /* of one entry */
	size_t unread;
};

struct cli_log_output *cli_log_output_new(const char *text, const char *dir)
{
	struct cli_log_output *output = calloc(1, sizeof(*output));
	struct writ_error err = {.message = "out of memory"};

	if (!output)
		goto failed;
	output->arena = writ_arena_new();
	output->tree = writ_iolog_tree_new(dir);
	output->search = writ_search_new(text, strlen(text), &err);
	if (output->arena && output->tree && output->search)
		return output;
failed:
	cli_error(&err);
	cli_log_output_free(output);
	return NULL;
}

void cli_log_output_free(struct cli_log_output *output)
{
	if (!output)
		return;
	writ_search_free(output->search);
	writ_iolog_tree_free(output->tree);
	writ_arena_free(output->arena);
	free(output);
}

static void complain(struct cli_log_output *output, const struct writ_error *err)
{
	if (output->unread++ >= MESSAGES_MAX)
		return;
	fflush(stdout);
	cli_error(err);
}

size_t cli_log_output_find(struct cli_log_output *output, const struct writ_entry *entry,
			   const struct writ_search_hit **ret_hits)
{
	struct writ_iolog_reader *reader;
	struct writ_error err = {0};
	const char *tsid;
	size_t n;
	int found;

	writ_arena_reset(output->arena);
	found = writ_iolog_entry_open(output->tree, entry, output->arena, &reader, &tsid, &err);
	if (found < 0)
		complain(output, &err);
	if (found <= 0)
		return 0;
	n = writ_search_iolog(output->search, reader, CLI_LOG_HITS_MAX, ret_hits);
	if (writ_iolog_fault(reader, 0)) {
		writ_error_set(&err, "%s: %s", writ_iolog_path(reader),
			       writ_iolog_fault(reader, 0));
		complain(output, &err);
	}
	writ_iolog_close(reader);
	return n;
}

size_t cli_log_output_unread(const struct cli_log_output *output)
{
	if (output->unread > MESSAGES_MAX)
		fprintf(stderr, "writ: %zu more I/O logs could not be read as a whole\n",
			output->unread - MESSAGES_MAX);
	return output->unread;
}

void cli_log_output_print(struct cli_table *table, const struct writ_search_hit *hits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char text[100];

		snprintf(text, sizeof(text), "    %s %s %" PRId64 ".%03ld s",
			 writ_iolog_kind_to_string(hits[i].stream),
			 hits[i].untimed ? "after" : "at", (int64_t)hits[i].offset.tv_sec,
			 hits[i].offset.tv_nsec / 1000000);
		cli_table_rest(table, CLI_FAINT, text);
		cli_table_end(table);
	}
}

void cli_log_output_print_json(const struct writ_entry *entry, const struct writ_search_hit *hits,
			       size_t n)
{
	fputs("{\"event\":", stdout);
	fwrite(entry->line, 1, entry->length, stdout);
	fputs(",\"hits\":[", stdout);
	for (size_t i = 0; i < n; i++)
		printf("%s{\"stream\":\"%s\",\"offset\":%" PRId64 ".%06ld,\"position\":%" PRIu64
		       "}",
		       i ? "," : "", writ_iolog_kind_to_string(hits[i].stream),
		       (int64_t)hits[i].offset.tv_sec, hits[i].offset.tv_nsec / 1000,
		       hits[i].position);
	fputs("]}\n", stdout);
}
