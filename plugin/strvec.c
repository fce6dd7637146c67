/* SPDX-License-Identifier: ISC */
#include "strvec.h"

#include <stdarg.h>
#include <string.h>

#include "arena.h"

void writ_strvec_init(struct writ_strvec *vector, struct writ_arena *arena)
{
	*vector = (struct writ_strvec) {.arena = arena};
}

/* Room for one more and the NULL. */
static bool grow(struct writ_strvec *vector)
{
	size_t room = vector->room ? 2 * vector->room : 32;
	char **items;

	if (vector->n + 2 <= vector->room)
		return true;
	items = writ_arena_alloc(vector->arena, room, sizeof(*items));
	if (!items)
		return false;
	if (vector->n)
		memcpy(items, vector->items, vector->n * sizeof(*items));
	vector->items = items;
	vector->room = room;
	return true;
}

void writ_strvec_add(struct writ_strvec *vector, const char *item)
{
	if (vector->failed || !item || !grow(vector)) {
		vector->failed = true;
		return;
	}
	vector->items[vector->n++] = (char *)item;
}

void writ_strvec_addf(struct writ_strvec *vector, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writ_strvec_add(vector, writ_arena_vprintf(vector->arena, format, args));
	va_end(args);
}

char **writ_strvec_take(struct writ_strvec *vector)
{
	if (vector->failed || !grow(vector))
		return NULL;
	vector->items[vector->n] = NULL;
	return vector->items;
}

const char *writ_strvec_value(char *const vector[], const char *name)
{
	size_t length = strlen(name);

	for (; vector && *vector; vector++)
		if (strncmp(*vector, name, length) == 0 && (*vector)[length] == '=')
			return *vector + length + 1;
	return NULL;
}
