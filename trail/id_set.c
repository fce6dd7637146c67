/* SPDX-License-Identifier: ISC */
#include "id_set.h"

#include <stdlib.h>

void writ_id_set_done(struct writ_id_set *set)
{
	free(set->slots);
}

uint64_t writ_id_digest(const char *id, size_t length, uint64_t salt)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ salt;

	/* FNV-1a, and the finish of splitmix64. */
	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)id[i]) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
	h ^= h >> 31;
	return h ? h : 1;
}

/* Where the digest is, or would be. */
static size_t slot_of(const struct writ_id_set *set, uint64_t digest)
{
	size_t slot = digest & (set->n_slots - 1);

	while (set->slots[slot] && set->slots[slot] != digest)
		slot = (slot + 1) & (set->n_slots - 1);
	return slot;
}

bool writ_id_set_has(const struct writ_id_set *set, uint64_t digest)
{
	return set->n > 0 && set->slots[slot_of(set, digest)] == digest;
}

static int grow(struct writ_id_set *set)
{
	struct writ_id_set more = {.n_slots = set->n_slots ? set->n_slots * 2 : 1024, .n = set->n};

	more.slots = calloc(more.n_slots, sizeof(*more.slots));
	if (!more.slots)
		return -1;
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i])
			more.slots[slot_of(&more, set->slots[i])] = set->slots[i];
	free(set->slots);
	*set = more;
	return 0;
}

int writ_id_set_add(struct writ_id_set *set, uint64_t digest)
{
	size_t slot;

	if (set->n * 2 >= set->n_slots && grow(set) < 0)
		return -1;
	slot = slot_of(set, digest);
	if (set->slots[slot])
		return 0;
	set->slots[slot] = digest;
	set->n++;
	return 1;
}
