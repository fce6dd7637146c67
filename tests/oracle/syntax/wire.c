/* SPDX-License-Identifier: ISC */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

/* Both ends are tests: without memory there is nothing to save. */
static void *resized(void *old, size_t n, size_t size)
{
	void *memory = reallocarray(old, n, size);

	if (!memory)
		abort();
	return memory;
}

/* The number before ':'; first is its first character. -1 if there is none. */
static long read_length(FILE *in, int first)
{
	long length = 0;

	for (int c = first; c != ':'; c = getc(in)) {
		if (c < '0' || c > '9' || length > 1000000)
			return -1;
		length = length * 10 + (c - '0');
	}
	return length;
}

/* One field behind those already there, which may move: fields are set when all are read. */
static int read_field(FILE *in, int first, struct wire_record *record, size_t *used)
{
	long length = read_length(in, first);

	if (length < 0)
		return -1;
	if (*used + (size_t)length + 1 > record->bytes_room) {
		record->bytes_room = (*used + (size_t)length + 1) * 2;
		record->bytes = resized(record->bytes, record->bytes_room, 1);
	}
	if (fread(record->bytes + *used, 1, (size_t)length, in) != (size_t)length ||
	    getc(in) != ',')
		return -1;
	record->bytes[*used + (size_t)length] = '\0';
	*used += (size_t)length + 1;
	record->n++;
	return 0;
}

int wire_read(FILE *in, struct wire_record *record)
{
	size_t used = 0;
	char *p;
	int c = getc(in);

	if (c == EOF)
		return 0;
	record->n = 0;
	for (; c != '\n'; c = getc(in))
		if (c == EOF || read_field(in, c, record, &used) < 0)
			return -1;
	if (record->n > record->room) {
		record->room = record->n * 2;
		record->fields = resized(record->fields, record->room, sizeof(char *));
	}
	p = record->bytes;
	for (size_t i = 0; i < record->n; i++) {
		record->fields[i] = p;
		p += strlen(p) + 1;
	}
	return 1;
}

void wire_done(struct wire_record *record)
{
	free(record->fields);
	free(record->bytes);
	memset(record, 0, sizeof(*record));
}

void wire_put(FILE *out, const char *field)
{
	fprintf(out, "%zu:%s,", strlen(field), field);
}

void wire_put_number(FILE *out, long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", number);
	wire_put(out, text);
}

void wire_end(FILE *out)
{
	putc('\n', out);
}
