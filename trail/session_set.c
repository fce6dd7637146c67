/* SPDX-License-Identifier: ISC */
#include "session_set.h"

#include <string.h>

#include "arena.h"
#include "hash.h"
#include "sieve.h"

/* A session id is far shorter; another host's may be anything. */
#define TEXT_MAX 256

/* Where the text is, or would be. */
static size_t slot_of(const struct writ_session_set *set, const char *text)
{
	size_t slot = writ_hash(text) & (set->n_slots - 1);

	while (set->slots[slot] && strcmp(set->slots[slot], text) != 0)
		slot = (slot + 1) & (set->n_slots - 1);
	return slot;
}

static int grow(struct writ_session_set *set, struct writ_arena *arena)
{
	struct writ_session_set more = {.n_slots = set->n_slots ? set->n_slots * 2 : 16,
					.n = set->n};

	more.slots = writ_arena_alloc(arena, more.n_slots, sizeof(*more.slots));
	if (!more.slots)
		return -1;
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i])
			more.slots[slot_of(&more, set->slots[i])] = set->slots[i];
	*set = more;
	return 0;
}

int writ_session_set_add(struct writ_session_set *set, struct writ_arena *arena,
			 struct writ_slice session)
{
	char text[TEXT_MAX];
	bool cut;
	size_t slot;

	if (writ_slice_copy(session, text, sizeof(text), &cut) < 0 || cut)
		return 0;
	if (set->n * 2 >= set->n_slots && grow(set, arena) < 0)
		return -1;
	slot = slot_of(set, text);
	if (set->slots[slot])
		return 0;
	set->slots[slot] = writ_arena_strdup(arena, text);
	if (!set->slots[slot])
		return -1;
	set->n++;
	return 0;
}

bool writ_session_set_has(const struct writ_session_set *set, struct writ_slice session)
{
	char text[TEXT_MAX];
	bool cut;

	return set->n > 0 && writ_slice_copy(session, text, sizeof(text), &cut) >= 0 && !cut &&
	       set->slots[slot_of(set, text)];
}

bool writ_session_set_sift(const struct writ_session_set *set, struct writ_sieve *sieve)
{
	if (set->n == 0)
		return false;
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i] && !writ_sieve_add(sieve, set->slots[i], true, true))
			return false;
	return true;
}
