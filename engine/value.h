/* SPDX-License-Identifier: ISC */
/*
 * Typed values: what a program understands when it reads the text of an option or operand.
 * A type turns text into a normal form and, where it has structure, into named fields; text that
 * the type cannot read makes the whole request `unparsed`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "truth.h"

struct writ_arena;
struct writ_error;
struct writ_path_cache;
struct writ_value_type;

/* One named part of a structured value. A field that may repeat (docker.mount's volume-opt,
 * docker.network's alias) has several values, in the order given. */
struct writ_field {
	const char *name;                   /* from the type's table: compare by strcmp */
	const struct writ_value_type *type; /* how matchers see it: string, path, … */
	const char **values;                /* n ≥ 1 */
	size_t n;
	bool repeat; /* it is one that may have several */
};

struct writ_value {
	const struct writ_value_type *type;
	const char *text;   /* as typed; never NULL */
	const char *normal; /* as the program understands it; == text where they do not differ */
	struct writ_field *fields; /* a structured value's fields that are there */
	size_t n_fields;
	union {
		int64_t integer; /* int, bytes; duration: nanoseconds (go), microseconds × 1000
				    (systemd) */
		bool boolean;
	} number;
};

/* What a matcher may ask of a type, beyond text. */
enum writ_value_kind {
	WRIT_VALUE_STRING, /* string, docker.name, docker.capability, systemd.unit, … */
	WRIT_VALUE_TEXT,   /* people's words: tab and newline are ordinary */
	WRIT_VALUE_BOOL,
	WRIT_VALUE_INT,
	WRIT_VALUE_DURATION,
	WRIT_VALUE_SIZE,
	WRIT_VALUE_PATH, /* a path that the program itself opens, on this host */
	WRIT_VALUE_IMAGE,
	WRIT_VALUE_STRUCTURED, /* has fields */
};

struct writ_value_type {
	const char *name; /* "docker.volume", as in command files */
	enum writ_value_kind kind;
	/* Reads value->text (set by the caller, with type) into normal, fields and number. 0, or -1
	 * with a message for people ("'12x' is no integer") in err. Allocates from the arena only.
	 */
	int (*read)(struct writ_arena *arena, struct writ_value *value, struct writ_error *err);
	/* Structured types: the names a field can have, NULL-terminated, and the main one ("text"
	 * matchers compare it, with all others absent); main_field is NULL where no field says it
	 * all. NULL for the other types. What a program fills in itself is a field too
	 * (docker.mount's type, docker.device's permissions); a flag inside a value (readonly) is a
	 * field only while set. */
	const char *const *field_names;
	const char *main_field;
	/* Reads a bound of a duration or size matcher in the type's own spelling; NULL elsewhere.
	 */
	int (*bound)(const char *text, int64_t *ret);
	/* What must hold before any allow rule covers the value, whatever its matcher says; NULL:
	 * nothing. Not YES: with why not in err. */
	enum writ_truth (*judge)(struct writ_arena *arena, const struct writ_value *value,
				 struct writ_path_cache *paths, const char *cwd,
				 struct writ_error *err);
};

/* The type of that name, or NULL; all types, sorted by name. */
const struct writ_value_type *writ_value_type_find(const char *name);
const struct writ_value_type *const *writ_value_types(size_t *ret_n);
extern const struct writ_value_type writ_type_string;
extern const struct writ_value_type writ_type_path;
extern const struct writ_value_type writ_type_bool;

/* Sets type and text and reads it. text must outlive the value. */
int writ_value_read(struct writ_arena *arena, struct writ_value *value,
		    const struct writ_value_type *type, const char *text, struct writ_error *err);

/* The field of that name, or NULL. */
const struct writ_field *writ_value_field(const struct writ_value *value, const char *name);

/* For the types' own use: adds a field (or one more value to a field of that name when repeat;
 * otherwise the last one wins). 0, or -1 without memory. */
int writ_value_add_field(struct writ_arena *arena, struct writ_value *value, const char *name,
			 const struct writ_value_type *type, const char *text, bool repeat);
