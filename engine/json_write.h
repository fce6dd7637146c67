/* SPDX-License-Identifier: ISC */
/*
 * JSON that programs read and terminals may show: one line, always valid UTF-8 (bytes that are not
 * become U+FFFD), and every character that could speak to a terminal is escaped: C0, 0x7f, C1, and
 * what reorders or hides the text around it (bidirectional and zero-width characters, separators,
 * tags).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_json_writer;

/* _new is NULL without memory; a failure later is kept and makes _text return NULL. A call that
 * would not give JSON is such a failure too: a member without a key, a key in an array, an end that
 * fits no begin, a second value at the top, deeper than WRIT_JSON_DEPTH_MAX. */
struct writ_json_writer *writ_json_writer_new(void);
void writ_json_writer_free(struct writ_json_writer *writer);

/* For auto_json_writer, as in cleanup.h. */
static inline void writ_cleanup_json_writer(struct writ_json_writer **writer)
{
	writ_json_writer_free(*writer);
}

#define auto_json_writer __attribute__((cleanup(writ_cleanup_json_writer)))
void writ_json_writer_reset(struct writ_json_writer *writer); /* for the next line */

void writ_json_object_begin(struct writ_json_writer *writer, const char *key);
void writ_json_object_end(struct writ_json_writer *writer);
void writ_json_array_begin(struct writ_json_writer *writer, const char *key);
void writ_json_array_end(struct writ_json_writer *writer);
/* key is NULL inside an array. A NULL string is written as null. */
void writ_json_add_string(struct writ_json_writer *writer, const char *key, const char *value);
void writ_json_add_stringn(struct writ_json_writer *writer, const char *key, const char *value,
			   size_t length);
void writ_json_add_int(struct writ_json_writer *writer, const char *key, int64_t value);
/* value / 10^digits, with exactly that many decimals (0 to 18): (1500000, 6) is 1.500000. */
void writ_json_add_decimal(struct writ_json_writer *writer, const char *key, int64_t value,
			   unsigned digits);
void writ_json_add_bool(struct writ_json_writer *writer, const char *key, bool value);
void writ_json_add_null(struct writ_json_writer *writer, const char *key);
/* A value that is JSON already, as a reader of JSON has found it, on one line: the same value, its
 * characters that could speak to a terminal escaped too. */
void writ_json_add_json(struct writ_json_writer *writer, const char *key, const char *value,
			size_t length);

/* The text, NUL-terminated and without a newline; NULL if anything failed or is still open. Owned
 * by the writer, until the next call. */
const char *writ_json_writer_text(struct writ_json_writer *writer, size_t *ret_length);
