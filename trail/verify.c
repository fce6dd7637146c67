/* SPDX-License-Identifier: ISC */
#include "verifying.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "trail.h"
#include "when.h"

const char *writ_finding_kind_to_string(enum writ_finding_kind kind)
{
	static const char *const names[WRIT_FINDING_N_KINDS] = {
		[WRIT_FINDING_BAD_LINE] = "bad-line",
		[WRIT_FINDING_NO_EXIT] = "no-exit",
		[WRIT_FINDING_NO_IOLOG] = "no-iolog",
		[WRIT_FINDING_NO_DECISION] = "no-decision",
		[WRIT_FINDING_IOLOG_ALONE] = "iolog-alone",
		[WRIT_FINDING_NO_CLOSE] = "no-close",
		[WRIT_FINDING_NO_OPEN] = "no-open",
		[WRIT_FINDING_DUPLICATE] = "duplicate",
		[WRIT_FINDING_BACKWARDS] = "backwards",
	};

	return names[kind];
}

void writ_verify_find(struct writ_verify *v, struct writ_finding *finding, const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	finding->message = message;
	v->result->findings++;
	v->options->found(v->options->data, finding);
}

static struct writ_finding at_entry(struct writ_verify *v, enum writ_finding_kind kind,
				    const struct writ_entry *entry)
{
	writ_arena_reset(v->arena);
	return (struct writ_finding) {
		.kind = kind,
		.file = entry->file,
		.offset = entry->offset,
		.number = entry->number,
		.time = entry->time,
		.id = writ_entry_string(entry, v->arena, WRIT_ENTRY_ID),
	};
}

static void on_bad_line(void *data, const struct writ_bad_line *bad)
{
	struct writ_verify *v = data;
	struct writ_finding finding = {
		.kind = WRIT_FINDING_BAD_LINE,
		.file = bad->file,
		.offset = bad->offset,
		.number = bad->number,
		/* When it was written, nobody knows: about now. */
		.time = v->latest,
	};

	writ_verify_find(v, &finding, "%s%s", bad->line ? "the line is no event: " : "", bad->why);
}

static uint64_t digest_of(struct writ_slice slice, uint64_t salt)
{
	char text[512];
	bool cut;
	ptrdiff_t n = writ_slice_copy(slice, text, sizeof(text), &cut);

	return n > 0 && !cut ? writ_id_digest(text, (size_t)n, salt) : 0;
}

/* Ids begin with the second in which they were made, and so can be compared as text. What is older
 * than the first event may have been rotated away. */
bool writ_verify_may_be_gone(const struct writ_verify *v, struct writ_slice id)
{
	char text[64];
	bool cut;

	return writ_slice_copy(id, text, sizeof(text), &cut) < 0 ||
	       strncmp(text, v->first_id, strlen("20261121T224009Z")) < 0;
}

/* The id of each event once in its log; in another log is the copy that a server has. 0, or -1
 * without memory. */
static int check_id(struct writ_verify *v, const struct writ_entry *entry)
{
	struct writ_slice id = entry->field[WRIT_ENTRY_ID];
	uint64_t digest = digest_of(id, SALT_ID), here;
	int added;

	if (!digest)
		return 0;
	here = digest ^ writ_id_digest(entry->log, strlen(entry->log), SALT_LOG);
	added = writ_id_set_add(&v->ids, here ? here : 1);
	if (added < 0 || writ_id_set_add(&v->ids, digest) < 0)
		return -1;
	if (added == 0) {
		struct writ_finding finding = at_entry(v, WRIT_FINDING_DUPLICATE, entry);

		writ_verify_find(v, &finding, "the event %s is there twice",
				 finding.id ? finding.id : "without an id");
	}
	return 0;
}

static void check_order(struct writ_verify *v, const struct writ_entry *entry)
{
	if (entry->from_server)
		return;
	if (entry->time < v->latest - WRIT_VERIFY_DISORDER) {
		struct writ_finding finding = at_entry(v, WRIT_FINDING_BACKWARDS, entry);

		writ_verify_find(
			v, &finding,
			"the event is %" PRId64
			" s older than one before it: it was held back, or the clock was set",
			(v->latest - entry->time) / 1000000);
	}
	if (entry->time > v->latest)
		v->latest = entry->time;
}

/* An allowed request that writ's policy plugin started; children of an intercepted command end with
 * it, and of what sudoers allows sudo tells its own plugins. */
static bool starts_command(const struct writ_entry *entry)
{
	return writ_slice_equals(entry->field[WRIT_ENTRY_EVENT], "decision") &&
	       writ_slice_equals(entry->field[WRIT_ENTRY_DECISION], "allow") &&
	       writ_slice_equals(entry->field[WRIT_ENTRY_PLUGIN], "writ_policy") &&
	       writ_slice_is_null(entry->field[WRIT_ENTRY_PARENT]);
}

static int check_exit(struct writ_verify *v, const struct writ_entry *entry)
{
	struct writ_slice decision = entry->field[WRIT_ENTRY_DECISION_ID];
	struct writ_pending_command command;
	uint64_t digest = digest_of(decision, SALT_ID);
	bool started = writ_slice_is_null(entry->field[WRIT_ENTRY_ERROR]);

	if (writ_pending_take(v->pending, digest, &command)) {
		if (started)
			writ_verify_iolog_of(v, &command);
		writ_pending_command_done(&command);
	} else if (!writ_id_set_has(&v->ids, digest) && !writ_verify_may_be_gone(v, decision)) {
		struct writ_finding finding = at_entry(v, WRIT_FINDING_NO_DECISION, entry);
		const char *id = writ_entry_string(entry, v->arena, WRIT_ENTRY_DECISION_ID);

		writ_verify_find(v, &finding, "the decision %s, whose end this is, is missing",
				 id ? id : "?");
	}
	return 0;
}

static int check(struct writ_verify *v, const struct writ_entry *entry)
{
	bool cut;

	v->result->events++;
	if (!*v->first_id)
		writ_slice_copy(entry->field[WRIT_ENTRY_ID], v->first_id, sizeof(v->first_id),
				&cut);
	check_order(v, entry);
	if (check_id(v, entry) < 0 ||
	    (!entry->from_server && writ_sessions_take(v->sessions, entry) < 0))
		return -1;
	if (writ_slice_is_string(entry->field[WRIT_ENTRY_IOLOG]) &&
	    writ_id_set_add(&v->ids, digest_of(entry->field[WRIT_ENTRY_IOLOG], SALT_TSID)) < 0)
		return -1;
	if (starts_command(entry))
		return writ_pending_add(v->pending, digest_of(entry->field[WRIT_ENTRY_ID], SALT_ID),
					entry);
	if (writ_slice_equals(entry->field[WRIT_ENTRY_EVENT], "exit"))
		return check_exit(v, entry);
	return 0;
}

static int read_trail(struct writ_verify *v, struct writ_error *err)
{
	const struct writ_trail_options options = {
		.paths = v->options->paths,
		.n_paths = v->options->n_paths,
		.bad = on_bad_line,
		.data = v,
	};
	struct writ_trail *trail = writ_trail_open(&options, err);
	struct writ_entry entry;
	int got;

	if (!trail)
		return -1;
	while ((got = writ_trail_next(trail, &entry, err)) > 0)
		if (check(v, &entry) < 0) {
			got = writ_error_set(err, "out of memory");
			break;
		}
	if (got == 0)
		got = writ_verify_ends(v, err);
	writ_trail_free(trail);
	return got;
}

int writ_verify(const struct writ_verify_options *options, struct writ_verified *ret,
		struct writ_error *err)
{
	struct writ_verify v = {
		.options = options,
		.result = ret,
		.latest = WRIT_WHEN_MIN / 2,
		.started = writ_when_now(),
		.arena = writ_arena_new(),
		.pending = writ_pending_new(),
		.sessions = writ_sessions_new(),
	};
	int got = -1;

	memset(ret, 0, sizeof(*ret));
	/* Before the trail: a command that ends meanwhile has its end in it. */
	if (!v.arena || !v.pending || !v.sessions || writ_verify_begin(&v) < 0)
		writ_error_set(err, "out of memory");
	else
		got = read_trail(&v, err);
	writ_iolog_tree_free(v.tree);
	writ_sessions_free(v.sessions);
	writ_pending_free(v.pending);
	writ_id_set_done(&v.ids);
	writ_id_set_done(&v.running);
	writ_arena_free(v.arena);
	return got;
}
