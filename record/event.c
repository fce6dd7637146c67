/* SPDX-License-Identifier: ISC */
#include "event.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>

#include "arena.h"
#include "argv_record.h"
#include "claim.h"
#include "cleanup.h"
#include "decision.h"
#include "error.h"
#include "event_log.h"
#include "json_write.h"
#include "timestamp.h"

static void free_writer(struct writ_json_writer **writer)
{
	writ_json_writer_free(*writer);
}

static void free_arena(struct writ_arena **arena)
{
	writ_arena_free(*arena);
}

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

/* Said by the caller about itself, and so recorded apart; anything odd is left out. */
static void add_claims(struct writ_json_writer *writer, const struct writ_event_decision *event)
{
	writ_json_object_begin(writer, "claims");
	if (event->task && writ_claim_is_task(event->task))
		writ_json_add_string(writer, "WRIT_TASK", event->task);
	if (event->traceparent && writ_claim_is_traceparent(event->traceparent))
		writ_json_add_string(writer, "TRACEPARENT", event->traceparent);
	writ_json_object_end(writer);
}

int writ_event_record_decision(const struct writ_event *event,
			       const struct writ_event_decision *decision, struct writ_error *err)
{
	__attribute__((cleanup(free_arena))) struct writ_arena *arena = writ_arena_new();
	__attribute__((cleanup(free_writer))) struct writ_json_writer *writer = NULL;
	struct writ_decision cut = *decision->decision;
	struct writ_argv_record argv;

	if (!arena || writ_argv_record_make(&argv, arena, cut.argv, cut.argc) < 0)
		return writ_error_set(err, "no memory for the event");
	writer = writ_event_begin(event, "decision");
	if (!writer)
		return writ_error_set(err, "no memory for the event");
	cut.argv = argv.argv;
	cut.argc = argv.argc;
	writ_decision_write(&cut, false, writer);
	writ_argv_record_write(&argv, writer);
	writ_json_add_string(writer, "cwd", decision->cwd);
	writ_json_add_string(writer, "tty", decision->tty);
	add_claims(writer, decision);
	writ_json_add_string(writer, "iolog", decision->iolog);
	if (decision->parent)
		writ_json_add_string(writer, "parent", decision->parent);
	return writ_event_finish(writer, err);
}

int writ_event_record_exit(const struct writ_event *event, const struct writ_event_exit *exit,
			   struct writ_error *err)
{
	__attribute__((cleanup(free_writer))) struct writ_json_writer *writer =
		writ_event_begin(event, "exit");

	if (!writer)
		return writ_error_set(err, "no memory for the event");
	writ_json_add_string(writer, "decision_id", exit->decision);
	if (exit->started && WIFEXITED(exit->status))
		writ_json_add_int(writer, "status", WEXITSTATUS(exit->status));
	else
		writ_json_add_null(writer, "status");
	if (exit->started && WIFSIGNALED(exit->status))
		writ_json_add_int(writer, "signal", WTERMSIG(exit->status));
	else
		writ_json_add_null(writer, "signal");
	writ_json_add_string(writer, "error", exit->started ? NULL : strerrordesc_np(exit->error));
	writ_json_add_decimal(writer, "seconds", exit->microseconds, 6);
	return writ_event_finish(writer, err);
}
