/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <errno.h>
#include <nettle/base64.h>
#include <string.h>

#include "arena.h"
#include "config.h"
#include "error.h"
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

/* Of the path that an event of writ_audit names, what is below the folder of I/O logs. */
static const char *below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	while (n > 0 && dir[n - 1] == '/')
		n--;
	return path && strncmp(path, dir, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

/* The event's recording, or why it has none. 0, or -1 without memory. */
static int write_recording(struct report *r, struct writ_report_event *event,
			   struct writ_iolog_tree *tree, size_t *room)
{
	const char *dir = r->options->iolog_dir;
	const char *tsid = event->iolog ? event->iolog : below(event->iolog_path, dir), *found;
	struct writ_error err = {0};
	char id[32], why[sizeof(err)];
	size_t used;
	int written;

	if (*room == 0) {
		event->problem = "this page holds enough recordings already";
		return 0;
	}
	found = writ_iolog_tree_find(tree, tsid, event->host, event->id);
	if (!found && !tsid) {
		event->problem = writ_arena_printf(r->arena, "it is not below %s", dir);
		return event->problem ? 0 : -1;
	}
	/* Of one that was not found, opening it says why. */
	snprintf(id, sizeof(id), "io-%zu", r->n_recordings + 1);
	written = writ_report_recording_write(r->out, id, dir, found ? found : tsid, *room, &used,
					      &err);
	if (written == 0) {
		event->problem =
			writ_arena_strdup(r->arena, writ_error_string(&err, why, sizeof(why)));
		return event->problem ? 0 : -1;
	}
	*room -= used;
	event->recording = ++r->n_recordings;
	return written < 0 ? -1 : 0;
}

static int write_recordings(struct report *r)
{
	struct writ_iolog_tree *tree = writ_iolog_tree_new(r->options->iolog_dir);
	size_t room = WRIT_REPORT_RECORDINGS_MAX;
	int status = tree ? 0 : -1;

	for (size_t i = 0; status == 0 && i < r->events.n; i++) {
		struct writ_report_event *event = &r->events.items[i];

		if (!event->context && (event->iolog || event->iolog_path))
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
