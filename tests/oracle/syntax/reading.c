/* SPDX-License-Identifier: ISC */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

#include "show.h"

/* Fields of a reading before the first option, and of each option. */
#define HEAD 2
#define OPTION 5

void reading_add(struct reading *reading, const char *field)
{
	if (reading->n == reading->room) {
		reading->room = reading->room ? reading->room * 2 : 16;
		reading->fields =
			reallocarray(reading->fields, reading->room, sizeof(*reading->fields));
		if (!reading->fields)
			abort();
	}
	reading->fields[reading->n] = strdup(field);
	if (!reading->fields[reading->n++])
		abort();
}

void reading_done(struct reading *reading)
{
	for (size_t i = 0; i < reading->n; i++)
		free(reading->fields[i]);
	free(reading->fields);
	memset(reading, 0, sizeof(*reading));
}

static size_t option_count(const struct reading *reading)
{
	return reading->n < HEAD ? 0 : strtoul(reading->fields[1], NULL, 10);
}

int reading_from_record(struct reading *ret, const struct wire_record *record)
{
	memset(ret, 0, sizeof(*ret));
	if (record->n < 3 || strlen(record->fields[1]) >= sizeof(ret->marks))
		return -1;
	ret->read = strcmp(record->fields[0], "read") == 0;
	if (!ret->read && strcmp(record->fields[0], "refused") != 0)
		return -1;
	snprintf(ret->marks, sizeof(ret->marks), "%s", record->fields[1]);
	for (size_t i = 2; i < record->n; i++)
		reading_add(ret, record->fields[i]);
	return ret->read && ret->n < HEAD + OPTION * option_count(ret) ? -1 : 0;
}

bool reading_is_none(const struct reading *peer)
{
	return strstr(peer->marks, "panic");
}

bool reading_agrees(const struct reading *writ, const struct reading *peer)
{
	if (reading_is_none(peer))
		return false;
	if (peer->marks[0] || !peer->read)
		return !writ->read;
	if (!writ->read || writ->n != peer->n)
		return false;
	for (size_t i = 0; i < writ->n; i++)
		if (strcmp(writ->fields[i], peer->fields[i]) != 0)
			return false;
	return true;
}

void reading_print(FILE *out, const struct reading *reading)
{
	size_t n = option_count(reading);

	if (!reading->read) {
		fprintf(out, "refused: %s %s\n", reading->n > 0 ? reading->fields[0] : "",
			reading->marks);
		return;
	}
	fprintf(out, "%s%s%s\n", reading->fields[0], reading->marks[0] ? ", but: " : "",
		reading->marks);
	for (size_t i = 0; i < n; i++) {
		char *const *option = reading->fields + HEAD + OPTION * i;

		fprintf(out, "#            %s: %s %s ", option[0], option[1], option[2]);
		show_word(out, option[3]);
		if (strcmp(option[3], option[4]) != 0) {
			fputs(" = ", out);
			show_word(out, option[4]);
		}
		putc('\n', out);
	}
	fputs("#            operands:", out);
	for (size_t i = HEAD + OPTION * n; i < reading->n; i++) {
		putc(' ', out);
		show_word(out, reading->fields[i]);
	}
	putc('\n', out);
}
