/* SPDX-License-Identifier: ISC */
#include "report_recording.h"

#include <nettle/base64.h>
#include <stdint.h>
#include <string.h>

#include "cleanup.h"
#include "iolog.h"
#include "json_write.h"
#include "report.h"
#include "report_block.h"
#include "timestamp.h"

/* A wait between two records, in microseconds: whatever `timing` says, the page can add them up. */
#define DELAY_MAX INT64_C(1000000000000)

/* What a record takes in the page besides its bytes: a log may have nothing but records. */
#define RECORD_SIZE 16

struct recording {
	struct writ_iolog_reader *reader;
	struct writ_json_writer *writer;
	uint8_t *bytes; /* of all records that are kept, one after the other */
	size_t used, max;
	uint64_t total; /* bytes that the log has */
	size_t n;       /* records that are kept */
	bool cut;
};

static void free_writer(struct writ_json_writer **writer)
{
	writ_json_writer_free(*writer);
}

static int64_t microseconds(const struct timespec *delay)
{
	if (delay->tv_sec < 0)
		return 0;
	if (delay->tv_sec >= DELAY_MAX / 1000000)
		return DELAY_MAX;
	return (int64_t)delay->tv_sec * 1000000 + delay->tv_nsec / 1000;
}

/* The bytes of the present record, as many as there is room for; *ret_more where that was not all.
 */
static size_t read_bytes(struct recording *r, bool *ret_more)
{
	size_t start = r->used, n;
	char one;

	while (r->used < r->max) {
		n = writ_iolog_read(r->reader, r->bytes + r->used, r->max - r->used);
		if (n == 0)
			break;
		r->used += n;
	}
	*ret_more = r->used == r->max && writ_iolog_read(r->reader, &one, 1) == 1;
	return r->used - start;
}

static void add_record(struct recording *r, const struct writ_iolog_record *record)
{
	struct writ_json_writer *writer = r->writer;

	writ_json_array_begin(writer, NULL);
	writ_json_add_int(writer, NULL, record->kind);
	writ_json_add_int(writer, NULL, microseconds(&record->delay));
	if (record->kind == WRIT_IOLOG_WINSIZE) {
		writ_json_add_int(writer, NULL, record->lines);
		writ_json_add_int(writer, NULL, record->columns);
	} else if (record->kind == WRIT_IOLOG_SUSPEND) {
		writ_json_add_string(writer, NULL, record->signal);
	} else {
		writ_json_add_int(writer, NULL, (int64_t)read_bytes(r, &r->cut));
		if (record->untimed)
			writ_json_add_int(writer, NULL, 1);
	}
	writ_json_array_end(writer);
	r->n++;
}

/* All records, the bytes of those that there is room for; the others are counted. */
static void add_records(struct recording *r)
{
	struct writ_iolog_record record;

	writ_json_array_begin(r->writer, "records");
	while (writ_iolog_next(r->reader, &record) == 1) {
		r->total += record.length;
		if (r->n == WRIT_REPORT_RECORDS_MAX || (record.length > 0 && r->used == r->max))
			r->cut = true;
		if (!r->cut)
			add_record(r, &record);
	}
	writ_json_array_end(r->writer);
}

static void add_faults(const struct recording *r)
{
	const char *fault;

	writ_json_array_begin(r->writer, "faults");
	for (size_t i = 0; (fault = writ_iolog_fault(r->reader, i)); i++)
		writ_json_add_string(r->writer, NULL, fault);
	writ_json_array_end(r->writer);
}

/* Adds ,"data":"…"} in place of the object's end. */
static void write_bytes(FILE *out, const struct recording *r)
{
	char text[BASE64_ENCODE_RAW_LENGTH(3 * 1024)];

	fputs(",\"data\":\"", out);
	for (size_t at = 0; at < r->used; at += 3 * 1024) {
		size_t n = r->used - at < 3 * 1024 ? r->used - at : 3 * 1024;

		base64_encode_raw(text, n, r->bytes + at);
		fwrite(text, 1, BASE64_ENCODE_RAW_LENGTH(n), out);
	}
	fputs("\"}", out);
}

static int write_recording(FILE *out, const char *id, const char *tsid, struct recording *r)
{
	const struct writ_iolog_info *info = writ_iolog_info(r->reader);
	const char *text;
	size_t length;

	writ_json_object_begin(r->writer, NULL);
	writ_json_add_string(r->writer, "tsid", tsid);
	writ_json_add_bool(r->writer, "complete", writ_iolog_complete(r->reader));
	writ_json_add_int(r->writer, "lines", info->lines);
	writ_json_add_int(r->writer, "columns", info->columns);
	writ_timestamp_add(r->writer, "time", &info->time);
	add_records(r);
	add_faults(r);
	writ_json_add_bool(r->writer, "cut", r->cut);
	writ_json_add_int(r->writer, "shown", (int64_t)r->used);
	writ_json_add_int(r->writer, "total", (int64_t)r->total);
	writ_json_object_end(r->writer);
	text = writ_json_writer_text(r->writer, &length);
	if (!text)
		return -1;
	writ_report_block_begin(out, id);
	writ_report_block_text(out, text, length - 1);
	write_bytes(out, r);
	writ_report_block_end(out);
	return 0;
}

int writ_report_recording_write(FILE *out, const char *id, const char *tsid,
				struct writ_iolog_reader *reader, size_t max, size_t *ret_used)
{
	__attribute__((cleanup(free_writer))) struct writ_json_writer *writer =
		writ_json_writer_new();
	auto_free uint8_t *bytes = NULL;
	struct recording r = {.reader = reader, .writer = writer, .max = max};

	if (r.max > WRIT_REPORT_RECORDING_MAX)
		r.max = WRIT_REPORT_RECORDING_MAX;
	r.bytes = bytes = malloc(r.max);
	if (!writer || !bytes || write_recording(out, id, tsid, &r) < 0)
		return -1;
	*ret_used = r.used + r.n * RECORD_SIZE;
	return 0;
}
