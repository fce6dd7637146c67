/* SPDX-License-Identifier: ISC */
#include "string_set.h"

#include <string.h>

#include "arena.h"
#include "hash.h"

/* Where the text is, or the free slot where it would be. There is always a free one. */
static const char **find(const char **slots, size_t n_slots, const char *text)
{
	size_t i = writ_hash(text) & (n_slots - 1);

	while (slots[i] && strcmp(slots[i], text) != 0)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

bool writ_string_set_has(const struct writ_string_set *set, const char *text)
{
	return set->n_slots && *find(set->slots, set->n_slots, text);
}

static int grow(struct writ_arena *arena, struct writ_string_set *set)
{
	size_t n_slots = writ_hash_slots(2 * (set->n + 1));
	const char **slots = writ_arena_alloc(arena, n_slots, sizeof(*slots));

	if (!slots)
		return -1;
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i])
			*find(slots, n_slots, set->slots[i]) = set->slots[i];
	set->slots = slots;
	set->n_slots = n_slots;
	return 0;
}

int writ_string_set_add(struct writ_arena *arena, struct writ_string_set *set, const char *text)
{
	const char **slot;

	if (2 * (set->n + 1) > set->n_slots && grow(arena, set) < 0)
		return -1;
	slot = find(set->slots, set->n_slots, text);
	if (!*slot) {
		*slot = text;
		set->n++;
	}
	return 0;
}
