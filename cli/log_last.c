/* SPDX-License-Identifier: ISC */
#include "log_last.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "error.h"

struct kept {
	char *line;
	size_t length;
	const char *file;
	uint64_t offset, number;
};

struct cli_log_last {
	struct kept *slots; /* a ring that grows up to max */
	size_t max, n_slots, first, n;
	char *given; /* the line that the caller has */
};

struct cli_log_last *cli_log_last_new(size_t n)
{
	struct cli_log_last *last = calloc(1, sizeof(*last));

	if (last)
		last->max = n;
	return last;
}

void cli_log_last_free(struct cli_log_last *last)
{
	if (!last)
		return;
	for (size_t i = 0; i < last->n; i++)
		free(last->slots[(last->first + i) % last->n_slots].line);
	free(last->slots);
	free(last->given);
	free(last);
}

/* While it grows, the ring begins at its first slot. */
static int grow(struct cli_log_last *last)
{
	size_t more = last->n_slots ? last->n_slots * 2 : 64;
	struct kept *slots;

	if (more > last->max)
		more = last->max;
	slots = reallocarray(last->slots, more, sizeof(*slots));
	if (!slots)
		return -1;
	last->slots = slots;
	last->n_slots = more;
	return 0;
}

int cli_log_last_add(struct cli_log_last *last, const struct writ_entry *entry,
		     struct writ_error *err)
{
	struct kept *slot;
	char *line;

	if (last->max == 0)
		return 0;
	line = malloc(entry->length + 1);
	if (!line || (last->n == last->n_slots && last->n < last->max && grow(last) < 0)) {
		free(line);
		return writ_error_set(err, "out of memory");
	}
	memcpy(line, entry->line, entry->length);
	if (last->n == last->max) {
		slot = &last->slots[last->first];
		free(slot->line);
		last->first = (last->first + 1) % last->n_slots;
	} else {
		slot = &last->slots[last->n++];
	}
	slot->line = line;
	slot->length = entry->length;
	slot->file = entry->file;
	slot->offset = entry->offset;
	slot->number = entry->number;
	return 0;
}

int cli_log_last_next(struct cli_log_last *last, struct writ_entry *ret, struct writ_error *err)
{
	struct kept *slot;

	if (last->n == 0)
		return 0;
	slot = &last->slots[last->first];
	free(last->given);
	last->given = slot->line;
	slot->line = NULL;
	last->first = (last->first + 1) % last->n_slots;
	last->n--;
	ret->file = slot->file;
	ret->offset = slot->offset;
	ret->number = slot->number;
	return writ_entry_parse(ret, last->given, slot->length, err) < 0 ? -1 : 1;
}
