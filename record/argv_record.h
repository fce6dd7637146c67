/* SPDX-License-Identifier: ISC */
/*
 * An argument vector as an event holds it: whole if it is short, else cut, with its size and
 * digest, so that the log stays readable whatever is thrown at it; and as bytes where it is not
 * UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;
struct writ_json_writer;

/* What is kept of a vector, in bytes, each argument counted with its terminating NUL. */
#define WRIT_ARGV_RECORD_MAX 4096

struct writ_argv_record {
	char *const *argv; /* the vector itself, or what is kept of it */
	size_t argc;
	bool cut;
	bool raw;        /* something kept is not UTF-8 */
	size_t bytes;    /* of the whole vector */
	char sha256[65]; /* cut: of all arguments, each with its NUL; lower-case hex */
};

/* 0, or -1 without memory. A short vector is borrowed, not copied. */
int writ_argv_record_make(struct writ_argv_record *ret, struct writ_arena *arena,
			  char *const argv[], size_t argc);

/* Adds argv_raw (an array in step with argv, each in base64) if it is raw, argv_bytes and
 * argv_sha256 if it is cut. argv itself is the decision's to write. */
void writ_argv_record_write(const struct writ_argv_record *record, struct writ_json_writer *writer);
