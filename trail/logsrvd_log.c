/* SPDX-License-Identifier: ISC */
#include "logsrvd_log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "json_write.h"
#include "logsrvd_event.h"
#include "text.h"

/* sudo's messages have at most 2 MiB, and every byte can become "\u00NN". */
#define RECORD_MAX (16u * 1024 * 1024)
/* Shown of what is no event. */
#define SHOWN_MAX 200

struct text {
	char *bytes;
	size_t n, room;
};

struct writ_logsrvd_log {
	struct text line, record, clean;
	bool open; /* a record has begun */
	struct writ_arena *arena;
	struct writ_json_writer *writer;
	struct writ_logsrvd_memory *memory;
	struct text out; /* a line of ours, with its newline */
	size_t at;       /* what of it was given */
};

static const char *const kinds[] = {"accept", "reject", "exit", "alert"};

struct writ_logsrvd_log *writ_logsrvd_log_new(void)
{
	struct writ_logsrvd_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	log->arena = writ_arena_new();
	log->writer = writ_json_writer_new();
	log->memory = writ_logsrvd_memory_new();
	if (log->arena && log->writer && log->memory)
		return log;
	writ_logsrvd_log_free(log);
	return NULL;
}

void writ_logsrvd_log_free(struct writ_logsrvd_log *log)
{
	if (!log)
		return;
	writ_arena_free(log->arena);
	writ_json_writer_free(log->writer);
	writ_logsrvd_memory_free(log->memory);
	free(log->line.bytes);
	free(log->record.bytes);
	free(log->clean.bytes);
	free(log->out.bytes);
	free(log);
}

/* Appends. False without memory, or if it would be too much. */
static bool append(struct text *text, const char *bytes, size_t n)
{
	if (text->n + n + 1 > text->room) {
		size_t room = (text->n + n + 1) * 2;
		char *bigger = room > 4 * (size_t)RECORD_MAX ? NULL : realloc(text->bytes, room);

		if (!bigger)
			return false;
		text->bytes = bigger;
		text->room = room;
	}
	memcpy(text->bytes + text->n, bytes, n);
	text->n += n;
	text->bytes[text->n] = '\0';
	return true;
}

/* Whether the line begins an event: after the indentation, "accept": { or, in the compact form,
 * {"accept":{ of a whole event. */
static bool begins(const char *line, size_t length, const char *before, const char *after)
{
	char text[64];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		int n = snprintf(text, sizeof(text), "%s\"%s\"%s", before, kinds[i], after);

		if (length >= (size_t)n && memcmp(line, text, (size_t)n) == 0)
			return true;
	}
	return false;
}

bool writ_logsrvd_log_is(const char *beginning, size_t length)
{
	if (length >= 2 && memcmp(beginning, "{\n", 2) == 0)
		return begins(beginning + 2, length - 2, "    ", "");
	return begins(beginning, length, "{", ":{");
}

/* The next line of the file, without its newline. False at the end. */
static bool read_line(struct writ_logsrvd_log *log, gzFile file)
{
	char part[4096];

	log->line.n = 0;
	while (gzgets(file, part, sizeof(part))) {
		size_t n = strlen(part);
		bool whole = n > 0 && part[n - 1] == '\n';

		/* What is too long for an event is read to its end, and then is none. */
		if (log->line.n <= RECORD_MAX && !append(&log->line, part, n - whole))
			return false;
		if (whole)
			return true;
		/* A NUL byte, which no event holds, hides the rest of this part. */
		if (n + 1 < sizeof(part) && gzeof(file))
			break;
	}
	return log->line.n > 0;
}

/* The record is no event: says so in a line that cannot be taken for one. */
static bool give_torn(struct writ_logsrvd_log *log, const struct text *what)
{
	const char *shown = what->n ? writ_text_show(log->arena, what->bytes, SHOWN_MAX) : "";

	log->open = false;
	return append(&log->out, "torn: ", 6) &&
	       append(&log->out, shown ? shown : "?", shown ? strlen(shown) : 1) &&
	       append(&log->out, "\n", 1);
}

/* Bytes that are not UTF-8, which sudo writes as they are, become U+FFFD. */
static bool make_clean(struct writ_logsrvd_log *log)
{
	const char *from = log->record.bytes;
	size_t left = log->record.n;

	log->clean.n = 0;
	while (left > 0) {
		size_t valid = writ_text_valid_prefix(from, left);

		if (!append(&log->clean, from, valid))
			return false;
		from += valid;
		left -= valid;
		if (left > 0) {
			if (!append(&log->clean, "\xef\xbf\xbd", 3))
				return false;
			from++;
			left--;
		}
	}
	return true;
}

/* The record is whole: gives our event, if it is one that was not given before. */
static bool give(struct writ_logsrvd_log *log)
{
	const struct writ_json *json;
	const char *text;
	size_t length;

	log->open = false;
	if (!make_clean(log))
		return false;
	json = writ_json_parse(log->arena, "", log->clean.bytes, log->clean.n, NULL);
	if (!json)
		return give_torn(log, &log->record);
	writ_json_writer_reset(log->writer);
	if (!writ_logsrvd_event_write(log->memory, json, log->writer))
		return true;
	text = writ_json_writer_text(log->writer, &length);
	return text && append(&log->out, text, length) && append(&log->out, "\n", 1);
}

/* One line of the file. False without memory. */
static bool take_line(struct writ_logsrvd_log *log)
{
	const char *line = log->line.bytes ? log->line.bytes : "";
	size_t n = log->line.n;
	bool ends = strcmp(line, "    }") == 0 || strcmp(line, "    },") == 0;

	if (begins(line, n, "    ", ": {") || begins(line, n, "{", ":{")) {
		if (log->open && !give_torn(log, &log->record))
			return false;
		log->record.n = 0;
		log->open = true;
		if (*line == '{')
			return append(&log->record, line, n) && give(log);
		return append(&log->record, "{", 1) && append(&log->record, line, n) &&
		       append(&log->record, "\n", 1);
	}
	if (!log->open)
		/* The brackets around all of them. */
		return n == 0 || strcmp(line, "{") == 0 || strcmp(line, "}") == 0 || ends ||
		       give_torn(log, &log->line);
	if (log->record.n + n > RECORD_MAX)
		return give_torn(log, &log->record);
	if (ends)
		return append(&log->record, "}}", 2) && give(log);
	return append(&log->record, line, n) && append(&log->record, "\n", 1);
}

/* Makes the next lines of ours. False at the end. */
static bool next(struct writ_logsrvd_log *log, gzFile file)
{
	log->out.n = log->at = 0;
	writ_arena_reset(log->arena);
	while (log->out.n == 0) {
		if (!read_line(log, file))
			return log->open && give_torn(log, &log->record);
		if (!take_line(log))
			return false;
	}
	return true;
}

ssize_t writ_logsrvd_log_read(struct writ_logsrvd_log *log, gzFile file, char *to, size_t room)
{
	size_t given = 0;

	while (given < room) {
		size_t left = log->out.n - log->at;

		if (left == 0) {
			if (!next(log, file))
				break;
			continue;
		}
		if (left > room - given)
			left = room - given;
		memcpy(to + given, log->out.bytes + log->at, left);
		log->at += left;
		given += left;
	}
	return (ssize_t)given;
}
