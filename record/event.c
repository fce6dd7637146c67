/* SPDX-License-Identifier: ISC */
#include "event.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "error.h"
#include "event_log.h"
#include "json_write.h"
#include "timestamp.h"

int writ_event_init(struct writ_event *event, struct writ_error *err)
{
	uint64_t random;
	struct tm tm;
	size_t n;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return writ_error_errno(err, errno, "no random numbers");
	if (clock_gettime(CLOCK_REALTIME, &event->time) < 0 || !gmtime_r(&event->time.tv_sec, &tm))
		return writ_error_errno(err, errno, "no clock");
	n = strftime(event->id, sizeof(event->id), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(event->id + n, sizeof(event->id) - n, "-%016llx", (unsigned long long)random);
	return 0;
}

struct writ_json_writer *writ_event_begin(const struct writ_event *event, const char *kind)
{
	struct writ_json_writer *writer = writ_json_writer_new();

	if (!writer)
		return NULL;
	writ_json_object_begin(writer, NULL);
	writ_timestamp_add(writer, "time", &event->time);
	writ_json_add_string(writer, "host", event->host);
	writ_json_add_string(writer, "event", kind);
	writ_json_add_string(writer, "id", event->id);
	writ_json_add_string(writer, "session", event->session);
	writ_json_add_string(writer, "user", event->user);
	writ_json_add_int(writer, "uid", event->uid);
	return writer;
}

int writ_event_finish(struct writ_json_writer *writer, struct writ_error *err)
{
	const char *line;
	size_t length;

	writ_json_object_end(writer);
	line = writ_json_writer_text(writer, &length);
	if (!line)
		return writ_error_set(err, "no memory for the event");
	return writ_event_log_append(line, length, err);
}
