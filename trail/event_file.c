/* SPDX-License-Identifier: ISC */
#include "event_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "event_bytes.h"
#include "event_file_seek.h"
#include "sieve.h"
#include "when.h"

#define BUFFER_SIZE (256u * 1024)

struct writ_event_file {
	struct writ_event_bytes bytes;
	const struct writ_sieve *sieve;
	struct writ_sieve_state state; /* in the whole lines that are in the buffer */
	writ_bad_line_fn *bad;
	void *bad_data;
	char *buffer;
	size_t size;
	size_t at;        /* where the next line begins */
	size_t lines_end; /* whole lines end here */
	size_t end;       /* of what is in the buffer */
	uint64_t base;    /* offset of the buffer's first byte in the file */
	uint64_t number;  /* of the next line, 1-based; 0: not known */
	bool skipping;    /* in a line that is too long, and was reported */
};

static const struct writ_sieve everything;

struct writ_event_file *writ_event_file_open(int dirfd, const char *name, const char *path,
					     struct writ_error *err)
{
	struct writ_event_file *file = calloc(1, sizeof(*file));

	if (!file) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	file->number = 1;
	file->sieve = &everything;
	if (writ_event_bytes_open(&file->bytes, dirfd, name, path, err) < 0) {
		int why = errno;

		writ_event_file_free(file);
		errno = why;
		return NULL;
	}
	return file;
}

void writ_event_file_free(struct writ_event_file *file)
{
	if (!file)
		return;
	writ_event_bytes_close(&file->bytes);
	free(file->buffer);
	free(file);
}

const char *writ_event_file_path(const struct writ_event_file *file)
{
	return file->bytes.path;
}

const struct stat *writ_event_file_stat(const struct writ_event_file *file)
{
	return &file->bytes.st;
}

bool writ_event_file_is_plain(const struct writ_event_file *file)
{
	return !file->bytes.packed;
}

void writ_event_file_use(struct writ_event_file *file, const struct writ_sieve *sieve)
{
	file->sieve = sieve ? sieve : &everything;
}

void writ_event_file_report(struct writ_event_file *file, writ_bad_line_fn *bad, void *data)
{
	file->bad = bad;
	file->bad_data = data;
}

static void report(const struct writ_event_file *file, const char *line, size_t length,
		   const char *why)
{
	struct writ_bad_line bad = {
		.file = file->bytes.path, .why = why, .line = line, .length = length};

	if (!file->bad)
		return;
	if (line) {
		bad.number = file->number;
		bad.offset = file->base + (uint64_t)(line - file->buffer);
	}
	file->bad(file->bad_data, &bad);
}

/* Moves what is left to the front and makes room behind it. 1; 0: the line is too long. */
static int make_room(struct writ_event_file *file, struct writ_error *err)
{
	char *buffer;
	size_t size;

	file->end -= file->at;
	if (file->at > 0)
		memmove(file->buffer, file->buffer + file->at, file->end);
	file->base += file->at;
	file->at = file->lines_end = 0;
	if (file->end < file->size)
		return 1;
	if (file->size >= WRIT_EVENT_LINE_MAX)
		return 0;
	size = file->size ? file->size * 2 : BUFFER_SIZE;
	buffer = realloc(file->buffer, size);
	if (!buffer)
		return writ_error_set(err, "%s: out of memory", file->bytes.path);
	file->buffer = buffer;
	file->size = size;
	return 1;
}

/* Of a line that is too long, the rest: drops it up to its newline. */
static void skip_line(struct writ_event_file *file)
{
	char *newline = memchr(file->buffer, '\n', file->end);

	file->at = newline ? (size_t)(newline - file->buffer) + 1 : file->end;
	if (newline) {
		file->skipping = false;
		file->number += file->number > 0;
	}
}

/* Brings in more of the file. 1: there may be whole lines now; 0: nothing more at this time. */
static int fill(struct writ_event_file *file, struct writ_error *err)
{
	int room = make_room(file, err);
	const char *newline, *damage;
	ssize_t n;

	if (room < 0)
		return -1;
	if (room == 0) {
		if (!file->skipping)
			report(file, file->buffer, file->end, "the line is too long for an event");
		file->skipping = true;
		file->at = file->end;
		return make_room(file, err) < 0 ? -1 : 1;
	}
	n = writ_event_bytes_read(&file->bytes, file->buffer + file->end, file->size - file->end,
				  &damage, err);
	if (damage)
		report(file, NULL, 0, damage);
	if (n <= 0)
		return (int)n;
	file->end += (size_t)n;
	if (file->skipping)
		skip_line(file);
	newline = memrchr(file->buffer + file->at, '\n', file->end - file->at);
	file->lines_end = newline ? (size_t)(newline - file->buffer) + 1 : file->at;
	memset(&file->state, 0, sizeof(file->state));
	return 1;
}

/* Parses the line at file->at. 1, or 0 after reporting it. */
static int take(struct writ_event_file *file, size_t length, struct writ_entry *ret)
{
	const char *line = file->buffer + file->at;
	struct writ_error why = {0};
	bool good;

	if (length > 0 && line[length - 1] == '\r')
		length--;
	ret->file = file->bytes.path;
	ret->log = NULL;
	ret->offset = file->base + file->at;
	ret->number = file->number;
	ret->from_server = file->bytes.server != NULL;
	good = length > 0 && writ_entry_parse(ret, line, length, &why) == 0;
	if (!good && length > 0)
		report(file, line, length, why.message);
	return good;
}

/* The next line of those in the buffer; 0: there is none. */
static int next_whole(struct writ_event_file *file, struct writ_entry *ret)
{
	while (file->at < file->lines_end) {
		const char *end = file->buffer + file->lines_end, *line;
		uint64_t passed = 0;
		size_t length;
		int taken;

		line = writ_sieve_next(file->sieve, &file->state, file->buffer + file->at, end,
				       &passed);
		file->at = (size_t)(line - file->buffer);
		file->number += file->number ? passed : 0;
		if (line == end)
			break;
		length = (size_t)((const char *)memchr(line, '\n', (size_t)(end - line)) - line);
		taken = take(file, length, ret);
		file->at += length + 1;
		file->number += file->number > 0;
		if (taken)
			return 1;
	}
	return 0;
}

int writ_event_file_next(struct writ_event_file *file, bool last_too, struct writ_entry *ret,
			 struct writ_error *err)
{
	int more;

	do {
		if (next_whole(file, ret))
			return 1;
		more = fill(file, err);
		if (more < 0)
			return -1;
	} while (more);
	if (last_too && file->end > file->at && !file->skipping) {
		size_t length = file->end - file->at;
		int taken = take(file, length, ret);

		/* The buffer stays as it is: the entry is in it. */
		file->at = file->lines_end = file->end;
		return taken;
	}
	return 0;
}

void writ_event_file_seek(struct writ_event_file *file, int64_t since)
{
	uint64_t start;

	if (file->bytes.packed || file->base || file->end || since == WRIT_WHEN_MIN)
		return;
	start = writ_event_file_find(file->bytes.fd, (uint64_t)file->bytes.st.st_size, since);
	if (start == 0 || lseek(file->bytes.fd, (off_t)start, SEEK_SET) < 0)
		return;
	/* Most likely in the middle of a line. */
	file->base = start;
	file->number = 0;
	file->skipping = true;
}

int64_t writ_event_file_first_time(struct writ_event_file *file)
{
	char block[WRIT_SEEK_BLOCK];
	int64_t ret = WRIT_WHEN_MIN;
	ssize_t n;

	if (!S_ISREG(file->bytes.st.st_mode))
		return ret;
	n = writ_event_bytes_peek(&file->bytes, block, sizeof(block));
	if (n > 0)
		writ_seek_block_time(block, (size_t)n, true, &ret);
	return ret;
}

int writ_event_file_rewind(struct writ_event_file *file, struct writ_error *err)
{
	if (writ_event_bytes_rewind(&file->bytes, err) < 0)
		return -1;
	file->at = file->lines_end = file->end = 0;
	file->base = 0;
	file->number = 1;
	file->skipping = false;
	return 0;
}

bool writ_event_file_restart(struct writ_event_file *file)
{
	struct stat st;

	if (file->bytes.packed || fstat(file->bytes.fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size >= file->base + file->end)
		return false;
	report(file, NULL, 0, "the file became shorter: lines may be lost");
	return writ_event_file_rewind(file, NULL) == 0;
}

void writ_event_file_skip_all(struct writ_event_file *file)
{
	off_t end = file->bytes.packed ? -1 : lseek(file->bytes.fd, 0, SEEK_END);

	/* Nothing is appended to a packed file. */
	file->bytes.ended = file->bytes.packed;
	if (end <= 0)
		return;
	file->base = (uint64_t)end;
	file->number = 0;
}
