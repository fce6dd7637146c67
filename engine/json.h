/* SPDX-License-Identifier: ISC */
/*
 * JSON as policies are written: read strictly (RFC 8259, UTF-8, no duplicate keys, bounded depth
 * and size) into a tree that remembers where every value stood, so that an error can name file,
 * line and JSON path. The tree belongs to the arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_arena;
struct writ_error;
struct writ_json_source;

#define WRIT_JSON_DEPTH_MAX 64

enum writ_json_type {
	WRIT_JSON_NULL,
	WRIT_JSON_FALSE,
	WRIT_JSON_TRUE,
	WRIT_JSON_INTEGER,
	WRIT_JSON_REAL,
	WRIT_JSON_STRING,
	WRIT_JSON_ARRAY,
	WRIT_JSON_OBJECT,
};

struct writ_json {
	enum writ_json_type type;
	uint32_t offset;    /* where it stands in the text, in bytes; see writ_json_line() */
	const char *key;    /* this value's key in its object, NULL in an array or at the top */
	const char *string; /* STRING: NUL-terminated, without NUL inside (an error when read) */
	size_t length;      /* STRING: bytes; ARRAY, OBJECT: members */
	int64_t integer;
	struct writ_json *first, *next; /* members, in the order written */
	const struct writ_json *parent;
	const struct writ_json_source *source; /* shared by the whole tree */
};

/* The file that a tree was read from; the text is as parsed, with some quotes overwritten. */
struct writ_json_source {
	const char *file;
	const char *text;
	size_t length;
};

/* Parses length bytes, at most 4 GiB, of which the arena keeps a copy. NULL with err (file, line,
 * message). */
const struct writ_json *writ_json_parse(struct writ_arena *arena, const char *file,
					const char *text, size_t length, struct writ_error *err);

/* The line that a value stands on, 1-based; counted anew at each call. */
unsigned writ_json_line(const struct writ_json *node);

/* Member of an object, or NULL. */
const struct writ_json *writ_json_get(const struct writ_json *object, const char *key);

/* Sets err's file, line, JSON path and message from a node. Always -1. */
int writ_json_error(const struct writ_json *node, struct writ_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "a string", "an object", … for messages. */
const char *writ_json_type_name(const struct writ_json *node);

/*
 * Objects with fixed keys: one row a key, one loop for all. Unknown keys are an error that names
 * the nearest known one; the key "note" (a string) is allowed everywhere and skipped.
 */
struct writ_json_field {
	const char *key;
	bool required;
	/* Reads the member into the object that is being built. 0 or -1 with err. */
	int (*read)(const struct writ_json *member, void *object, struct writ_error *err);
};
int writ_json_fields(const struct writ_json *json, const struct writ_json_field *fields, size_t n,
		     void *object, struct writ_error *err);

/* Typed access; each 0, or -1 with err naming what was expected. */
int writ_json_string(const struct writ_json *json, const char **ret, struct writ_error *err);
int writ_json_bool(const struct writ_json *json, bool *ret, struct writ_error *err);
int writ_json_int(const struct writ_json *json, int64_t low, int64_t high, int64_t *ret,
		  struct writ_error *err);
/* A string, or an array of strings (at least one), copied into the arena. */
int writ_json_strings(struct writ_arena *arena, const struct writ_json *json, bool single,
		      const char *const **ret, size_t *ret_n, struct writ_error *err);

/* Arrays and objects: for (each member). */
#define writ_each(member, json)                                                                    \
	for (const struct writ_json *member = (json)->first; member; member = member->next)
