/* SPDX-License-Identifier: ISC */
#include "path_cache.h"

#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "path_entry.h"
#include "path_mount.h"

#define BUCKETS 64 /* a power of two */

/* A path that was looked at, or an entry. */
struct item {
	const char *text, *cwd; /* cwd NULL: the text is absolute, or the cwd is not known */
	struct writ_path_look look;
	const struct writ_path_entry *entry; /* NULL: a path */
	struct item *next;
};

struct writ_path_cache {
	struct writ_arena *arena;
	const struct writ_files *files;
	bool keep;
	unsigned n_looks, n_open;
	const struct writ_mounts *mounts;
	bool mounts_read;
	struct item **looks, **entries; /* BUCKETS of each, once there is one */
};

struct writ_path_cache *writ_path_cache_new(struct writ_arena *arena,
					    const struct writ_files *files, bool keep)
{
	struct writ_path_cache *cache = writ_arena_alloc(arena, 1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->arena = arena;
	cache->files = files;
	cache->keep = keep;
	return cache;
}

/* NULL without memory. */
static struct item **bucket_of(struct writ_path_cache *cache, struct item ***buckets,
			       const char *text)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (!*buckets)
		*buckets = writ_arena_alloc(cache->arena, BUCKETS, sizeof(**buckets));
	if (!*buckets)
		return NULL;
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		hash = (hash ^ *p) * 16777619u;
	return &(*buckets)[(hash ^ hash >> 16) & (BUCKETS - 1)];
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The item of that text and folder, or a new one, which is not in the bucket yet. */
static struct item *find(struct writ_path_cache *cache, struct item **bucket, const char *cwd,
			 const char *text, bool *ret_new)
{
	struct item *item;

	*ret_new = false;
	if (!bucket)
		return NULL;
	for (item = *bucket; item; item = item->next)
		if (strcmp(item->text, text) == 0 && is_same_text(item->cwd, cwd))
			return item;
	item = writ_arena_alloc(cache->arena, 1, sizeof(*item));
	if (!item)
		return NULL;
	item->text = text;
	item->cwd = cwd;
	item->next = *bucket;
	*ret_new = true;
	return item;
}

static void close_fds(void *object)
{
	struct writ_resolved_fds *fds = object;

	writ_cleanup_close(&fds->directory);
	writ_cleanup_close(&fds->file);
	*fds = (struct writ_resolved_fds) {.directory = -1, .file = -1};
}

const struct writ_path_look *writ_path_cache_look(struct writ_path_cache *cache, const char *cwd,
						  const char *text)
{
	struct item **bucket = bucket_of(cache, &cache->looks, text), *item;
	bool fresh, keep = cache->keep && cache->n_open < WRIT_PATHS_OPEN_MAX;
	struct writ_path_look *look;

	item = find(cache, bucket, text[0] == '/' ? NULL : cwd, text, &fresh);
	if (!item)
		return NULL;
	if (!fresh)
		return &item->look;
	if (cache->n_looks == WRIT_PATHS_MAX)
		return NULL;
	look = &item->look;
	writ_path_resolve(cache->arena, cache->files, cwd, text, &look->path,
			  keep ? &look->fds : NULL);
	if (!keep)
		look->fds = (struct writ_resolved_fds) {.directory = -1, .file = -1};
	else if (writ_arena_defer(cache->arena, close_fds, &look->fds) < 0)
		return NULL;
	cache->n_open += keep;
	cache->n_looks++;
	*bucket = item;
	return look;
}

const struct writ_path_entry *writ_path_cache_entry(struct writ_path_cache *cache,
						    const char *entry)
{
	struct item **bucket = bucket_of(cache, &cache->entries, entry), *item;
	bool fresh;

	item = find(cache, bucket, NULL, entry, &fresh);
	if (!item || !fresh)
		return item ? item->entry : NULL;
	item->entry = writ_path_entry_open(cache->arena, cache->files, entry);
	if (!item->entry)
		return NULL;
	*bucket = item;
	return item->entry;
}

const struct writ_mounts *writ_path_cache_mounts(struct writ_path_cache *cache)
{
	if (!cache->mounts_read)
		cache->mounts = writ_mounts_read(cache->arena);
	cache->mounts_read = true;
	return cache->mounts;
}
