/* SPDX-License-Identifier: ISC */
/*
 * A piece of JSON text inside a line that was checked already: one value as it stands there.
 * Nothing is copied until somebody asks for it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_arena;

struct writ_slice {
	const char *s; /* borrowed from the line */
	size_t n;      /* bytes; 0: there is no such value */
};

bool writ_slice_is_string(struct writ_slice slice);
/* JSON's null, or nothing at all. */
bool writ_slice_is_null(struct writ_slice slice);

/* Whether it is a string with exactly that content, whatever the spelling (escapes). */
bool writ_slice_equals(struct writ_slice slice, const char *text);
bool writ_slice_equals_bytes(struct writ_slice slice, const char *text, size_t length);

/* The string's content, NUL-terminated, from the arena; NULL if it is no string or without memory.
 */
char *writ_slice_string(struct writ_arena *arena, struct writ_slice slice);

/* The same into out, NUL-terminated, at most size bytes with the NUL (size ≥ 1): the length of what
 * was copied, or -1 if it is no string. What does not fit is cut, with *ret_cut. */
ptrdiff_t writ_slice_copy(struct writ_slice slice, char *out, size_t size, bool *ret_cut);

/* 0, or -1 if it is no integer. */
int writ_slice_integer(struct writ_slice slice, int64_t *ret);

/* The member of an object, or an empty slice if it is no object or has no such member. */
struct writ_slice writ_slice_member(struct writ_slice object, const char *key);

/* Elements of an array, one after the other: starts with *at 0; false after the last, or if it is
 * no array. */
bool writ_slice_element(struct writ_slice array, size_t *at, struct writ_slice *ret);
