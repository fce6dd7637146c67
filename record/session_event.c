/* SPDX-License-Identifier: ISC */
#include "session_event.h"

#include "error.h"
#include "event.h"
#include "json_write.h"
#include "session_record.h"

/* A writer with what every event begins with; NULL with err. */
static struct writ_json_writer *begin(const struct writ_session_record *record, const char *kind,
				      struct writ_error *err)
{
	struct writ_event event = {
		.host = record->host,
		.session = record->id,
		.user = record->user,
		.uid = record->uid,
	};
	struct writ_json_writer *writer;

	if (writ_event_init(&event, err) < 0)
		return NULL;
	writer = writ_event_begin(&event, kind);
	if (!writer)
		writ_error_set(err, "no memory for the event");
	return writer;
}

int writ_session_event_open(const struct writ_session_record *record, struct writ_error *err)
{
	auto_json_writer struct writ_json_writer *writer = begin(record, "session-open", err);

	if (!writer)
		return -1;
	writ_session_record_write(record, writer);
	return writ_event_finish(writer, err);
}

int writ_session_event_close(const struct writ_session_record *record, int64_t microseconds,
			     struct writ_error *err)
{
	auto_json_writer struct writ_json_writer *writer = begin(record, "session-close", err);

	if (!writer)
		return -1;
	writ_json_add_string(writer, "service", record->service);
	writ_json_add_string(writer, "closed", record->closed);
	if (microseconds < 0)
		writ_json_add_null(writer, "seconds");
	else
		writ_json_add_decimal(writer, "seconds", microseconds, 6);
	return writ_event_finish(writer, err);
}
