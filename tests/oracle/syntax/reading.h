/* SPDX-License-Identifier: ISC */
/*
 * What an argument vector was read as, by writ or by a peer.
 *
 * A peer's reading may carry marks: writ must refuse the vector then, whatever the program does.
 *They are all the exceptions there are, each worked out by the peer from table and vector:
 *
 *	abbreviated  an abbreviation, and the file does not list every option
 *	unlisted     an option that the file does not list
 *	unsure-next  whether a word is an optional value cannot be told: it is no plain text
 *	old-form     an old form of tail's options other than -N
 *	dropped      the program drops words unread (cobra before a command, pflag behind "test.")
 *	versions     versions of cobra read it differently
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "table.h"
#include "vector.h"
#include "wire.h"

struct reading {
	bool read;
	char marks[96];
	char **fields; /* as an answer's (wire.h), behind the marks; its own */
	size_t n, room;
};

void reading_done(struct reading *reading);
void reading_add(struct reading *reading, const char *field);

/* A peer's answer. 0, or -1: it is none. */
int reading_from_record(struct reading *ret, const struct wire_record *record);

/* Whether the peer could do nothing with the table; a mark of its own, "panic", which never agrees.
 */
bool reading_is_none(const struct reading *peer);

/* Whether writ's reading is right, the peer's being the measure. */
bool reading_agrees(const struct reading *writ, const struct reading *peer);

void reading_print(FILE *out, const struct reading *reading);

/* writ, with one table's command file loaded; NULL with a message. */
struct writ_side;
struct writ_side *writ_side_new(const struct table *table, char *error, size_t size);
void writ_side_free(struct writ_side *side);
void writ_side_read(struct writ_side *side, const struct vector *vector, struct reading *ret);
