/* SPDX-License-Identifier: ISC */
/* What sudo tells its audit plugins, as events. */
#include "arena.h"
#include "argv_record.h"
#include "claim.h"
#include "error.h"
#include "event.h"
#include "json_write.h"
#include "text.h"

/* How much of a plugin's words is kept, in bytes: they may repeat the caller's. */
#define REASON_MAX 2000

static void add_argv(struct writ_json_writer *writer, const struct writ_argv_record *argv)
{
	writ_json_array_begin(writer, "argv");
	for (size_t i = 0; i < argv->argc; i++)
		writ_json_add_string(writer, NULL, argv->argv[i]);
	writ_json_array_end(writer);
	writ_argv_record_write(argv, writer);
}

int writ_event_record_audit(const struct writ_event *event, const struct writ_event_audit *audit,
			    struct writ_error *err)
{
	auto_arena struct writ_arena *arena = writ_arena_new();
	auto_json_writer struct writ_json_writer *writer = NULL;
	const char *reason = "";
	struct writ_argv_record argv;

	if (!arena || writ_argv_record_make(&argv, arena, audit->argv, audit->argc) < 0)
		return writ_error_set(err, "no memory for the event");
	if (audit->reason)
		reason = writ_text_show(arena, audit->reason, REASON_MAX);
	writer = reason ? writ_event_begin(event, audit->kind) : NULL;
	if (!writer)
		return writ_error_set(err, "no memory for the event");
	writ_json_add_string(writer, "plugin", audit->plugin);
	writ_json_add_string(writer, "plugin_type", audit->plugin_type);
	writ_json_add_string(writer, "program", audit->program);
	add_argv(writer, &argv);
	writ_json_add_string(writer, "runas", audit->runas);
	writ_json_add_string(writer, "runas_group", audit->runas_group);
	writ_json_add_string(writer, "reason", audit->reason ? reason : NULL);
	writ_json_add_string(writer, "cwd", audit->cwd);
	writ_json_add_string(writer, "runcwd", audit->runcwd);
	writ_json_add_string(writer, "tty", audit->tty);
	writ_claims_add(writer, audit->task, audit->traceparent);
	writ_json_add_string(writer, "iolog_path", audit->iolog_path);
	return writ_event_finish(writer, err);
}
