/* SPDX-License-Identifier: ISC */
/*
 * Memory that is released all at once: one arena lives as long as a policy, another as long as one
 * decision. A decision makes dozens of small objects; none is freed alone, so none can dangle or
 * leak.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct writ_arena;

/* A new, empty arena, or NULL without memory. _free(NULL) is fine. */
struct writ_arena *writ_arena_new(void);
void writ_arena_free(struct writ_arena *arena);

/* For auto_arena, as in cleanup.h. */
static inline void writ_cleanup_arena(struct writ_arena **arena)
{
	writ_arena_free(*arena);
}

#define auto_arena __attribute__((cleanup(writ_cleanup_arena)))

/* Has release called with the object when the arena is freed or reset, what was deferred last
 * first: for the few things that are not the arena's own memory (a compiled regex). -1 without
 * memory: then it has been called already. */
int writ_arena_defer(struct writ_arena *arena, void (*release)(void *object), void *object);

/* Forgets every allocation but keeps the first block for reuse (writ check --batch). */
void writ_arena_reset(struct writ_arena *arena);

/* Zeroed memory for count objects of size bytes, aligned for any type; NULL without memory or on
 * overflow. A zero product gives a valid pointer. */
void *writ_arena_alloc(struct writ_arena *arena, size_t count, size_t size);

/* Copies of strings; NULL without memory. */
char *writ_arena_strdup(struct writ_arena *arena, const char *s);
char *writ_arena_strndup(struct writ_arena *arena, const char *s, size_t length);
char *writ_arena_concat(struct writ_arena *arena, const char *first, ...)
	__attribute__((sentinel)); /* strings up to a NULL */
char *writ_arena_printf(struct writ_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *writ_arena_vprintf(struct writ_arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
