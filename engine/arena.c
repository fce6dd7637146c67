/* SPDX-License-Identifier: ISC */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BLOCK ((size_t)32 * 1024)
#define LATER_BLOCK ((size_t)256 * 1024)

struct block {
	struct block *previous;
	size_t size, used; /* of data */
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	void (*release)(void *object);
	void *object;
	struct deferred *next;
};

struct writ_arena {
	struct block *current;
	size_t next_size;
	struct deferred *deferred; /* each in the arena itself */
};

/* Pages straight from the kernel, all at once: a policy is loaded at every sudo call, and touching
 * a few hundred fresh pages one by one costs as much as reading it. They come zeroed. */
static struct block *block_new(struct writ_arena *arena, size_t at_least)
{
	size_t size = arena->next_size, need;
	struct block *block;

	if (__builtin_add_overflow(at_least, sizeof(*block), &need))
		return NULL;
	while (size < need)
		if (__builtin_mul_overflow(size, 2, &size))
			return NULL;
	block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		     -1, 0);
	if (block == MAP_FAILED)
		return NULL;
	block->previous = arena->current;
	block->size = size - sizeof(*block);
	arena->current = block;
	arena->next_size = LATER_BLOCK;
	return block;
}

static void block_free(struct block *block)
{
	munmap(block, block->size + sizeof(*block));
}

struct writ_arena *writ_arena_new(void)
{
	struct writ_arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		return NULL;
	arena->next_size = FIRST_BLOCK;
	if (!block_new(arena, 0)) {
		free(arena);
		return NULL;
	}
	return arena;
}

/* Frees all blocks that came after the first; returns the first. */
static struct block *free_later(struct block *block)
{
	while (block->previous) {
		struct block *previous = block->previous;

		block_free(block);
		block = previous;
	}
	return block;
}

int writ_arena_defer(struct writ_arena *arena, void (*release)(void *object), void *object)
{
	struct deferred *deferred = writ_arena_alloc(arena, 1, sizeof(*deferred));

	if (!deferred) {
		release(object);
		return -1;
	}
	*deferred = (struct deferred) {release, object, arena->deferred};
	arena->deferred = deferred;
	return 0;
}

static void release_deferred(struct writ_arena *arena)
{
	for (struct deferred *d = arena->deferred; d; d = d->next)
		d->release(d->object);
	arena->deferred = NULL;
}

void writ_arena_free(struct writ_arena *arena)
{
	if (!arena)
		return;
	release_deferred(arena);
	block_free(free_later(arena->current));
	free(arena);
}

void writ_arena_reset(struct writ_arena *arena)
{
	struct block *first;

	release_deferred(arena);
	first = free_later(arena->current);
	memset(first->data, 0, first->used);
	first->used = 0;
	arena->current = first;
	arena->next_size = LATER_BLOCK;
}

void *writ_arena_alloc(struct writ_arena *arena, size_t count, size_t size)
{
	struct block *block = arena->current;
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - alignof(max_align_t))
		return NULL;
	bytes = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (bytes == 0)
		bytes = alignof(max_align_t);
	if (block->size - block->used < bytes) {
		block = block_new(arena, bytes);
		if (!block)
			return NULL;
	}
	p = block->data + block->used;
	block->used += bytes;
	return p;
}

char *writ_arena_strndup(struct writ_arena *arena, const char *s, size_t length)
{
	char *copy = length < SIZE_MAX ? writ_arena_alloc(arena, length + 1, 1) : NULL;

	if (copy)
		memcpy(copy, s, length);
	return copy;
}

char *writ_arena_strdup(struct writ_arena *arena, const char *s)
{
	return writ_arena_strndup(arena, s, strlen(s));
}

char *writ_arena_concat(struct writ_arena *arena, const char *first, ...)
{
	size_t length = strlen(first);
	va_list args, again;
	char *text, *end;

	va_start(args, first);
	va_copy(again, args);
	for (const char *s; (s = va_arg(args, const char *));)
		length += strlen(s);
	va_end(args);
	text = writ_arena_alloc(arena, length + 1, 1);
	if (text) {
		end = stpcpy(text, first);
		for (const char *s; (s = va_arg(again, const char *));)
			end = stpcpy(end, s);
	}
	va_end(again);
	return text;
}

char *writ_arena_vprintf(struct writ_arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return NULL;
	text = writ_arena_alloc(arena, (size_t)length + 1, 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *writ_arena_printf(struct writ_arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = writ_arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
