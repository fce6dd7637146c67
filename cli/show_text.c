/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "entry.h"
#include "pointer_list.h"
#include "prose.h"
#include "show.h"
#include "text.h"

/* Longest command line of the request itself, and of those around it. */
#define SHOWN_MAX 4000
#define BRIEF_MAX 100

/* All text comes from here, made harmless: whatever an argument holds, it stays on its line. */
static const char *get(const struct cli_show *show, const struct writ_entry *entry,
		       enum writ_entry_field field)
{
	const char *text = writ_entry_string(entry, show->arena, field);

	return text ? cli_show(show->arena, text) : NULL;
}

static const char *get_member(const struct cli_show *show, struct writ_slice object,
			      const char *key)
{
	const char *text = writ_slice_string(show->arena, writ_slice_member(object, key));

	return text ? cli_show(show->arena, text) : NULL;
}

/* A number or another plain value, as it stands in the line. */
static const char *get_plain(const struct cli_show *show, struct writ_slice slice)
{
	const char *text;

	if (writ_slice_is_null(slice))
		return NULL;
	text = writ_arena_strndup(show->arena, slice.s, slice.n);
	return text ? cli_show(show->arena, text) : NULL;
}

static void line(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(const char *name, const char *format, ...)
{
	va_list args;

	printf("%-9s ", name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void line_if(const char *name, const char *text)
{
	if (text)
		line(name, "%s", text);
}

/* The argument vector as shell words. */
static const char *command_line(const struct cli_show *show, const struct writ_entry *entry,
				size_t max)
{
	struct writ_pointer_list list = {0};
	struct writ_slice element;
	const char *text;
	size_t at = 0;

	while (writ_slice_element(entry->field[WRIT_ENTRY_ARGV], &at, &element)) {
		const char *word = writ_slice_string(show->arena, element);

		if (writ_pointer_list_add(show->arena, &list, word ? word : "?") < 0)
			return "(out of memory)";
	}
	if (list.n == 0) {
		text = get(show, entry, WRIT_ENTRY_PROGRAM);
		return text ? text : "-";
	}
	text = writ_text_command_line(show->arena, (char *const *)list.items, list.n, max);
	return text ? text : "(out of memory)";
}

/* "allow", "deny"; of what sudo told its audit plugins "accept", "reject", "error". */
static const char *outcome(const struct cli_show *show, const struct writ_entry *entry)
{
	const char *text = get(show, entry, WRIT_ENTRY_DECISION);

	if (!text)
		text = get(show, entry, WRIT_ENTRY_EVENT);
	return text ? text : "-";
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

/* One request on one line. */
static void brief(const struct cli_show *show, const char *name, const struct writ_entry *entry)
{
	if (entry)
		line(name, "%s  %s  %-5s %s", or_dash(get(show, entry, WRIT_ENTRY_ID)),
		     or_dash(get(show, entry, WRIT_ENTRY_TIME)), outcome(show, entry),
		     command_line(show, entry, BRIEF_MAX));
}

static void print_who(const struct cli_show *show, const struct writ_entry *e)
{
	const char *uid = get_plain(show, e->field[WRIT_ENTRY_UID]);
	const char *group = get(show, e, WRIT_ENTRY_RUNAS_GROUP);
	const char *runas = get(show, e, WRIT_ENTRY_RUNAS);

	line("time", "%s", or_dash(get(show, e, WRIT_ENTRY_TIME)));
	line("host", "%s", or_dash(get(show, e, WRIT_ENTRY_HOST)));
	line("user", "%s (uid %s)%s%s%s%s", or_dash(get(show, e, WRIT_ENTRY_USER)), or_dash(uid),
	     runas ? ", to run as " : "", runas ? runas : "", group ? ", group " : "",
	     group ? group : "");
	line_if("in", get(show, e, WRIT_ENTRY_CWD));
	line_if("tty", get(show, e, WRIT_ENTRY_TTY));
}

static void print_asked(const struct cli_show *show, const struct writ_entry *e)
{
	const char *bytes = get_plain(show, e->field[WRIT_ENTRY_ARGV_BYTES]);

	line("asked", "%s", command_line(show, e, SHOWN_MAX));
	if (bytes)
		line("", "(cut; %s bytes in all, sha256 %s)", bytes,
		     or_dash(get(show, e, WRIT_ENTRY_ARGV_SHA256)));
	line_if("command", get(show, e, WRIT_ENTRY_COMMAND));
	line_if("program", get(show, e, WRIT_ENTRY_PROGRAM));
}

static void print_claims(const struct cli_show *show, const struct writ_entry *e)
{
	static const char *const names[] = {"WRIT_TASK", "TRACEPARENT"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *claim = get_member(show, e->field[WRIT_ENTRY_CLAIMS], names[i]);

		if (claim)
			line("claims", "%s=%s", names[i], claim);
	}
}

static void print_why(const struct cli_show *show, const struct writ_entry *e)
{
	struct writ_slice nearest = e->field[WRIT_ENTRY_NEAREST];
	const char *rule = get(show, e, WRIT_ENTRY_RULE), *code = get(show, e, WRIT_ENTRY_CODE);
	const char *near = get_member(show, nearest, "rule");
	const char *policy = get_member(show, e->field[WRIT_ENTRY_POLICY], "path");

	line("decision", "%s%s%s%s%s%s", outcome(show, e), rule ? " by rule " : "",
	     rule ? rule : "", code ? " (" : "", code ? code : "", code ? ")" : "");
	line_if("by", get(show, e, WRIT_ENTRY_PLUGIN));
	line_if("reason", get(show, e, WRIT_ENTRY_REASON));
	line_if("instead", get(show, e, WRIT_ENTRY_HINT));
	if (near)
		line("nearest", "%s: %s", near, or_dash(get_member(show, nearest, "failed")));
	if (policy)
		line("policy", "%s, sha256 %s", policy,
		     or_dash(get_member(show, e->field[WRIT_ENTRY_POLICY], "sha256")));
	print_claims(show, e);
}

static void print_exit(const struct cli_show *show, const struct writ_entry *e)
{
	const char *status = get_plain(show, e->field[WRIT_ENTRY_STATUS]);
	const char *number = get_plain(show, e->field[WRIT_ENTRY_SIGNAL]);
	const char *error = get(show, e, WRIT_ENTRY_ERROR);
	const char *seconds = or_dash(get_plain(show, e->field[WRIT_ENTRY_SECONDS]));

	if (error)
		line("exit", "not started: %s", error);
	else if (number)
		line("exit", "signal %s after %s s", number, seconds);
	else
		line("exit", "status %s after %s s", or_dash(status), seconds);
}

static void print_session(const struct cli_show *show, const char *id,
			  const struct writ_entry *open, const struct writ_entry *close)
{
	const char *from, *fingerprint, *key_id;
	struct writ_slice key;

	line("session", "%s", or_dash(id));
	if (open) {
		key = open->field[WRIT_ENTRY_KEY];
		from = get(show, open, WRIT_ENTRY_FROM);
		fingerprint = get_member(show, key, "fingerprint");
		key_id = get_member(show, key, "key_id");
		line("", "%s by %s%s%s", or_dash(get(show, open, WRIT_ENTRY_USER)),
		     or_dash(get(show, open, WRIT_ENTRY_SERVICE)), from ? " from " : "",
		     from ? from : "");
		if (fingerprint)
			line("", "key %s %s%s%s", or_dash(get_member(show, key, "type")),
			     fingerprint, key_id ? ", certificate " : "", key_id ? key_id : "");
		line("", "opened %s", or_dash(get(show, open, WRIT_ENTRY_TIME)));
	}
	if (close)
		line("", "closed %s (%s)", or_dash(get(show, close, WRIT_ENTRY_TIME)),
		     or_dash(get(show, close, WRIT_ENTRY_CLOSED)));
}

static void print_log(const struct cli_show *show, const struct cli_show_iolog *iolog)
{
	const struct writ_iolog_info *info;

	if (!iolog->named && !iolog->reader)
		return;
	line("I/O log", "%s%s", cli_show(show->arena, iolog->tsid ? iolog->tsid : iolog->named),
	     iolog->of_parent ? ", its parent's" : "");
	if (!iolog->reader) {
		line("", "%s", cli_show(show->arena, iolog->why ? iolog->why : "not found"));
		return;
	}
	info = writ_iolog_info(iolog->reader);
	line("", "in %s, %lld.%03ld s, %s", cli_show(show->arena, iolog->dir),
	     (long long)iolog->length.tv_sec, iolog->length.tv_nsec / 1000000,
	     writ_iolog_complete(iolog->reader) ? "complete" : "not (yet) complete");
	if (!show->request.decision && info->command)
		line("", "%s on %s: %s", cli_show(show->arena, info->user ? info->user : "-"),
		     cli_show(show->arena, info->host ? info->host : "-"),
		     cli_show(show->arena, info->command));
	for (int i = 0; i < WRIT_IOLOG_STREAMS; i++) {
		uint64_t size;

		if (writ_iolog_has(iolog->reader, (enum writ_iolog_kind)i, &size))
			line("", "%s: %" PRIu64 " bytes",
			     writ_iolog_kind_to_string((enum writ_iolog_kind)i), size);
	}
	for (size_t i = 0; writ_iolog_fault(iolog->reader, i); i++)
		line("", "fault: %s", writ_iolog_fault(iolog->reader, i));
	line("", "to see it: writ replay %s", cli_show(show->arena, iolog->tsid));
}

static void print_around(const struct cli_show *show)
{
	const struct writ_join_request *r = &show->request;

	brief(show, "parent", r->parent);
	for (size_t i = 0; i < r->n_children; i++)
		brief(show, i ? "" : "children", r->children[i]);
	if (r->all_children > r->n_children)
		line("", "and %" PRIu64 " more", r->all_children - r->n_children);
	for (size_t i = 0; i < r->n_audit; i++)
		brief(show, i ? "" : "audit", r->audit[i]);
	brief(show, "before", r->before);
	brief(show, "after", r->after);
}

static void print_place(const struct writ_join_request *r)
{
	char place[512];

	line("line", "%s",
	     writ_entry_place(r->decision->file, r->decision->number, r->decision->offset, place,
			      sizeof(place)));
	if (r->copies > 1)
		line("", "and %" PRIu64 " times more", r->copies - 1);
}

static void print_request(const struct cli_show *show)
{
	const struct writ_join_request *r = &show->request;
	const struct writ_entry *any = r->decision ? r->decision : r->exit;
	const char *session = any ? get(show, any, WRIT_ENTRY_SESSION) : NULL;

	line("request", "%s", cli_show(show->arena, show->id));
	if (r->decision) {
		print_who(show, r->decision);
		print_asked(show, r->decision);
		print_why(show, r->decision);
	} else {
		line("decision", "not in these event files");
	}
	if (r->exit)
		print_exit(show, r->exit);
	if (any)
		print_session(show, session ? session : "none", r->open, r->close);
	print_log(show, &show->iolog);
	print_around(show);
	if (r->decision)
		print_place(r);
}

static void print_requests(const struct cli_show *show)
{
	const struct writ_join_session *s = &show->session;
	uint64_t all = s->allowed + s->denied;

	line("requests", "%" PRIu64 ": %" PRIu64 " allowed, %" PRIu64 " denied", all, s->allowed,
	     s->denied);
	for (size_t i = 0; i < s->n_requests; i++) {
		brief(show, "", s->requests[i].decision);
		if (s->requests[i].exit)
			print_exit(show, s->requests[i].exit);
	}
	if (all > s->n_requests)
		line("", "and %" PRIu64 " more: writ log --session %s", all - s->n_requests,
		     cli_show(show->arena, s->id));
}

void cli_show_text(const struct cli_show *show)
{
	if (show->id) {
		print_request(show);
	} else {
		print_session(show, cli_show(show->arena, show->session.id), show->session.open,
			      show->session.close);
		print_requests(show);
	}
}
