/* SPDX-License-Identifier: ISC */
/* The inside of a reader of I/O logs, shared by the files that make it up; iolog.h is for others.
 */
#pragma once

#include <sys/stat.h>

#include "iolog.h"
#include "stream.h"

#define WRIT_IOLOG_FAULTS_MAX 16
/* sudoreplay(8) reads lines of at most LINE_MAX; a real one has 40 bytes. */
#define WRIT_IOLOG_LINE_MAX 2048

struct writ_iolog_stream {
	struct writ_stream *file; /* NULL: there is none, or it cannot be read */
	uint64_t size;            /* of the file as it lies there */
	bool told;                /* a fault of it has been said */
};

struct writ_iolog_reader {
	struct writ_arena *arena;
	const char *path;
	int folder;
	struct writ_iolog_info info;
	bool complete;
	struct writ_stream *timing; /* NULL: none */
	struct writ_iolog_stream streams[WRIT_IOLOG_STREAMS];

	/* where next() is */
	char line[WRIT_IOLOG_LINE_MAX]; /* bytes of timing that were read */
	size_t used, at;                /* how many, and where the next line begins */
	uint64_t line_number;
	bool shifted;           /* numbered as by sudo 1.8.7 */
	struct timespec offset; /* of the present record */
	bool leftover;          /* timing is at its end */
	int present;            /* the stream of the present record; -1: none */
	uint64_t left;          /* bytes of the present record that were not read */
	unsigned next_leftover; /* the stream to be looked at for them next */
	bool has_peeked; /* a byte of the present record that was read to see whether it is there */
	char peeked;

	char faults[WRIT_IOLOG_FAULTS_MAX + 1][200];
	size_t n_faults;
};

/* Adds a fault, made printable. */
void writ_iolog_add_fault(struct writ_iolog_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads log.json or log into reader->info. */
void writ_iolog_info_load(struct writ_iolog_reader *reader);

/* The text of log.json or log, parsed. 0 or -1 with err. The strings are the arena's. */
int writ_iolog_info_parse_json(struct writ_arena *arena, const char *text, size_t length,
			       struct writ_iolog_info *ret, struct writ_error *err);
int writ_iolog_info_parse_legacy(struct writ_arena *arena, const char *text, size_t length,
				 struct writ_iolog_info *ret, struct writ_error *err);

/* Opens timing and the streams, and finds out which are packed. */
void writ_iolog_open_streams(struct writ_iolog_reader *reader);

/* A line of timing, without its newline. 0, or -1: it is none. *shifted is kept from line to line
 * (false at first). */
int writ_iolog_timing_parse(const char *line, size_t length, bool *shifted,
			    struct writ_iolog_record *ret);

/* The next line of timing that is one, with its offset; false at the end. */
bool writ_iolog_timing_next(struct writ_iolog_reader *reader, struct writ_iolog_record *ret);
