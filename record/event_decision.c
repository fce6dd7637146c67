/* SPDX-License-Identifier: ISC */
/* The events of a command: the decision, and how it ended. */
#include <string.h>
#include <sys/wait.h>

#include "arena.h"
#include "argv_record.h"
#include "claim.h"
#include "decision.h"
#include "error.h"
#include "event.h"
#include "json_write.h"

int writ_event_record_decision(const struct writ_event *event,
			       const struct writ_event_decision *decision, struct writ_error *err)
{
	auto_arena struct writ_arena *arena = writ_arena_new();
	auto_json_writer struct writ_json_writer *writer = NULL;
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
	if (cut.cwd)
		writ_json_add_string(writer, "runcwd", cut.cwd);
	writ_json_add_string(writer, "tty", decision->tty);
	writ_claims_add(writer, decision->task, decision->traceparent);
	writ_json_add_string(writer, "plugin", decision->plugin);
	writ_json_add_string(writer, "iolog", decision->iolog);
	if (decision->n_log_servers) {
		writ_json_array_begin(writer, "log_servers");
		for (size_t i = 0; i < decision->n_log_servers; i++)
			writ_json_add_string(writer, NULL, decision->log_servers[i]);
		writ_json_array_end(writer);
	}
	if (decision->parent)
		writ_json_add_string(writer, "parent", decision->parent);
	return writ_event_finish(writer, err);
}

/* Why the command was not started. */
static const char *error_text(const struct writ_event_exit *exit)
{
	const char *text = exit->why ? exit->why : strerrordesc_np(exit->error);

	return text ? text : "unknown error";
}

int writ_event_record_exit(const struct writ_event *event, const struct writ_event_exit *exit,
			   struct writ_error *err)
{
	auto_json_writer struct writ_json_writer *writer = writ_event_begin(event, "exit");

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
	writ_json_add_string(writer, "error", exit->started ? NULL : error_text(exit));
	writ_json_add_decimal(writer, "seconds", exit->microseconds, 6);
	return writ_event_finish(writer, err);
}
