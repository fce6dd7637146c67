/* SPDX-License-Identifier: ISC */
/*
 * What the oracle and its peers say to each other over pipes: records of fields, each field written
 * "LENGTH:BYTES,", each record ended by a newline. No field holds a NUL byte: arguments cannot.
 *
 * To a peer:  "table" FIELD…   how arguments are to be read from now on (table.h says what follows)
 *             "read" WORD…     an argument vector without argv[0]; one answer comes back
 *             "flush"          answers so far are wanted now
 * From it:    "read" MARKS COMMAND N (OWNER NAME STATE TEXT PLAIN)×N OPERAND…
 *             "refused" MARKS WHY
 *
 * STATE is "value" or "absent"; PLAIN is what the program made of the text. MARKS, words with a
 * blank behind each, name what writ refuses although the program may read it (reading.h).
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct wire_record {
	char **fields; /* n of them, NUL-terminated, valid until the next record is read */
	size_t n;
	size_t room;
	char *bytes;
	size_t bytes_room;
};

/* 1 with the next record, 0 at the end of the stream, -1 if it is broken. */
int wire_read(FILE *in, struct wire_record *record);
void wire_done(struct wire_record *record);

void wire_put(FILE *out, const char *field);
void wire_put_number(FILE *out, long number);
void wire_end(FILE *out);
