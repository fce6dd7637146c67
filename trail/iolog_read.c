/* SPDX-License-Identifier: ISC */
/* The records of an I/O log in their order, with the bytes of the streams. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "iolog_reader.h"

static const char *kind_name(int kind)
{
	return writ_iolog_kind_to_string((enum writ_iolog_kind)kind);
}

/* How many bytes of a stream `timing` tells of. */
static uint64_t timed_bytes(const struct writ_iolog_reader *reader, enum writ_iolog_kind stream)
{
	/* A reader of its own, without faults to report: those are said when it is read in earnest.
	 */
	auto_free struct writ_iolog_reader *scan = calloc(1, sizeof(*scan));
	int fd = scan ? writ_stream_openat(reader->folder, "timing") : -1;
	struct writ_iolog_record record;
	uint64_t sum = 0;

	if (fd < 0)
		return 0;
	scan->timing = writ_stream_new(fd, false);
	while (writ_iolog_timing_next(scan, &record))
		if (record.kind == stream && __builtin_add_overflow(sum, record.length, &sum))
			sum = UINT64_MAX;
	writ_stream_free(scan->timing);
	return sum;
}

/* Whether the file unpacks, to its end, to that many bytes. */
static bool unpacks_to(const struct writ_iolog_reader *reader, const char *name, uint64_t bytes)
{
	int fd = writ_stream_openat(reader->folder, name);
	struct writ_stream *stream = fd < 0 ? NULL : writ_stream_new(fd, true);
	bool fits;

	if (!stream)
		return false;
	fits = writ_stream_skip(stream, bytes) == bytes && writ_stream_skip(stream, 1) == 0 &&
	       !writ_stream_fault(stream);
	writ_stream_free(stream);
	return fits;
}

/*
 * Whether a stream that begins like a gzip file is one. sudo packs all files of a log or none, and
 * a command can write what looks packed (`cat x.gz`) but has no say over `timing`: so that tells.
 * Only where `timing` is plain and does not fit the file's size may somebody have packed the stream
 * later; then the number of bytes must prove it. (Nobody but root can make `timing` go away: then
 * what the file looks like is believed.)
 */
static bool is_packed(struct writ_iolog_reader *reader, enum writ_iolog_kind kind,
		      bool timing_packed)
{
	const char *name = writ_iolog_kind_to_string(kind);
	uint64_t bytes;

	if (timing_packed || !reader->timing)
		return true;
	bytes = timed_bytes(reader, kind);
	if (bytes == reader->streams[kind].size)
		return false;
	if (unpacks_to(reader, name, bytes))
		return true;
	writ_iolog_add_fault(reader, "%s: begins like a gzip file, but is none of this log's",
			     name);
	return false;
}

static int open_file(struct writ_iolog_reader *reader, const char *name)
{
	int fd = writ_stream_openat(reader->folder, name);

	if (fd < 0 && errno == ENOTSUP)
		writ_iolog_add_fault(reader, "%s: is no regular file", name);
	else if (fd < 0 && errno != ENOENT)
		writ_iolog_add_fault(reader, "%s: %s", name, strerror(errno));
	return fd;
}

static void open_stream(struct writ_iolog_reader *reader, enum writ_iolog_kind kind,
			bool timing_packed)
{
	struct writ_iolog_stream *stream = &reader->streams[kind];
	const char *name = writ_iolog_kind_to_string(kind);
	int fd = open_file(reader, name);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0)
		stream->size = (uint64_t)st.st_size;
	stream->file = writ_stream_new(fd, writ_stream_is_gzip(fd) &&
						   is_packed(reader, kind, timing_packed));
	if (!stream->file)
		writ_iolog_add_fault(reader, "%s: no memory", name);
}

void writ_iolog_open_streams(struct writ_iolog_reader *reader)
{
	int fd = open_file(reader, "timing");
	bool packed = false;
	struct stat st;

	if (fd >= 0) {
		packed = writ_stream_is_gzip(fd);
		reader->complete =
			fstat(fd, &st) == 0 && !(st.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH));
		reader->timing = writ_stream_new(fd, packed);
	}
	if (!reader->timing)
		writ_iolog_add_fault(reader, "timing: is missing");
	for (int i = 0; i < WRIT_IOLOG_STREAMS; i++)
		open_stream(reader, (enum writ_iolog_kind)i, packed);
}

/* Says once what is wrong with a stream. */
static void tell(struct writ_iolog_reader *reader, int kind, const char *what)
{
	struct writ_iolog_stream *stream = &reader->streams[kind];

	if (!stream->told)
		writ_iolog_add_fault(reader, "%s: %s", kind_name(kind), what);
	stream->told = true;
}

/* The present record goes on, but its stream does not; that is wrong unless the record is what
 * timing does not tell of, which goes on to the end. */
static void tell_short(struct writ_iolog_reader *reader)
{
	const struct writ_stream *file = reader->streams[reader->present].file;
	const char *fault = file ? writ_stream_fault(file) : "is missing";

	if (fault)
		tell(reader, reader->present, fault);
	else if (!reader->leftover)
		tell(reader, reader->present, "is shorter than timing says");
	reader->left = 0;
}

/* Passes over what was not read of the present record. */
static void finish_record(struct writ_iolog_reader *reader)
{
	struct writ_stream *file;

	reader->has_peeked = false;
	if (reader->present < 0 || reader->left == 0)
		return;
	file = reader->streams[reader->present].file;
	if (!file || writ_stream_skip(file, reader->left) < reader->left)
		tell_short(reader);
	reader->left = 0;
}

/* Then come the bytes of each stream that no line of timing told of, if there are any. */
static bool next_leftover(struct writ_iolog_reader *reader, struct writ_iolog_record *ret)
{
	for (; reader->next_leftover < WRIT_IOLOG_STREAMS; reader->next_leftover++) {
		int kind = (int)reader->next_leftover;
		struct writ_stream *file = reader->streams[kind].file;

		if (!file)
			continue;
		if (writ_stream_read(file, &reader->peeked, 1) == 0) {
			if (writ_stream_fault(file))
				tell(reader, kind, writ_stream_fault(file));
			continue;
		}
		if (reader->timing)
			writ_iolog_add_fault(reader, "%s: is longer than timing says",
					     kind_name(kind));
		reader->has_peeked = true;
		*ret = (struct writ_iolog_record) {.kind = (enum writ_iolog_kind)kind,
						   .offset = reader->offset,
						   .untimed = true};
		reader->present = kind;
		reader->left = UINT64_MAX;
		return true;
	}
	return false;
}

int writ_iolog_next(struct writ_iolog_reader *reader, struct writ_iolog_record *ret)
{
	finish_record(reader);
	reader->present = -1;
	if (!reader->leftover && writ_iolog_timing_next(reader, ret)) {
		if (ret->kind < WRIT_IOLOG_STREAMS) {
			reader->present = (int)ret->kind;
			reader->left = ret->length;
		}
		return 1;
	}
	reader->leftover = true;
	return next_leftover(reader, ret);
}

size_t writ_iolog_read(struct writ_iolog_reader *reader, void *buffer, size_t size)
{
	struct writ_stream *file;
	size_t n = 0;

	if (reader->present < 0 || reader->left == 0 || size == 0)
		return 0;
	if (reader->has_peeked) {
		*(char *)buffer = reader->peeked;
		reader->has_peeked = false;
		return 1;
	}
	file = reader->streams[reader->present].file;
	if (file)
		n = writ_stream_read(file, buffer, size < reader->left ? size : reader->left);
	if (n == 0)
		tell_short(reader);
	else if (!reader->leftover)
		reader->left -= n;
	return n;
}
