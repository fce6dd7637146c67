/* SPDX-License-Identifier: ISC */
#include "log_verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "error.h"
#include "json_write.h"
#include "table.h"
#include "verify.h"
#include "when.h"

struct telling {
	const struct cli_verify *how;
	struct cli_table table;
	struct writ_json_writer *writer;
	uint64_t told;
};

static void tell_json(struct telling *t, const struct writ_finding *finding)
{
	struct writ_json_writer *w = t->writer;
	char time[WRIT_WHEN_EVENT_SIZE];
	const char *line;
	size_t length;

	writ_when_to_event(finding->time, time);
	writ_json_writer_reset(w);
	writ_json_object_begin(w, NULL);
	writ_json_add_string(w, "finding", writ_finding_kind_to_string(finding->kind));
	writ_json_add_string(w, "file", finding->file);
	if (finding->number)
		writ_json_add_int(w, "line", (int64_t)finding->number);
	else
		writ_json_add_null(w, "line");
	writ_json_add_string(w, "time", finding->time == WRIT_WHEN_MIN ? NULL : time);
	writ_json_add_string(w, "id", finding->id);
	writ_json_add_string(w, "message", finding->message);
	writ_json_object_end(w);
	line = writ_json_writer_text(w, &length);
	if (line)
		fwrite(line, 1, length, stdout);
	putchar('\n');
}

static void tell(void *data, const struct writ_finding *finding)
{
	struct telling *t = data;
	char place[1024];

	if (finding->time != WRIT_WHEN_MIN &&
	    (finding->time < t->how->since || finding->time > t->how->until))
		return;
	t->told++;
	if (t->how->json) {
		tell_json(t, finding);
		return;
	}
	if (finding->number)
		writ_entry_place(finding->file, finding->number, finding->offset, place,
				 sizeof(place));
	else
		snprintf(place, sizeof(place), "%s", finding->file);
	/* Not cut at the terminal's edge: these are sentences. */
	t->table.width = 0;
	cli_table_text(&t->table, place);
	cli_table_text(&t->table, ": ");
	cli_table_text(&t->table, finding->message);
	cli_table_end(&t->table);
}

static void sum_up(const struct telling *t, const struct writ_verified *result)
{
	if (t->how->json)
		return;
	if (t->told == 0)
		printf("%" PRIu64 " events, %" PRIu64 " I/O logs: nothing is missing\n",
		       result->events, result->iologs);
	else
		printf("%" PRIu64 " events, %" PRIu64 " I/O logs: %" PRIu64 " finding%s\n",
		       result->events, result->iologs, t->told, t->told == 1 ? "" : "s");
}

enum cli_status cli_log_verify(const struct cli_verify *verify)
{
	struct telling t = {.how = verify, .writer = writ_json_writer_new()};
	const struct writ_verify_options options = {
		.paths = verify->events.items,
		.n_paths = verify->events.n,
		.iolog_dir = verify->iolog_dir,
		.session_dir = WRIT_SESSION_DIR,
		.found = tell,
		.data = &t,
	};
	struct writ_verified result;
	struct writ_error err = {.message = "out of memory"};
	enum cli_status status = CLI_FAILED;

	if (t.writer && cli_table_init(&t.table, verify->utc) &&
	    writ_verify(&options, &result, &err) == 0) {
		status = t.told > 0 ? CLI_NO : CLI_YES;
		sum_up(&t, &result);
		fflush(stdout);
		if (result.blind_iologs) {
			writ_error_set(&err, "not all I/O logs could be looked at: %s",
				       result.iologs_why);
			status = cli_error(&err);
		}
	} else {
		cli_error(&err);
	}
	cli_table_done(&t.table);
	writ_json_writer_free(t.writer);
	return status;
}
