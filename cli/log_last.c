/* SPDX-License-Identifier: ISC */
#include "log_last.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "error.h"

struct kept {
	char *line;
	size_t length, size; /* of what is in it, and of the memory, which is used again */
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
	for (size_t i = 0; i < last->n_slots; i++)
		free(last->slots[i].line);
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
	memset(slots + last->n_slots, 0, (more - last->n_slots) * sizeof(*slots));
	last->slots = slots;
	last->n_slots = more;
	return 0;
}

static int make_room(struct kept *slot, size_t size)
{
	char *line = realloc(slot->line, size);

	if (!line)
		return -1;
	slot->line = line;
	slot->size = size;
	return 0;
}

int cli_log_last_add(struct cli_log_last *last, const struct writ_entry *entry,
		     struct writ_error *err)
{
	struct kept *slot;

	if (last->max == 0)
		return 0;
	if (last->n == last->n_slots && last->n < last->max && grow(last) < 0)
		return writ_error_set(err, "out of memory");
	slot = &last->slots[last->n == last->max ? last->first : last->n];
	if (slot->size < entry->length && make_room(slot, entry->length) < 0)
		return writ_error_set(err, "out of memory");
	memcpy(slot->line, entry->line, entry->length);
	slot->length = entry->length;
	slot->file = entry->file;
	slot->offset = entry->offset;
	slot->number = entry->number;
	if (last->n == last->max)
		last->first = (last->first + 1) % last->n_slots;
	else
		last->n++;
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
	slot->size = 0;
	last->first = (last->first + 1) % last->n_slots;
	last->n--;
	ret->file = slot->file;
	ret->offset = slot->offset;
	ret->number = slot->number;
	return writ_entry_parse(ret, last->given, slot->length, err) < 0 ? -1 : 1;
}
