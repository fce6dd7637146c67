/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "entry.h"
#include "json_write.h"
#include "show.h"

static void add_event(struct writ_json_writer *w, const char *key, const struct writ_entry *entry)
{
	if (entry)
		writ_json_add_json(w, key, entry->line, entry->length);
	else
		writ_json_add_null(w, key);
}

/* Where a line stands; the number is missing where the file was not read from its beginning. */
static void add_place(struct writ_json_writer *w, const struct writ_entry *entry)
{
	if (!entry) {
		writ_json_add_null(w, "place");
		return;
	}
	writ_json_object_begin(w, "place");
	writ_json_add_string(w, "file", entry->file);
	if (entry->number)
		writ_json_add_int(w, "line", (int64_t)entry->number);
	writ_json_add_int(w, "offset", (int64_t)entry->offset);
	writ_json_object_end(w);
}

static void add_streams(struct writ_json_writer *w, const struct writ_iolog_reader *reader)
{
	writ_json_object_begin(w, "streams");
	for (int i = 0; i < WRIT_IOLOG_STREAMS; i++) {
		uint64_t size;

		if (writ_iolog_has(reader, (enum writ_iolog_kind)i, &size))
			writ_json_add_int(w, writ_iolog_kind_to_string((enum writ_iolog_kind)i),
					  (int64_t)size);
	}
	writ_json_object_end(w);
}

static void add_iolog(struct writ_json_writer *w, const struct cli_show_iolog *iolog)
{
	const struct writ_iolog_info *info;

	if (!iolog->named && !iolog->reader) {
		writ_json_add_null(w, "iolog");
		return;
	}
	writ_json_object_begin(w, "iolog");
	writ_json_add_string(w, "named", iolog->named);
	writ_json_add_bool(w, "of_parent", iolog->of_parent);
	writ_json_add_string(w, "tsid", iolog->tsid);
	writ_json_add_string(w, "path", iolog->reader ? writ_iolog_path(iolog->reader) : NULL);
	if (!iolog->reader) {
		writ_json_add_string(w, "error", iolog->why);
	} else {
		info = writ_iolog_info(iolog->reader);
		writ_json_add_string(w, "host", info->host);
		writ_json_add_string(w, "user", info->user);
		writ_json_add_string(w, "command", info->command);
		writ_json_add_string(w, "event", info->event);
		writ_json_add_bool(w, "complete", writ_iolog_complete(iolog->reader));
		writ_json_add_decimal(
			w, "seconds",
			iolog->length.tv_sec * INT64_C(1000000) + iolog->length.tv_nsec / 1000, 6);
		add_streams(w, iolog->reader);
		writ_json_array_begin(w, "faults");
		for (size_t i = 0; writ_iolog_fault(iolog->reader, i); i++)
			writ_json_add_string(w, NULL, writ_iolog_fault(iolog->reader, i));
		writ_json_array_end(w);
	}
	writ_json_object_end(w);
}

static void add_session_events(struct writ_json_writer *w, const struct writ_entry *open,
			       const struct writ_entry *close)
{
	writ_json_object_begin(w, "session");
	add_event(w, "open", open);
	add_event(w, "close", close);
	writ_json_object_end(w);
}

static void add_request(struct writ_json_writer *w, const struct cli_show *show)
{
	const struct writ_join_request *r = &show->request;

	writ_json_add_string(w, "request", show->id);
	add_event(w, "decision", r->decision);
	add_place(w, r->decision);
	writ_json_add_int(w, "copies", (int64_t)r->copies);
	add_event(w, "exit", r->exit);
	add_session_events(w, r->open, r->close);
	add_iolog(w, &show->iolog);
	add_event(w, "parent", r->parent);
	writ_json_array_begin(w, "children");
	for (size_t i = 0; i < r->n_children; i++)
		add_event(w, NULL, r->children[i]);
	writ_json_array_end(w);
	writ_json_add_int(w, "all_children", (int64_t)r->all_children);
	writ_json_array_begin(w, "audit");
	for (size_t i = 0; i < r->n_audit; i++)
		add_event(w, NULL, r->audit[i]);
	writ_json_array_end(w);
	add_event(w, "before", r->before);
	add_event(w, "after", r->after);
}

static void add_session(struct writ_json_writer *w, const struct writ_join_session *s)
{
	add_session_events(w, s->open, s->close);
	writ_json_add_int(w, "allowed", (int64_t)s->allowed);
	writ_json_add_int(w, "denied", (int64_t)s->denied);
	writ_json_array_begin(w, "requests");
	for (size_t i = 0; i < s->n_requests; i++) {
		writ_json_object_begin(w, NULL);
		add_event(w, "decision", s->requests[i].decision);
		add_event(w, "exit", s->requests[i].exit);
		writ_json_object_end(w);
	}
	writ_json_array_end(w);
}

int cli_show_json(const struct cli_show *show)
{
	struct writ_json_writer *w = writ_json_writer_new();
	const char *text;

	if (!w)
		return -1;
	writ_json_object_begin(w, NULL);
	if (show->id)
		add_request(w, show);
	else
		add_session(w, &show->session);
	writ_json_object_end(w);
	text = writ_json_writer_text(w, NULL);
	if (text)
		puts(text);
	writ_json_writer_free(w);
	return text ? 0 : -1;
}
