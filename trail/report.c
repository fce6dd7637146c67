/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <errno.h>
#include <nettle/base64.h>
#include <string.h>

#include "arena.h"
#include "config.h"
#include "entry.h"
#include "error.h"
#include "iolog.h"
#include "iolog_entry.h"
#include "iolog_tree.h"
#include "json_write.h"
#include "report_block.h"
#include "report_events.h"
#include "report_page.h"
#include "report_recording.h"
#include "timestamp.h"

struct report {
	const struct writ_report_options *options;
	FILE *out;
	struct writ_arena *arena;
	struct writ_json_writer *writer; /* one value at a time */
	struct writ_report_events events;
	const char **tsids; /* of the recordings in the page */
	size_t n_recordings;
};

static int write_event(struct report *r, const struct writ_report_event *event)
{
	writ_json_object_begin(r->writer, NULL);
	writ_json_add_stringn(r->writer, "line", event->line, event->length);
	writ_json_add_string(r->writer, "place", event->place);
	if (event->context)
		writ_json_add_bool(r->writer, "context", true);
	if (event->recording)
		writ_json_add_int(r->writer, "io", (int64_t)event->recording);
	if (event->problem)
		writ_json_add_string(r->writer, "io_problem", event->problem);
	writ_json_object_end(r->writer);
	return writ_report_block_value(r->out, r->writer);
}

static int write_events(struct report *r)
{
	writ_report_block_begin(r->out, "events");
	putc('[', r->out);
	for (size_t i = 0; i < r->events.n; i++) {
		if (i > 0)
			fputs(",\n", r->out);
		if (write_event(r, &r->events.items[i]) < 0)
			return -1;
	}
	putc(']', r->out);
	writ_report_block_end(r->out);
	return 0;
}

static int no_recording(struct report *r, struct writ_report_event *event, const char *why)
{
	event->problem = writ_arena_strdup(r->arena, why);
	return event->problem ? 0 : -1;
}

/* The number of a recording that is in the page already, since writ and another plugin both decided
 * on its command; 0 if it is not. */
static size_t recorded(const struct report *r, const char *tsid)
{
	for (size_t i = r->n_recordings; i > 0; i--)
		if (strcmp(r->tsids[i - 1], tsid) == 0)
			return i;
	return 0;
}

/* The event's recording, or why it has none. 0, or -1 without memory. */
static int write_recording(struct report *r, struct writ_report_event *event,
			   struct writ_iolog_tree *tree, size_t *room)
{
	struct writ_iolog_reader *reader = NULL;
	struct writ_entry entry = {0};
	struct writ_error err = {0};
	const char *tsid;
	char id[32];
	size_t used;
	int status;

	/* It was read before; a line that now cannot be names no log. */
	if (writ_entry_parse(&entry, event->line, event->length, &err) < 0 ||
	    !writ_iolog_entry_tsid(&entry, r->options->iolog_dir, r->arena))
		return 0;
	if (*room == 0)
		return no_recording(r, event, "this page holds enough recordings already");
	if (writ_iolog_entry_open(tree, &entry, r->arena, &reader, &tsid, &err) <= 0)
		return no_recording(r, event, err.message);
	event->recording = recorded(r, tsid);
	if (event->recording) {
		writ_iolog_close(reader);
		return 0;
	}
	snprintf(id, sizeof(id), "io-%zu", r->n_recordings + 1);
	status = writ_report_recording_write(r->out, id, tsid, reader, *room, &used);
	writ_iolog_close(reader);
	if (status < 0)
		return -1;
	*room -= used < *room ? used : *room;
	r->tsids[r->n_recordings] = tsid;
	event->recording = ++r->n_recordings;
	return 0;
}

static int write_recordings(struct report *r)
{
	struct writ_iolog_tree *tree = writ_iolog_tree_new(r->options->iolog_dir);
	size_t room = WRIT_REPORT_RECORDINGS_MAX;
	int status;

	r->tsids = writ_arena_alloc(r->arena, r->events.n, sizeof(*r->tsids));
	status = tree && r->tsids ? 0 : -1;
	for (size_t i = 0; status == 0 && i < r->events.n; i++) {
		struct writ_report_event *event = &r->events.items[i];

		if (!event->context)
			status = write_recording(r, event, tree, &room);
	}
	writ_iolog_tree_free(tree);
	return status;
}

static int add_bad_lines(struct report *r)
{
	char text[BASE64_ENCODE_RAW_LENGTH(4096) + 1];

	writ_json_array_begin(r->writer, "bad");
	for (size_t i = 0; i < r->events.n_bad; i++) {
		const struct writ_report_bad *bad = &r->events.bad[i];
		size_t n = bad->length < 4096 ? bad->length : 4096;

		base64_encode_raw(text, n, (const uint8_t *)bad->text);
		writ_json_object_begin(r->writer, NULL);
		writ_json_add_string(r->writer, "place", bad->place);
		writ_json_add_string(r->writer, "why", bad->why);
		writ_json_add_stringn(r->writer, "text", text, BASE64_ENCODE_RAW_LENGTH(n));
		writ_json_object_end(r->writer);
	}
	writ_json_array_end(r->writer);
	writ_json_add_int(r->writer, "bad_more", (int64_t)r->events.bad_left_out);
	return 0;
}

static void add_notes(struct report *r)
{
	writ_json_array_begin(r->writer, "notes");
	if (r->events.left_out)
		writ_json_add_string(
			r->writer, NULL,
			writ_arena_printf(r->arena,
					  "%zu more events are asked for than this page holds: "
					  "it ends too early. Ask for a shorter time.",
					  r->events.left_out));
	writ_json_array_end(r->writer);
}

static int write_head(struct report *r)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	writ_json_object_begin(r->writer, NULL);
	writ_json_add_string(r->writer, "version", WRIT_VERSION);
	writ_timestamp_add(r->writer, "made", &now);
	writ_json_array_begin(r->writer, "arguments");
	for (size_t i = 0; i < r->options->n_arguments; i++)
		writ_json_add_string(r->writer, NULL, r->options->arguments[i]);
	writ_json_array_end(r->writer);
	writ_json_add_int(r->writer, "recordings", (int64_t)r->n_recordings);
	add_notes(r);
	add_bad_lines(r);
	writ_json_object_end(r->writer);
	writ_report_block_begin(r->out, "report");
	if (writ_report_block_value(r->out, r->writer) < 0)
		return -1;
	writ_report_block_end(r->out);
	return 0;
}

static int write_page(struct report *r, struct writ_error *err)
{
	fputs(writ_report_page_begin, r->out);
	if (write_recordings(r) < 0 || write_events(r) < 0 || write_head(r) < 0)
		return writ_error_set(err, "out of memory: the page is not whole");
	fputs(writ_report_page_end, r->out);
	if (ferror(r->out))
		return writ_error_errno(err, errno, "the page cannot be written");
	return r->events.n > 0;
}

int writ_report_write(const struct writ_report_options *options, FILE *out, struct writ_error *err)
{
	struct report r = {.options = options, .out = out};
	int status = -1;

	r.arena = writ_arena_new();
	r.writer = writ_json_writer_new();
	if (!r.arena || !r.writer)
		writ_error_set(err, "out of memory");
	else if (writ_report_events_read(r.arena, options, &r.events, err) == 0)
		status = write_page(&r, err);
	writ_json_writer_free(r.writer);
	writ_arena_free(r.arena);
	return status;
}
