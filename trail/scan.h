/* SPDX-License-Identifier: ISC */
/*
 * JSON values taken apart where they stand, without memory and at the speed of a search: millions
 * of lines are read only to be dropped again.
 *
 * What an untrusted scanner takes, writ_json_parse takes too, and means the same. It is the
 * stricter of the two: it gives up on what is rare (escapes in keys, objects with many members, odd
 * surrogates), and then writ_json_parse decides. A trusted one is for text that was checked by
 * either.
 */
#pragma once

#include <stdbool.h>

#include "slice.h"

struct writ_scanner {
	const char *at, *end;
	bool trusted;
	unsigned depth; /* of open objects and arrays */
};

/* Takes the next value, blanks before it skipped. False if there is none that can be taken. */
bool writ_scan_value(struct writ_scanner *scanner, struct writ_slice *ret);

/* Takes an object, and shows each of its members; key is a JSON string, with its quotes. A member
 * that returns false ends it. True if the object was taken whole. */
typedef bool writ_scan_member_fn(void *data, struct writ_slice key, struct writ_slice value);
bool writ_scan_object(struct writ_scanner *scanner, writ_scan_member_fn *member, void *data);

/* Skips blanks; whether that was all there is. */
bool writ_scan_at_end(struct writ_scanner *scanner);
