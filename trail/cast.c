/* SPDX-License-Identifier: ISC */
#include "cast.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "iolog.h"
#include "json_write.h"
#include "text.h"

#define CHUNK 8192
/* The longest command line that is shown, in bytes. */
#define COMMAND_MAX 4000
/* As terminals were, for logs that do not say. */
#define COLUMNS_DEFAULT 80
#define LINES_DEFAULT 24

/* What is remembered of a stream from record to record. */
struct lane {
	char carry[4]; /* the beginning of a character whose rest has not come yet */
	size_t carried;
	bool after_return; /* the last byte was CR */
};

struct cast {
	struct writ_iolog_reader *reader;
	FILE *out;
	struct writ_json_writer *writer;
	struct writ_arena *arena;
	bool input;
	int64_t microseconds; /* of the present record, pauses left out */
	int64_t pauses;
	struct lane lanes[WRIT_IOLOG_STREAMS];
	/* what was carried, then a chunk, every byte of which may become two */
	char text[4 + 2 * CHUNK];
	char chunk[CHUNK];
	struct writ_error *err;
};

static int finish_line(struct cast *cast)
{
	size_t length;
	const char *line = writ_json_writer_text(cast->writer, &length);

	if (!line)
		return writ_error_set(cast->err, "no memory");
	if (fwrite(line, 1, length, cast->out) != length || putc('\n', cast->out) == EOF)
		return writ_error_errno(cast->err, errno, "the cast cannot be written");
	writ_json_writer_reset(cast->writer);
	return 0;
}

static unsigned bounded(unsigned size, unsigned otherwise)
{
	if (size == 0)
		return otherwise;
	return size < WRIT_CAST_SIZE_MAX ? size : WRIT_CAST_SIZE_MAX;
}

/* The command as a shell would need it: its path, then the arguments after the first. */
static const char *command_line(struct cast *cast, const struct writ_iolog_info *info)
{
	const char *path = info->command, *arguments = "";

	if (!path || info->legacy)
		return path;
	path = writ_text_quote(cast->arena, path, COMMAND_MAX);
	if (info->argc > 1)
		arguments = writ_text_command_line(cast->arena, (char *const *)info->argv + 1,
						   info->argc - 1, COMMAND_MAX);
	if (!path || !arguments)
		return NULL;
	return writ_arena_printf(cast->arena, "%s%s%s", path, *arguments ? " " : "", arguments);
}

static void add_variable(struct cast *cast, const struct writ_iolog_info *info, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < info->n_env; i++)
		if (strncmp(info->env[i], name, length) == 0 && info->env[i][length] == '=') {
			writ_json_add_string(cast->writer, name, info->env[i] + length + 1);
			return;
		}
}

static int write_header(struct cast *cast)
{
	const struct writ_iolog_info *info = writ_iolog_info(cast->reader);
	const char *command = command_line(cast, info);

	writ_json_object_begin(cast->writer, NULL);
	writ_json_add_int(cast->writer, "version", 2);
	writ_json_add_int(cast->writer, "width", bounded(info->columns, COLUMNS_DEFAULT));
	writ_json_add_int(cast->writer, "height", bounded(info->lines, LINES_DEFAULT));
	if (info->time.tv_sec > 0)
		writ_json_add_int(cast->writer, "timestamp", info->time.tv_sec);
	if (command)
		writ_json_add_string(cast->writer, "command", command);
	writ_json_object_begin(cast->writer, "env");
	add_variable(cast, info, "SHELL");
	add_variable(cast, info, "TERM");
	writ_json_object_end(cast->writer);
	writ_json_object_end(cast->writer);
	return finish_line(cast);
}

static int write_event(struct cast *cast, const char *kind, const char *text, size_t length)
{
	writ_json_array_begin(cast->writer, NULL);
	writ_json_add_decimal(cast->writer, NULL, cast->microseconds, 6);
	writ_json_add_string(cast->writer, NULL, kind);
	writ_json_add_stringn(cast->writer, NULL, text, length);
	writ_json_array_end(cast->writer);
	return finish_line(cast);
}

/* How many bytes at the end begin a character of UTF-8 that needs more than there are. */
static size_t unfinished(const char *text, size_t length)
{
	for (size_t back = 1; back <= 3 && back <= length; back++) {
		unsigned char c = (unsigned char)text[length - back];
		size_t needed = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

		if (c >= 0xc2 && c <= 0xf4)
			return needed > back ? back : 0;
		if ((c & 0xc0) != 0x80)
			break;
	}
	return 0;
}

/* Copies a chunk behind what was carried, a CR added before each LF that has none where the output
 * went to no terminal. */
static size_t take(struct cast *cast, struct lane *lane, size_t n, bool returns)
{
	size_t used = lane->carried;

	memcpy(cast->text, lane->carry, used);
	for (size_t i = 0; i < n; i++) {
		if (returns && cast->chunk[i] == '\n' && !lane->after_return)
			cast->text[used++] = '\r';
		lane->after_return = cast->chunk[i] == '\r';
		cast->text[used++] = cast->chunk[i];
	}
	return used;
}

static int write_stream(struct cast *cast, enum writ_iolog_kind stream)
{
	bool returns = stream == WRIT_IOLOG_STDOUT || stream == WRIT_IOLOG_STDERR;
	const char *kind = writ_iolog_kind_is_output(stream) ? "o" : "i";
	struct lane *lane = &cast->lanes[stream];
	size_t n;

	while ((n = writ_iolog_read(cast->reader, cast->chunk, sizeof(cast->chunk))) > 0) {
		size_t length = take(cast, lane, n, returns);

		lane->carried = unfinished(cast->text, length);
		length -= lane->carried;
		memcpy(lane->carry, cast->text + length, lane->carried);
		if (length > 0 && write_event(cast, kind, cast->text, length) < 0)
			return -1;
	}
	return 0;
}

static int write_size(struct cast *cast, const struct writ_iolog_record *record)
{
	char size[32];
	int n = snprintf(size, sizeof(size), "%ux%u", bounded(record->columns, COLUMNS_DEFAULT),
			 bounded(record->lines, LINES_DEFAULT));

	return write_event(cast, "r", size, (size_t)n);
}

static int64_t in_microseconds(const struct timespec *time)
{
	return time->tv_sec * INT64_C(1000000) + time->tv_nsec / 1000;
}

static int write_record(struct cast *cast, const struct writ_iolog_record *record)
{
	if (record->kind == WRIT_IOLOG_SUSPEND && strcmp(record->signal, "CONT") == 0)
		cast->pauses += in_microseconds(&record->delay);
	cast->microseconds = in_microseconds(&record->offset) - cast->pauses;
	if (cast->microseconds < 0)
		cast->microseconds = 0;
	if (record->kind == WRIT_IOLOG_WINSIZE)
		return write_size(cast, record);
	if (record->kind == WRIT_IOLOG_SUSPEND ||
	    (!cast->input && !writ_iolog_kind_is_output(record->kind)))
		return 0;
	return write_stream(cast, record->kind);
}

static int write_all(struct cast *cast)
{
	struct writ_iolog_record record;

	if (!cast->arena || !cast->writer)
		return writ_error_set(cast->err, "no memory");
	if (write_header(cast) < 0)
		return -1;
	while (writ_iolog_next(cast->reader, &record))
		if (write_record(cast, &record) < 0)
			return -1;
	for (int i = 0; i < WRIT_IOLOG_STREAMS; i++) {
		const struct lane *lane = &cast->lanes[i];
		const char *kind = writ_iolog_kind_is_output((enum writ_iolog_kind)i) ? "o" : "i";

		if (lane->carried > 0 && write_event(cast, kind, lane->carry, lane->carried) < 0)
			return -1;
	}
	return 0;
}

int writ_cast_write(struct writ_iolog_reader *reader, bool input, FILE *out, struct writ_error *err)
{
	struct cast *cast = calloc(1, sizeof(*cast));
	int r;

	if (!cast)
		return writ_error_set(err, "no memory");
	cast->reader = reader;
	cast->input = input;
	cast->out = out;
	cast->err = err;
	cast->arena = writ_arena_new();
	cast->writer = writ_json_writer_new();
	r = write_all(cast);
	writ_json_writer_free(cast->writer);
	writ_arena_free(cast->arena);
	free(cast);
	return r;
}
