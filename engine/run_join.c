/* SPDX-License-Identifier: ISC */
/* Laying a rule's maps over the defaults', key by key. */
#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "run_load.h"

/* Every item of these maps begins with its name: they are joined by one function. */
static const char *name_of(const void *items, size_t size, size_t i)
{
	const char *name;

	memcpy(&name, (const char *)items + i * size, sizeof(name));
	return name;
}

static bool has(const void *items, size_t n, size_t size, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name_of(items, size, i), name) == 0)
			return true;
	return false;
}

static int join(struct writ_arena *arena, size_t size, const void **items, size_t *n,
		const void *under, size_t n_under)
{
	size_t own = *n, total = own;
	char *list;

	if (*items == under || n_under == 0)
		return 0;
	list = writ_arena_alloc(arena, own + n_under, size);
	if (!list)
		return -1;
	if (own)
		memcpy(list, *items, own * size);
	for (size_t i = 0; i < n_under; i++)
		if (!has(*items, own, size, name_of(under, size, i)))
			memcpy(list + total++ * size, (const char *)under + i * size, size);
	*items = list;
	*n = total;
	return 0;
}

int writ_run_join(struct writ_arena *arena, struct writ_run *run, const struct writ_run *under)
{
	if (join(arena, sizeof(*run->env_set), (const void **)&run->env_set, &run->n_env_set,
		 under->env_set, under->n_env_set) < 0)
		return -1;
	if (join(arena, sizeof(*run->env_allow), (const void **)&run->env_allow, &run->n_env_allow,
		 under->env_allow, under->n_env_allow) < 0)
		return -1;
	return join(arena, sizeof(*run->rlimits), (const void **)&run->rlimits, &run->n_rlimits,
		    under->rlimits, under->n_rlimits);
}
