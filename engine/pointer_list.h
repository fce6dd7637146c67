/* SPDX-License-Identifier: ISC */
/* A growing list of pointers in an arena; the arena keeps what was outgrown until it goes. */
#pragma once

#include <stddef.h>
#include <string.h>

#include "arena.h"

struct writ_pointer_list {
	const void **items;
	size_t n, allocated;
};

/* 0, or -1 without memory. */
static inline int writ_pointer_list_add(struct writ_arena *arena, struct writ_pointer_list *list,
					const void *item)
{
	if (list->n == list->allocated) {
		size_t more = list->allocated ? list->allocated * 2 : 4;
		const void **items = writ_arena_alloc(arena, more, sizeof(*items));

		if (!items)
			return -1;
		if (list->n)
			memcpy(items, list->items, list->n * sizeof(*items));
		list->items = items;
		list->allocated = more;
	}
	list->items[list->n++] = item;
	return 0;
}

/* The same, unless it is in the list already. */
static inline int writ_pointer_list_add_once(struct writ_arena *arena,
					     struct writ_pointer_list *list, const void *item)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i] == item)
			return 0;
	return writ_pointer_list_add(arena, list, item);
}
